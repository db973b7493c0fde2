// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/bf16_lanes.h"
#include "kernels/cpu/token_passes.h"

namespace shortlist::kernels {
namespace {

// x / (1 + e^(-factor x)); NaN stays NaN.
__m512 timesSigmoid(__m512 x, float factor) {
    const __m512 value = _mm512_div_ps(x, _mm512_add_ps(_mm512_set1_ps(1.0f), expLanes(_mm512_mul_ps(x, _mm512_set1_ps(-factor)))));
    return _mm512_mask_mov_ps(value, _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), x);
}

void rotateRow(uint16_t* x, int64_t heads, int64_t dim, const float* cos, const float* sin) {
    const int64_t half = dim / 2;
    for (int64_t i = 0; i < half; i += kLanes) {
        const __mmask16 mask = lanesLeft(half - i);
        const __m512 c = _mm512_maskz_loadu_ps(mask, cos + i), s = _mm512_maskz_loadu_ps(mask, sin + i);
        for (int64_t head = 0; head < heads; ++head) {
            uint16_t *first = x + head * dim + i, *second = first + half;
            const __m512 a = loadBf16(first, mask), b = loadBf16(second, mask);
            storeBf16(first, _mm512_fmsub_ps(a, c, _mm512_mul_ps(b, s)), mask);
            storeBf16(second, _mm512_fmadd_ps(b, c, _mm512_mul_ps(a, s)), mask);
        }
    }
}

void quickGeluRow(uint16_t* x, int64_t count) {
    for (int64_t i = 0; i < count; i += kLanes) {
        const __mmask16 mask = lanesLeft(count - i);
        storeBf16(x + i, timesSigmoid(loadBf16(x + i, mask), 1.702f), mask);
    }
}

void siluGateRow(const uint16_t* gate, const uint16_t* up, int64_t size, uint16_t* out) {
    for (int64_t i = 0; i < size; i += kLanes) {
        const __mmask16 mask = lanesLeft(size - i);
        storeBf16(out + i, _mm512_mul_ps(timesSigmoid(loadBf16(gate + i, mask), 1.0f), loadBf16(up + i, mask)), mask);
    }
}

void rmsNormRow(const uint16_t* x, const uint16_t* weight, int64_t size, float eps, uint16_t* out) {
    __m512 sum = _mm512_setzero_ps();
    for (int64_t i = 0; i < size; i += kLanes) {
        const __m512 value = loadBf16(x + i, lanesLeft(size - i));
        sum = _mm512_fmadd_ps(value, value, sum);
    }
    const __m512 scale = _mm512_set1_ps(1 / __builtin_sqrtf(_mm512_reduce_add_ps(sum) / static_cast<float>(size) + eps));
    for (int64_t i = 0; i < size; i += kLanes) {
        const __mmask16 mask = lanesLeft(size - i);
        storeBf16(out + i, _mm512_mul_ps(_mm512_mul_ps(loadBf16(x + i, mask), scale), loadBf16(weight + i, mask)), mask);
    }
}

}  // namespace

const TokenPasses& tokenPassesAvx512Bf16() {
    static constexpr TokenPasses kPasses{rotateRow, quickGeluRow, siluGateRow, rmsNormRow};
    return kPasses;
}

}  // namespace shortlist::kernels
