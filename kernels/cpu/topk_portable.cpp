// SPDX-License-Identifier: Apache-2.0
// Portable form: two passes in fp64 and a bounded heap, for CPUs without AVX2 and for the rare row whose scaled logits
// leave fp32.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/half.h"
#include "kernels/cpu/topk_chunk.h"

namespace shortlist::kernels {
namespace {

// The k best entries of the row, sorted; `heap` keeps its storage between rows. False when the row has no
// distribution: a NaN, a +inf, or nothing but -inf.
template <DType type>
bool selectBest(const TopkArgs& args, const void* row, std::vector<TopkEntry>& heap) {
    heap.clear();
    for (int64_t i = 0; i < args.n; ++i) {
        const TopkEntry entry{loadFloat(type, row, i), static_cast<int32_t>(i)};
        if (!(entry.value < std::numeric_limits<float>::infinity()))
            return false;
        if (static_cast<int>(heap.size()) < args.k) {
            heap.push_back(entry);
            std::push_heap(heap.begin(), heap.end(), comesBefore);
        } else if (entry.value > heap.front().value) {  // an equal value has a higher id: it loses
            std::pop_heap(heap.begin(), heap.end(), comesBefore);
            heap.back() = entry;
            std::push_heap(heap.begin(), heap.end(), comesBefore);
        }
    }
    std::sort_heap(heap.begin(), heap.end(), comesBefore);
    return heap.front().value > -std::numeric_limits<float>::infinity();
}

template <DType type>
void scoreRow(const TopkArgs& args, const TopkOut& out, int64_t r, std::vector<TopkEntry>& best) {
    const void* row = static_cast<const char*>(args.logits) + r * args.row_stride * static_cast<int64_t>(sizeOf(type));
    if (!selectBest<type>(args, row, best)) {
        writeNonfiniteRow(args, out, r);
        return;
    }
    const double scale = args.inv_temperature;
    const double max = best.front().value;
    double sum = 0, weighted = 0;  // of e^z and z * e^z with z = (x - max) * scale
    for (int64_t i = 0; i < args.n; ++i) {
        const double z = (static_cast<double>(loadFloat(type, row, i)) - max) * scale;
        const double e = std::exp(z);
        sum += e;
        if (e > 0)  // the limit of z * e^z at -inf is 0
            weighted += z * e;
    }
    const double logSum = std::log(sum);
    const auto logprob = [&](float value) { return static_cast<float>((value - max) * scale - logSum); };
    for (int j = 0; j < args.k; ++j) {
        out.ids[r * args.k + j] = best[static_cast<size_t>(j)].id;
        out.logprobs[r * args.k + j] = logprob(best[static_cast<size_t>(j)].value);
    }
    out.logsumexp[r] = static_cast<float>(max * scale + logSum);
    out.entropy[r] = static_cast<float>(logSum - weighted / sum);
    out.nonfinite[r] = 0;
    for (int64_t g = 0; g < args.given_count; ++g) {
        const int32_t id = args.given[g];
        out.given_logprobs[r * args.given_count + g] =
            id >= 0 && id < args.n ? logprob(loadFloat(type, row, id)) : std::numeric_limits<float>::quiet_NaN();
    }
}

}  // namespace

void scoreRowPortable(const TopkArgs& args, const TopkOut& out, int64_t r) {
    std::vector<TopkEntry> best;
    best.reserve(static_cast<size_t>(args.k));
    switch (args.type) {
        case DType::F32: return scoreRow<DType::F32>(args, out, r, best);
        case DType::F16: return scoreRow<DType::F16>(args, out, r, best);
        case DType::BF16: return scoreRow<DType::BF16>(args, out, r, best);
    }
}

}  // namespace shortlist::kernels
