// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "kernels/cpu/token_passes.h"
#include "kernels/half.h"

namespace shortlist::kernels {
namespace {

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

void rotateRow(uint16_t* x, int64_t heads, int64_t dim, const float* cos, const float* sin) {
    const int64_t half = dim / 2;
    for (int64_t head = 0; head < heads; ++head, x += dim)
        for (int64_t i = 0; i < half; ++i) {
            const float a = bf16ToFloat(x[i]), b = bf16ToFloat(x[half + i]);
            x[i] = floatToBf16(a * cos[i] - b * sin[i]);
            x[half + i] = floatToBf16(b * cos[i] + a * sin[i]);
        }
}

void quickGeluRow(uint16_t* x, int64_t count) {
    for (int64_t i = 0; i < count; ++i)
        x[i] = floatToBf16(bf16ToFloat(x[i]) * sigmoid(1.702f * bf16ToFloat(x[i])));
}

void siluGateRow(const uint16_t* gate, const uint16_t* up, int64_t size, uint16_t* out) {
    for (int64_t i = 0; i < size; ++i)
        out[i] = floatToBf16(bf16ToFloat(gate[i]) * sigmoid(bf16ToFloat(gate[i])) * bf16ToFloat(up[i]));
}

void rmsNormRow(const uint16_t* x, const uint16_t* weight, int64_t size, float eps, uint16_t* out) {
    float sum = 0;
    for (int64_t i = 0; i < size; ++i)
        sum += bf16ToFloat(x[i]) * bf16ToFloat(x[i]);
    const float scale = 1 / std::sqrt(sum / static_cast<float>(size) + eps);
    for (int64_t i = 0; i < size; ++i)
        out[i] = floatToBf16(bf16ToFloat(x[i]) * scale * bf16ToFloat(weight[i]));
}

}  // namespace

const TokenPasses& tokenPassesPortable() {
    static constexpr TokenPasses kPasses{rotateRow, quickGeluRow, siluGateRow, rmsNormRow};
    return kPasses;
}

}  // namespace shortlist::kernels
