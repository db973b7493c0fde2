// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/cpu/simd.h"
#include "tests/bench/bench_loops.h"

namespace shortlist::bench {
namespace {

using kernels::DType;

template <typename V, DType type>
float readRow(const void* row, int64_t n) {
    typename V::Reg m[4] = {V::set1(-1e30f), V::set1(-1e30f), V::set1(-1e30f), V::set1(-1e30f)};
    for (int64_t i = 0; i + 4 * V::kLanes <= n; i += 4 * V::kLanes)
        for (int w = 0; w < 4; ++w)
            m[w] = V::max(V::template load<type>(row, i + w * V::kLanes), m[w]);
    return V::largest(V::max(V::max(m[0], m[1]), V::max(m[2], m[3])));
}

template <typename V, DType type>
float expRow(const void* row, int64_t n) {
    typename V::Reg s[4] = {V::zero(), V::zero(), V::zero(), V::zero()};
    for (int64_t i = 0; i + 4 * V::kLanes <= n; i += 4 * V::kLanes)
        for (int w = 0; w < 4; ++w) {
            const auto z = V::add(V::template load<type>(row, i + w * V::kLanes), V::set1(-20.0f));
            s[w] = V::add(s[w], kernels::expNegative<V>(V::max(V::set1(-87.0f), z)));
        }
    return V::sum(V::add(V::add(s[0], s[1]), V::add(s[2], s[3])));
}

template <typename V>
float readTyped(const void* row, DType type, int64_t n) {
    return type == DType::F32 ? readRow<V, DType::F32>(row, n) : type == DType::F16 ? readRow<V, DType::F16>(row, n) : readRow<V, DType::BF16>(row, n);
}

template <typename V>
float expTyped(const void* row, DType type, int64_t n) {
    return type == DType::F32 ? expRow<V, DType::F32>(row, n) : type == DType::F16 ? expRow<V, DType::F16>(row, n) : expRow<V, DType::BF16>(row, n);
}

}  // namespace
}  // namespace shortlist::bench
