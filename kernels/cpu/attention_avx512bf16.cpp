// SPDX-License-Identifier: Apache-2.0
// Scores of a few queries against all keys stay in the cache: first all of them, then their softmax, then the values, each loop with its sums
// in registers. Pairs of bf16 numbers go into one multiply-add (vdpbf16ps).
#include "kernels/cpu/attention_passes.h"
#include "kernels/cpu/bf16_lanes.h"

namespace shortlist::kernels {
namespace {

constexpr int kScoreRows = 6, kScoreColumns = 4;  // 24 sums of 32 registers
constexpr int kValueRows = 4;

__m512bh loadPairs(const uint32_t* from) { return reinterpret_cast<__m512bh>(_mm512_loadu_si512(from)); }
__m512bh everywhere(uint32_t two) { return reinterpret_cast<__m512bh>(_mm512_set1_epi32(static_cast<int>(two))); }

uint32_t pairAt(const uint16_t* numbers) {
    uint32_t two;
    __builtin_memcpy(&two, numbers, sizeof two);
    return two;
}

void pack(const uint16_t* k, const uint16_t* v, int64_t keys, int64_t dim, int64_t stride, const PackedHead& to) {
    for (int64_t key = 0; key < to.padded; key += kLanes) {
        const __mmask16 here = key >= keys ? static_cast<__mmask16>(0) : lanesLeft(keys - key);
        const __m512i places = _mm512_mullo_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32(static_cast<int>(2 * stride)));
        for (int64_t i = 0; i < dim / 2; ++i)
            _mm512_storeu_si512(to.keys + i * to.padded + key, _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), here, places, k + key * stride + 2 * i, 1));
    }
    for (int64_t j = 0; 2 * j < to.padded; ++j)
        for (int64_t c = 0; c < to.padded_dim; c += kLanes) {
            const auto row = [&](int64_t key) {
                const __mmask16 mask = key < keys && c < dim ? lanesLeft(dim - c) : static_cast<__mmask16>(0);
                return _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, v + key * stride + c));
            };
            _mm512_storeu_si512(to.values + j * to.padded_dim + c, _mm512_or_si512(row(2 * j), _mm512_slli_epi32(row(2 * j + 1), 16)));
        }
}

// Scores of R queries with the keys `begin` .. `begin` + 63.
template <int R>
void scoreBlock(const uint16_t* q, int64_t qStride, const PackedHead& head, int64_t begin, int64_t dim, __m512 scale, float* scores) {
    __m512 sums[R][kScoreColumns];
    for (auto& row : sums)
        for (__m512& sum : row)
            sum = _mm512_setzero_ps();
    for (int64_t i = 0; i < dim / 2; ++i) {
        const uint32_t* line = head.keys + i * head.padded + begin;
        __m512bh keys[kScoreColumns];
        for (int c = 0; c < kScoreColumns; ++c)
            keys[c] = loadPairs(line + c * kLanes);
        for (int r = 0; r < R; ++r) {
            const __m512bh two = everywhere(pairAt(q + r * qStride + 2 * i));
            for (int c = 0; c < kScoreColumns; ++c)
                sums[r][c] = _mm512_dpbf16_ps(sums[r][c], keys[c], two);
        }
    }
    for (int r = 0; r < R; ++r)
        for (int c = 0; c < kScoreColumns; ++c)
            _mm512_storeu_ps(scores + r * head.padded + begin + c * kLanes, _mm512_mul_ps(sums[r][c], scale));
}

void scoreRows(const uint16_t* q, int64_t queries, int64_t qStride, const PackedHead& head, int64_t keys, int64_t dim, float* scores) {
    const __m512 scale = _mm512_set1_ps(1 / __builtin_sqrtf(static_cast<float>(dim)));
    for (int64_t begin = 0; begin < keys; begin += kKeysTogether) {
        int64_t r = 0;
        for (; r + kScoreRows <= queries; r += kScoreRows)
            scoreBlock<kScoreRows>(q + r * qStride, qStride, head, begin, dim, scale, scores + r * head.padded);
        for (; r < queries; ++r)
            scoreBlock<1>(q + r * qStride, qStride, head, begin, dim, scale, scores + r * head.padded);
    }
}

// Which of the keys i .. i + 15 a row sees: before `keys`, and where `seen` is given, those whose byte is not 0.
__mmask16 visible(int64_t i, int64_t keys, const uint8_t* seen) {
    const __mmask16 mask = i < keys ? lanesLeft(keys - i) : static_cast<__mmask16>(0);
    return seen && mask ? _mm_mask_test_epi8_mask(mask, _mm_maskz_loadu_epi8(mask, seen + i), _mm_set1_epi8(-1)) : mask;
}

// Scores -> probabilities without their normaliser, as bf16 in the same place, 0 for what is not seen up to `padded`; returns 1 / their sum.
float softmaxRow(float* scores, int64_t keys, const uint8_t* seen, int64_t padded) {
    __m512 largest = _mm512_set1_ps(-__builtin_inff());
    for (int64_t i = 0; i < keys; i += kLanes)
        largest = _mm512_mask_max_ps(largest, visible(i, keys, seen), largest, _mm512_loadu_ps(scores + i));
    const __m512 shift = _mm512_set1_ps(_mm512_reduce_max_ps(largest));
    __m512 sum = _mm512_setzero_ps();
    auto* to = reinterpret_cast<uint16_t*>(scores);  // half as wide: never ahead of what is read
    for (int64_t i = 0; i < padded; i += kLanes) {
        const __m512 p = _mm512_maskz_mov_ps(visible(i, keys, seen), expLanes(_mm512_sub_ps(_mm512_loadu_ps(scores + i), shift)));
        sum = _mm512_add_ps(sum, p);
        storeBf16(to + i, p, static_cast<__mmask16>(0xffff));
    }
    return 1 / _mm512_reduce_add_ps(sum);
}

// R rows of probabilities times C x 16 columns of the values.
template <int R, int C>
void valueBlock(const float* scores, const PackedHead& head, int64_t pairs, int64_t column, int64_t columns, const float* inverse, uint16_t* out, int64_t outStride) {
    __m512 sums[R][C];
    for (auto& row : sums)
        for (__m512& sum : row)
            sum = _mm512_setzero_ps();
    for (int64_t j = 0; j < pairs; ++j) {
        __m512bh values[C];
        for (int c = 0; c < C; ++c)
            values[c] = loadPairs(head.values + j * head.padded_dim + column + c * kLanes);
        for (int r = 0; r < R; ++r) {
            const __m512bh two = everywhere(pairAt(reinterpret_cast<const uint16_t*>(scores + r * head.padded) + 2 * j));
            for (int c = 0; c < C; ++c)
                sums[r][c] = _mm512_dpbf16_ps(sums[r][c], values[c], two);
        }
    }
    for (int r = 0; r < R; ++r)
        for (int c = 0; c < C; ++c)
            if (const int64_t at = column + c * kLanes; at < columns)
                storeBf16(out + r * outStride + at, _mm512_mul_ps(sums[r][c], _mm512_set1_ps(inverse[r])), lanesLeft(columns - at));
}

template <int R>
void valueRows(const float* scores, const PackedHead& head, int64_t pairs, int64_t dim, const float* inverse, uint16_t* out, int64_t outStride) {
    int64_t column = 0;
    for (; column + 5 * kLanes <= head.padded_dim; column += 5 * kLanes)
        valueBlock<R, 5>(scores, head, pairs, column, dim, inverse, out, outStride);
    for (; column + 3 * kLanes <= head.padded_dim; column += 3 * kLanes)
        valueBlock<R, 3>(scores, head, pairs, column, dim, inverse, out, outStride);
    for (; column < head.padded_dim; column += kLanes)
        valueBlock<R, 1>(scores, head, pairs, column, dim, inverse, out, outStride);
}

void attend(const QueryRows& rows, const PackedHead& head, int64_t keys, int64_t dim, float* scratch, uint16_t* out, int64_t outStride) {
    scoreRows(rows.q, rows.count, rows.stride, head, keys, dim, scratch);
    float inverse[kQueriesTogether];
    const int64_t padded = (keys + kLanes - 1) / kLanes * kLanes;
    for (int64_t r = 0; r < rows.count; ++r)
        inverse[r] = softmaxRow(scratch + r * head.padded, rows.causal ? rows.first + r + 1 : keys, rows.seen ? rows.seen + r * rows.seen_stride : nullptr, padded);
    int64_t r = 0;
    for (; r + kValueRows <= rows.count; r += kValueRows)
        valueRows<kValueRows>(scratch + r * head.padded, head, padded / 2, dim, inverse + r, out + r * outStride, outStride);
    for (; r < rows.count; ++r)
        valueRows<1>(scratch + r * head.padded, head, padded / 2, dim, inverse + r, out + r * outStride, outStride);
}

}  // namespace

const AttentionPasses& attentionPassesAvx512Bf16() {
    static constexpr AttentionPasses kPasses{pack, attend};
    return kPasses;
}

}  // namespace shortlist::kernels
