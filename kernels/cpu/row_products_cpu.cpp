// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "kernels/cpu/cpu_features.h"
#include "kernels/cpu/thread_pool.h"
#include "kernels/half.h"
#include "kernels/row_products_impl.h"

namespace shortlist::kernels {
namespace {

constexpr int64_t kWeightRows = 256;  // handed to a thread at once

}  // namespace

void rowProductsPortable(const RowProductArgs& args, float* out, int64_t first, int64_t last) {
    constexpr int64_t kSums = 8;
    const auto* x = static_cast<const uint16_t*>(args.x);
    const auto* weight = static_cast<const uint16_t*>(args.weight);
    for (int64_t r = 0; r < args.rows; ++r)
        for (int64_t i = first; i < last; ++i) {
            float sums[kSums] = {};
            for (int64_t d = 0; d < args.depth; ++d)
                sums[d % kSums] += bf16ToFloat(x[r * args.depth + d]) * bf16ToFloat(weight[i * args.depth + d]);
            float total = 0;
            for (const float sum : sums)
                total += sum;
            out[r * args.n + i] = total;
        }
}

void rowProductsCpu(const RowProductArgs& args, float* out, int threads) {
    RowProductPass pass = rowProductsPortable;
#if defined(__x86_64__)
    if (hasAvx512Bf16())
        pass = rowProductsAvx512Bf16;
#endif
    parallelFor(threads, (args.n + kWeightRows - 1) / kWeightRows, [&](int64_t part) {
        pass(args, out, part * kWeightRows, std::min(args.n, (part + 1) * kWeightRows));
    });
}

}  // namespace shortlist::kernels
