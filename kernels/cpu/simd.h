// SPDX-License-Identifier: Apache-2.0
// Thin wrappers over AVX-512 and AVX2, only what the kernels use; each is visible where the compiler's target allows it.
// Own code: a SIMD library would be a dependency of the bare GPU server build.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "kernels/types.h"

namespace shortlist::kernels {
namespace {  // own copies for every unit: they are compiled for different instruction sets

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VL__) && defined(__AVX512DQ__)
struct Avx512 {
    static constexpr int kLanes = 16;
    using Reg = __m512;

    static Reg set1(float v) { return _mm512_set1_ps(v); }
    static Reg zero() { return _mm512_setzero_ps(); }
    static Reg add(Reg a, Reg b) { return _mm512_add_ps(a, b); }
    static Reg mul(Reg a, Reg b) { return _mm512_mul_ps(a, b); }
    static Reg fma(Reg a, Reg b, Reg c) { return _mm512_fmadd_ps(a, b, c); }
    static Reg fnma(Reg a, Reg b, Reg c) { return _mm512_fnmadd_ps(a, b, c); }
    // NaN in b stays NaN.
    static Reg max(Reg a, Reg b) { return _mm512_max_ps(a, b); }
    static Reg round(Reg a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
    static Reg scale(Reg a, Reg exponent) { return _mm512_scalef_ps(a, exponent); }
    static float sum(Reg a) { return _mm512_reduce_add_ps(a); }
    static float largest(Reg a) { return _mm512_reduce_max_ps(a); }
    static void store(float* p, Reg a) { _mm512_storeu_ps(p, a); }
    static uint32_t greater(Reg a, Reg b) { return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ); }
    static uint32_t notLess(Reg a, Reg b) { return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ); }
    // How many of keys[0 .. count) are above `key`; count is a multiple of 8.
    static int countGreater(const uint64_t* keys, int count, uint64_t key) {
        const __m512i pivot = _mm512_set1_epi64(static_cast<int64_t>(key));
        int above = 0;
        for (int i = 0; i < count; i += 8)
            above += __builtin_popcount(_mm512_cmpgt_epu64_mask(_mm512_loadu_si512(keys + i), pivot));
        return above;
    }

    template <DType type>
    static Reg load(const void* row, int64_t i) {
        if constexpr (type == DType::F32)
            return _mm512_loadu_ps(static_cast<const float*>(row) + i);
        const auto half = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(static_cast<const uint16_t*>(row) + i));
        if constexpr (type == DType::F16)
            return _mm512_cvtph_ps(half);
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(half), 16));
    }
};
#endif

#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
struct Avx2 {
    static constexpr int kLanes = 8;
    using Reg = __m256;

    static Reg set1(float v) { return _mm256_set1_ps(v); }
    static Reg zero() { return _mm256_setzero_ps(); }
    static Reg add(Reg a, Reg b) { return _mm256_add_ps(a, b); }
    static Reg mul(Reg a, Reg b) { return _mm256_mul_ps(a, b); }
    static Reg fma(Reg a, Reg b, Reg c) { return _mm256_fmadd_ps(a, b, c); }
    static Reg fnma(Reg a, Reg b, Reg c) { return _mm256_fnmadd_ps(a, b, c); }
    static Reg max(Reg a, Reg b) { return _mm256_max_ps(a, b); }
    static Reg round(Reg a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
    // `exponent` is a whole number in [-126, 127], or NaN together with a.
    static Reg scale(Reg a, Reg exponent) {
        const __m256i bits = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(exponent), _mm256_set1_epi32(127)), 23);
        return _mm256_mul_ps(a, _mm256_castsi256_ps(bits));
    }
    static float sum(Reg a) {
        __m128 half = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
        half = _mm_add_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
    }
    static float largest(Reg a) {
        __m128 half = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
        half = _mm_max_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
    }
    static void store(float* p, Reg a) { _mm256_storeu_ps(p, a); }
    static uint32_t greater(Reg a, Reg b) { return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_GT_OQ))); }
    static uint32_t notLess(Reg a, Reg b) { return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_GE_OQ))); }
    // How many of keys[0 .. count) are above `key`; count is a multiple of 4.
    static int countGreater(const uint64_t* keys, int count, uint64_t key) {
        const __m256i sign = _mm256_set1_epi64x(INT64_MIN), pivot = _mm256_xor_si256(_mm256_set1_epi64x(static_cast<int64_t>(key)), sign);
        __m256i above = _mm256_setzero_si256();
        for (int i = 0; i < count; i += 4) {
            const __m256i four = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(keys + i));
            above = _mm256_sub_epi64(above, _mm256_cmpgt_epi64(_mm256_xor_si256(four, sign), pivot));
        }
        const __m128i half = _mm_add_epi64(_mm256_castsi256_si128(above), _mm256_extracti128_si256(above, 1));
        return static_cast<int>(_mm_cvtsi128_si64(half) + _mm_extract_epi64(half, 1));
    }

    template <DType type>
    static Reg load(const void* row, int64_t i) {
        if constexpr (type == DType::F32)
            return _mm256_loadu_ps(static_cast<const float*>(row) + i);
        const auto half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(static_cast<const uint16_t*>(row) + i));
        if constexpr (type == DType::F16)
            return _mm256_cvtph_ps(half);
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(half), 16));
    }
};
#endif

// e^z for -87 <= z <= 0, relative error 2e-7; NaN stays NaN. Polynomial: minimax of degree 5 on [-ln2/2, ln2/2] after the range reduction of Cephes' expf.
template <typename V>
typename V::Reg expNegative(typename V::Reg z) {
    const auto n = V::round(V::mul(z, V::set1(1.44269504f)));
    const auto r = V::fnma(n, V::set1(0.693147182f), z);
    auto p = V::fma(r, V::set1(8.37312452e-3f), V::set1(4.16695364e-2f));
    p = V::fma(p, r, V::set1(1.66664720e-1f));
    p = V::fma(p, r, V::set1(4.99999851e-1f));
    p = V::fma(p, r, V::set1(1.0f));
    p = V::fma(p, r, V::set1(1.0f));
    return V::scale(p, n);
}

}  // namespace
}  // namespace shortlist::kernels
