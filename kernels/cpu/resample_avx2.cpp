// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX2; called only where the CPU has it. 22-bit weights go through the 16-bit multiply-add in two parts; sums
// are exact modulo 2^32, so the levels equal the portable ones.
#include <immintrin.h>

#include "kernels/cpu/resample_ops.h"

namespace shortlist::kernels {
namespace {

constexpr int kBits = 22;  // as kWeightBits; resample.h is not included here
constexpr int32_t kHalf = 1 << (kBits - 1);


inline void store32(void* p, int32_t value) { __builtin_memcpy(p, &value, 4); }

inline __m128i loadBytes(const uint8_t* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }

// (high << 11) + low + half, >> 22, clipped to bytes.
inline __m256i finished(__m256i high, __m256i low) {
    const __m256i sum = _mm256_add_epi32(_mm256_add_epi32(_mm256_slli_epi32(high, kLowBits), low), _mm256_set1_epi32(kHalf));
    return _mm256_srai_epi32(sum, kBits);
}

// One output pixel of two rows, one row in each 128-bit half: r, g, b, unused. Reads 16 bytes for every four taps.
inline void pixelAcross(const AxisView& axis, int32_t j, const uint8_t* a, const uint8_t* b, uint8_t* outA, uint8_t* outB) {
    const __m256i first = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
    const __m256i second = _mm256_broadcastsi128_si256(_mm_setr_epi8(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1));
    const int64_t at = static_cast<int64_t>(j) * (axis.stride / 2);
    __m256i high = _mm256_setzero_si256(), low = _mm256_setzero_si256();
    for (int32_t i = 0; i < axis.count[j]; i += 4, a += 12, b += 12) {
        const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(loadBytes(a)), loadBytes(b), 1);
        const __m256i p = _mm256_shuffle_epi8(both, first), q = _mm256_shuffle_epi8(both, second);
        const int64_t pair = at + i / 2;
        high = _mm256_add_epi32(high, _mm256_madd_epi16(p, _mm256_set1_epi32(axis.high[pair])));
        low = _mm256_add_epi32(low, _mm256_madd_epi16(p, _mm256_set1_epi32(axis.low[pair])));
        high = _mm256_add_epi32(high, _mm256_madd_epi16(q, _mm256_set1_epi32(axis.high[pair + 1])));
        low = _mm256_add_epi32(low, _mm256_madd_epi16(q, _mm256_set1_epi32(axis.low[pair + 1])));
    }
    const __m256i words = _mm256_packs_epi32(finished(high, low), _mm256_setzero_si256());
    const __m256i bytes = _mm256_packus_epi16(words, words);
    store32(outA + 3 * j, _mm256_extract_epi32(bytes, 0));
    store32(outB + 3 * j, _mm256_extract_epi32(bytes, 4));
}

// Near the end of a row the 16-byte reads would leave it: those pixels go one tap at a time.
void pixelAtEnd(const AxisView& axis, int32_t j, const uint8_t* const in[2], uint8_t* const out[2]) {
    for (int row = 0; row < 2; ++row) {
        const int32_t* w = axis.weights + static_cast<int64_t>(j) * axis.stride;
        for (int c = 0; c < 3; ++c) {
            int32_t sum = kHalf;
            for (int32_t i = 0; i < axis.count[j]; ++i)
                sum += in[row][3 * static_cast<int64_t>(axis.first[j] + i) + c] * w[i];
            const int32_t level = sum >> kBits;
            out[row][3 * j + c] = static_cast<uint8_t>(level < 0 ? 0 : level > 255 ? 255 : level);
        }
    }
}

void across(const AxisView& axis, const uint8_t* const in[2], int32_t width, uint8_t* const out[2]) {
    for (int32_t j = 0; j < axis.size; ++j) {
        const int64_t begin = 3 * static_cast<int64_t>(axis.first[j]);
        const int64_t end = begin + (axis.count[j] + 3) / 4 * 12 + 4;
        if (end <= 3 * static_cast<int64_t>(width))
            pixelAcross(axis, j, in[0] + begin, in[1] + begin, out[0], out[1]);
        else
            pixelAtEnd(axis, j, in, out);
    }
}

// 16 levels at x. An odd last tap is paired with itself at weight 0.
inline __m128i levelsDown(const AxisView& axis, int32_t j, const uint8_t* rows, int64_t pitch) {
    const int64_t at = static_cast<int64_t>(j) * (axis.stride / 2);
    const int32_t count = axis.count[j];
    __m256i highA = _mm256_setzero_si256(), lowA = highA, highB = highA, lowB = highA;
    for (int32_t i = 0; i < count; i += 2) {
        const __m128i a = loadBytes(rows + i * pitch);
        const __m128i b = loadBytes(rows + (i + 1 < count ? i + 1 : i) * pitch);
        const __m256i front = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b)), back = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
        const __m256i high = _mm256_set1_epi32(axis.high[at + i / 2]), low = _mm256_set1_epi32(axis.low[at + i / 2]);
        highA = _mm256_add_epi32(highA, _mm256_madd_epi16(front, high));
        lowA = _mm256_add_epi32(lowA, _mm256_madd_epi16(front, low));
        highB = _mm256_add_epi32(highB, _mm256_madd_epi16(back, high));
        lowB = _mm256_add_epi32(lowB, _mm256_madd_epi16(back, low));
    }
    // packs works in 128-bit halves: the permutation puts the quarters back in order.
    const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(finished(highA, lowA), finished(highB, lowB)), 0xd8);
    return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

void down(const AxisView& axis, int32_t j, const uint8_t* rows, int64_t pitch, int64_t bytes, uint8_t* levels) {
    for (int64_t x = 0; x < bytes; x += 16)  // rows and levels are padded
        _mm_storeu_si128(reinterpret_cast<__m128i*>(levels + x), levelsDown(axis, j, rows + x, pitch));
}

inline void store8(void* out, DType type, int64_t at, __m256 v) {
    if (type == DType::F32) {
        _mm256_storeu_ps(static_cast<float*>(out) + at, v);
    } else if (type == DType::F16) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(static_cast<uint16_t*>(out) + at), _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
    } else {
        const __m256i bits = _mm256_castps_si256(v);
        const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
        const __m256i rounded = _mm256_srli_epi32(_mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff))), 16);
        const __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(rounded, rounded), 0xd8);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(static_cast<uint16_t*>(out) + at), _mm256_castsi256_si128(words));
    }
}

void values(const uint8_t* levels, int64_t pixels, const float scale[3], const float bias[3], DType type, void* out) {
    const int64_t count = 3 * pixels;
    float scales[24], biases[24];
    for (int i = 0; i < 24; ++i) {
        scales[i] = scale[i % 3];
        biases[i] = bias[i % 3];
    }
    const auto eight = [&](const uint8_t* from, int phase) {
        const __m256 level = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
        return _mm256_fmadd_ps(level, _mm256_loadu_ps(scales + phase), _mm256_loadu_ps(biases + phase));
    };
    int64_t i = 0;
    for (; i + 24 <= count; i += 24)
        for (int part = 0; part < 24; part += 8)
            store8(out, type, i + part, eight(levels + i + part, part));
    if (i == count)
        return;
    alignas(32) unsigned char last[24 * 4];  // the rest, at most 21 values, through a buffer of its own
    uint8_t rest[24] = {};
    __builtin_memcpy(rest, levels + i, static_cast<size_t>(count - i));
    for (int part = 0; part < 24; part += 8)
        store8(last, type, part, eight(rest + part, part));
    const size_t bytes = type == DType::F32 ? 4 : 2;
    __builtin_memcpy(static_cast<unsigned char*>(out) + static_cast<size_t>(i) * bytes, last, static_cast<size_t>(count - i) * bytes);
}

}  // namespace

ResampleOps resampleOpsAvx2() { return {across, down, values}; }

}  // namespace shortlist::kernels
