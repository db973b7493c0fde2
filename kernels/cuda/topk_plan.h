// SPDX-License-Identifier: Apache-2.0
// How a call is spread over blocks, and where they keep what they share; host code, included after topk_kernel.cuh.
#pragma once

#include <algorithm>

namespace shortlist::kernels {
namespace {

struct TopkPlan {
    int splits = 1;    // blocks a row
    int threads = 256;  // 32: one warp a row
    int vectors = 1;   // 16-byte loads a thread and tile; more than 1 stands for as many as kMaxHeld allows
};

constexpr int64_t kShortRow = 4096;
constexpr int kWarpMaxK = 16;       // k <= threads / 2
constexpr int kBlocksPerUnit = 3;   // 256-thread blocks that fit a multiprocessor's registers
constexpr int kMaxSplits = 256;     // the merging block reads one partial a thread
constexpr int64_t kMaxSplitRows = 1024;
constexpr size_t kCounterBytes = sizeof(unsigned) * kMaxSplitRows;  // at a fixed place: calls of any shape may share a workspace

inline TopkPlan topkPlan(const TopkArgs& args, int multiprocessors) {
    const int64_t lanes = args.type == DType::F32 ? 4 : 8, tile = 256 * lanes, fill = int64_t{kBlocksPerUnit} * multiprocessors;
    TopkPlan plan;
    if (args.n <= kShortRow && args.k <= kWarpMaxK && args.rows >= multiprocessors) {
        plan.threads = 32;
        return plan;
    }
    if (args.rows < fill && args.rows <= kMaxSplitRows)
        plan.splits = static_cast<int>(std::clamp<int64_t>(std::min(fill / args.rows, (args.n + tile - 1) / tile), 1, kMaxSplits));
    plan.vectors = args.n / plan.splits > 2 * tile ? 4 : 1;
    return plan;
}

// Calls launch.run<type, threads, vectors>() for the kernel that the plan and the type ask for.
template <DType type, typename Launch>
void launchTyped(const TopkPlan& plan, Launch launch) {
    constexpr int kFull = kMaxHeld / kPerVector<type>;
    if (plan.threads == 32)
        launch.template run<type, 32, kFull>();
    else if (plan.vectors == 1)
        launch.template run<type, 256, 1>();
    else
        launch.template run<type, 256, kFull>();
}

template <typename Launch>
void launchPlan(const TopkPlan& plan, DType type, Launch launch) {
    switch (type) {
        case DType::F32: return launchTyped<DType::F32>(plan, launch);
        case DType::F16: return launchTyped<DType::F16>(plan, launch);
        case DType::BF16: return launchTyped<DType::BF16>(plan, launch);
    }
}

// What pieces of rows share; nothing for whole rows.
inline size_t workspaceBytes(const TopkArgs& args, int splits) {
    if (splits == 1)
        return 0;
    const auto pieces = static_cast<size_t>(args.rows) * static_cast<size_t>(splits);
    return kCounterBytes + pieces * (sizeof(TopkPartial) + static_cast<size_t>(args.k) * sizeof(Key));
}

inline TopkWork workIn(void* workspace, const TopkArgs& args, int splits) {
    TopkWork work;
    work.splits = splits;
    if (splits == 1)
        return work;
    auto* bytes = static_cast<unsigned char*>(workspace);
    work.counters = reinterpret_cast<unsigned*>(bytes);
    work.partials = reinterpret_cast<TopkPartial*>(bytes + kCounterBytes);
    work.keys = reinterpret_cast<Key*>(work.partials + args.rows * splits);
    return work;
}

}  // namespace
}  // namespace shortlist::kernels
