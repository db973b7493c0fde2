// SPDX-License-Identifier: Apache-2.0
#include "kernels/attention.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "kernels/cpu/attention_passes.h"
#include "kernels/cpu/cpu_features.h"
#include "kernels/cpu/thread_pool.h"

namespace shortlist::kernels {
namespace {

constexpr int64_t kMaxKeys = 1 << 20;
constexpr int64_t kMaxDim = 1024;

const AttentionPasses& passes() {
#if defined(__x86_64__)
    if (hasAvx512Bf16())
        return attentionPassesAvx512Bf16();
#endif
    return attentionPassesPortable();
}

void check(const AttentionArgs& args, const void* out) {
    require(args.queries >= 0 && args.keys >= 1 && args.keys <= kMaxKeys, "attention: queries is negative, or keys outside 1..2^20");
    require(args.dim >= 2 && args.dim % 2 == 0 && args.dim <= kMaxDim, "attention: dim is odd or outside 2..1024");
    require(args.kv_heads >= 1 && args.heads >= 1 && args.heads % args.kv_heads == 0, "attention: kv_heads does not divide heads");
    require(args.q_stride >= args.heads * args.dim && args.kv_stride >= args.kv_heads * args.dim, "attention: a stride is smaller than its heads");
    require(!args.causal || args.queries == args.keys, "attention: causal, and queries differ from keys");
    require(!args.causal || !args.seen, "attention: causal, and seen is given");
    require((args.q && args.k && args.v && out) || args.queries == 0, "attention: a pointer is null");
}

int64_t roundedUp(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

}  // namespace

bool attentionIsFast() { return hasAvx512Bf16(); }

void attention(const AttentionArgs& args, void* out, int threads) {
    check(args, out);
    if (args.queries == 0)
        return;
    const auto* q = static_cast<const uint16_t*>(args.q);
    const auto* k = static_cast<const uint16_t*>(args.k);
    const auto* v = static_cast<const uint16_t*>(args.v);
    const int64_t padded = roundedUp(args.keys, kKeysTogether), paddedDim = roundedUp(args.dim, kDimTogether);
    const int64_t keyWords = args.dim / 2 * padded, valueWords = padded / 2 * paddedDim;
    static thread_local std::vector<uint32_t> packed;
    packed.resize(static_cast<size_t>(args.kv_heads * (keyWords + valueWords) + kDimTogether));
    const auto headAt = [&, base = packed.data()](int64_t head) {
        uint32_t* keys = base + head * (keyWords + valueWords);
        return PackedHead{keys, keys + keyWords, padded, paddedDim};
    };
    parallelFor(threads, args.kv_heads, [&](int64_t head) { passes().pack(k + head * args.dim, v + head * args.dim, args.keys, args.dim, args.kv_stride, headAt(head)); });
    const int64_t blocks = (args.queries + kQueriesTogether - 1) / kQueriesTogether, group = args.heads / args.kv_heads;
    parallelFor(threads, args.heads * blocks, [&](int64_t part) {
        static thread_local std::vector<float> scratch;
        scratch.resize(static_cast<size_t>(kQueriesTogether * padded));
        const int64_t head = part / blocks, first = part % blocks * kQueriesTogether, count = std::min(kQueriesTogether, args.queries - first);
        const QueryRows rows{q + first * args.q_stride + head * args.dim, count, args.q_stride, first, args.causal, args.seen ? args.seen + first * args.keys : nullptr, args.keys};
        passes().attend(rows, headAt(head / group), args.causal ? first + count : args.keys, args.dim, scratch.data(),
                        static_cast<uint16_t*>(out) + first * args.heads * args.dim + head * args.dim, args.heads * args.dim);
    });
}

}  // namespace shortlist::kernels
