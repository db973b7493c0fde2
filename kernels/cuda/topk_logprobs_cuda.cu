// SPDX-License-Identifier: Apache-2.0
// Chooses how the rows are split over blocks, lays out the workspace and launches once.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>

#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/topk_kernel.cuh"
#include "kernels/cuda/topk_plan.h"
#include "kernels/topk_logprobs_impl.h"

namespace shortlist::kernels {
namespace {

int multiprocessors() {
    int device = 0, count = 0;
    checkCuda(cudaGetDevice(&device), "topk_logprobs");
    checkCuda(cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device), "topk_logprobs");
    return count;
}

struct Launcher {
    const TopkArgs& args;
    const TopkOut& out;
    const TopkWork& work;
    cudaStream_t stream;

    template <DType type, int kThreads, int kVectors>
    void run() const {
        const auto blocks = static_cast<unsigned>(args.rows * work.splits);
        topkKernel<type, kThreads, kVectors><<<blocks, kThreads, topkSharedBytes<kThreads>(args.k), stream>>>(args, out, work);
    }
};

}  // namespace

size_t topkLogprobsWorkspaceCuda(const TopkArgs& args) {
    return args.rows == 0 ? 0 : workspaceBytes(args, topkPlan(args, multiprocessors()).splits);
}

void topkLogprobsCuda(const TopkArgs& args, const TopkOut& out, const Stream& stream, void* workspace) {
    const TopkPlan plan = topkPlan(args, multiprocessors());
    require(args.rows <= INT32_MAX / plan.splits, "topk_logprobs: rows is over what one launch can hold");
    requireDevice(args.logits, "topk_logprobs: logits is not in the device's memory");
    requireDevice(out.ids, "topk_logprobs: ids is not in the device's memory");
    if (args.given_count > 0)
        requireDevice(args.given, "topk_logprobs: given is not in the device's memory");
    if (plan.splits > 1)
        requireDevice(workspace, "topk_logprobs: workspace is not in the device's memory");
    const TopkWork work = workIn(workspace, args, plan.splits);
    launchPlan(plan, args.type, Launcher{args, out, work, static_cast<cudaStream_t>(stream.handle)});
    checkCuda(cudaGetLastError(), "topk_logprobs");
}

}  // namespace shortlist::kernels
