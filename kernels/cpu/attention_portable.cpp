// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "kernels/cpu/attention_passes.h"
#include "kernels/half.h"

namespace shortlist::kernels {
namespace {

uint32_t pair(uint16_t low, uint16_t high) { return low | static_cast<uint32_t>(high) << 16; }
float low(uint32_t two) { return bf16ToFloat(static_cast<uint16_t>(two)); }
float high(uint32_t two) { return bf16ToFloat(static_cast<uint16_t>(two >> 16)); }

void pack(const uint16_t* k, const uint16_t* v, int64_t keys, int64_t dim, int64_t stride, const PackedHead& to) {
    std::fill_n(to.keys, dim / 2 * to.padded, 0u);
    std::fill_n(to.values, to.padded / 2 * to.padded_dim, 0u);
    for (int64_t key = 0; key < keys; ++key)
        for (int64_t i = 0; i < dim / 2; ++i)
            to.keys[i * to.padded + key] = pair(k[key * stride + 2 * i], k[key * stride + 2 * i + 1]);
    for (int64_t j = 0; 2 * j < keys; ++j)
        for (int64_t c = 0; c < dim; ++c)
            to.values[j * to.padded_dim + c] = pair(v[2 * j * stride + c], 2 * j + 1 < keys ? v[(2 * j + 1) * stride + c] : uint16_t{0});
}

void attend(const QueryRows& rows, const PackedHead& head, int64_t keys, int64_t dim, float* scratch, uint16_t* out, int64_t outStride) {
    const float scale = 1 / std::sqrt(static_cast<float>(dim));
    for (int64_t r = 0; r < rows.count; ++r) {
        const uint16_t* q = rows.q + r * rows.stride;
        const int64_t seen = rows.causal ? rows.first + r + 1 : keys;
        float largest = -INFINITY, sum = 0;
        for (int64_t key = 0; key < seen; ++key) {
            float score = 0;
            for (int64_t i = 0; i < dim / 2; ++i) {
                const uint32_t two = head.keys[i * head.padded + key];
                score += bf16ToFloat(q[2 * i]) * low(two) + bf16ToFloat(q[2 * i + 1]) * high(two);
            }
            scratch[key] = rows.seen && !rows.seen[r * rows.seen_stride + key] ? -INFINITY : score * scale;
            largest = std::max(largest, scratch[key]);
        }
        for (int64_t key = 0; key < seen; ++key) {
            const float p = std::exp(scratch[key] - largest);
            sum += p;
            scratch[key] = bf16ToFloat(floatToBf16(p));
        }
        for (int64_t c = 0; c < dim; ++c) {
            float mixed = 0;
            for (int64_t key = 0; key < seen; ++key) {
                const uint32_t two = head.values[key / 2 * head.padded_dim + c];
                mixed += scratch[key] * (key % 2 ? high(two) : low(two));
            }
            out[r * outStride + c] = floatToBf16(mixed / sum);
        }
    }
}

}  // namespace

const AttentionPasses& attentionPassesPortable() {
    static constexpr AttentionPasses kPasses{pack, attend};
    return kPasses;
}

}  // namespace shortlist::kernels
