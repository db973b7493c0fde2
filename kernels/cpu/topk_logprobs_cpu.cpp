// SPDX-License-Identifier: Apache-2.0
// Portable reference: two passes in fp64 and a bounded heap. Rows are independent.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/half.h"
#include "kernels/topk_logprobs_impl.h"

namespace shortlist::kernels {
namespace {

struct Entry {
    float value;
    int32_t id;
};

// The order of the result: larger value first, then lower id.
bool before(const Entry& a, const Entry& b) { return a.value > b.value || (a.value == b.value && a.id < b.id); }

template <DType type>
float load(const void* row, int64_t i) {
    if constexpr (type == DType::F32)
        return static_cast<const float*>(row)[i];
    else if constexpr (type == DType::F16)
        return halfToFloat(static_cast<const uint16_t*>(row)[i]);
    else
        return bf16ToFloat(static_cast<const uint16_t*>(row)[i]);
}

void writeNonfinite(const TopkArgs& args, const TopkOut& out, int64_t r) {
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    std::fill_n(out.ids + r * args.k, args.k, -1);
    std::fill_n(out.logprobs + r * args.k, args.k, kNan);
    out.logsumexp[r] = out.entropy[r] = kNan;
    out.nonfinite[r] = 1;
    if (args.given_count > 0)
        std::fill_n(out.given_logprobs + r * args.given_count, args.given_count, kNan);
}

// The k best entries of the row, sorted; `heap` keeps its storage between rows. False when the row has no
// distribution: a NaN, a +inf, or nothing but -inf.
template <DType type>
bool selectBest(const TopkArgs& args, const void* row, std::vector<Entry>& heap) {
    heap.clear();
    for (int64_t i = 0; i < args.n; ++i) {
        const Entry entry{load<type>(row, i), static_cast<int32_t>(i)};
        if (!(entry.value < std::numeric_limits<float>::infinity()))
            return false;
        if (static_cast<int>(heap.size()) < args.k) {
            heap.push_back(entry);
            std::push_heap(heap.begin(), heap.end(), before);
        } else if (entry.value > heap.front().value) {  // an equal value has a higher id: it loses
            std::pop_heap(heap.begin(), heap.end(), before);
            heap.back() = entry;
            std::push_heap(heap.begin(), heap.end(), before);
        }
    }
    std::sort_heap(heap.begin(), heap.end(), before);
    return heap.front().value > -std::numeric_limits<float>::infinity();
}

template <DType type>
void scoreRow(const TopkArgs& args, const TopkOut& out, int64_t r, std::vector<Entry>& best) {
    const void* row = static_cast<const char*>(args.logits) + r * args.row_stride * static_cast<int64_t>(sizeOf(type));
    if (!selectBest<type>(args, row, best)) {
        writeNonfinite(args, out, r);
        return;
    }
    const double scale = args.inv_temperature;
    const double max = best.front().value;
    double sum = 0, weighted = 0;  // of e^z and z * e^z with z = (x - max) * scale
    for (int64_t i = 0; i < args.n; ++i) {
        const double z = (static_cast<double>(load<type>(row, i)) - max) * scale;
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
            id >= 0 && id < args.n ? logprob(load<type>(row, id)) : std::numeric_limits<float>::quiet_NaN();
    }
}

template <DType type>
void scoreRows(const TopkArgs& args, const TopkOut& out) {
    std::vector<Entry> best;
    best.reserve(static_cast<size_t>(args.k));
    for (int64_t r = 0; r < args.rows; ++r)
        scoreRow<type>(args, out, r, best);
}

}  // namespace

void topkLogprobsCpu(const TopkArgs& args, const TopkOut& out, const Stream&) {
    switch (args.type) {
        case DType::F32: return scoreRows<DType::F32>(args, out);
        case DType::F16: return scoreRows<DType::F16>(args, out);
        case DType::BF16: return scoreRows<DType::BF16>(args, out);
    }
}

}  // namespace shortlist::kernels
