// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/resample_ops.h"
#include "kernels/half.h"
#include "kernels/resample.h"

namespace shortlist::kernels {
namespace {

constexpr int32_t kHalf = 1 << (kWeightBits - 1);

void acrossRow(const AxisView& axis, const uint8_t* in, uint8_t* out) {
    for (int32_t j = 0; j < axis.size; ++j) {
        const int32_t* w = axis.weights + static_cast<int64_t>(j) * axis.stride;
        const uint8_t* p = in + 3 * static_cast<int64_t>(axis.first[j]);
        int32_t r = kHalf, g = kHalf, b = kHalf;
        for (int32_t i = 0; i < axis.count[j]; ++i, p += 3) {
            r += p[0] * w[i];
            g += p[1] * w[i];
            b += p[2] * w[i];
        }
        out[3 * j] = clipLevel(r);
        out[3 * j + 1] = clipLevel(g);
        out[3 * j + 2] = clipLevel(b);
    }
}

void across(const AxisView& axis, const uint8_t* const in[2], int32_t, uint8_t* const out[2]) {
    acrossRow(axis, in[0], out[0]);
    acrossRow(axis, in[1], out[1]);
}

void down(const AxisView& axis, int32_t j, const uint8_t* rows, int64_t pitch, int64_t bytes, uint8_t* levels) {
    const int32_t* w = axis.weights + static_cast<int64_t>(j) * axis.stride;
    for (int64_t x = 0; x < bytes; ++x) {
        int32_t sum = kHalf;
        for (int32_t i = 0; i < axis.count[j]; ++i)
            sum += rows[i * pitch + x] * w[i];
        levels[x] = clipLevel(sum);
    }
}

void values(const uint8_t* levels, int64_t pixels, const float scale[3], const float bias[3], DType type, void* out) {
    for (int64_t i = 0; i < 3 * pixels; ++i) {
        const float value = static_cast<float>(levels[i]) * scale[i % 3] + bias[i % 3];
        switch (type) {
            case DType::F32: static_cast<float*>(out)[i] = value; break;
            case DType::F16: static_cast<uint16_t*>(out)[i] = floatToHalf(value); break;
            case DType::BF16: static_cast<uint16_t*>(out)[i] = floatToBf16(value); break;
        }
    }
}

}  // namespace

ResampleOps resampleOpsPortable() { return {across, down, values}; }

}  // namespace shortlist::kernels
