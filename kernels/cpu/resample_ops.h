// SPDX-License-Identifier: Apache-2.0
// The inner loops of image_to_tensor on the CPU, once portable and once for AVX2. Plain data only: the AVX2 unit must not
// instantiate anything that the linker could share.
#pragma once

#include <cstdint>

#include "kernels/types.h"

namespace shortlist::kernels {

// Weights of `size` output pixels along one axis. weights[j * stride + i] is tap i of pixel j in 22-bit fixed point, zero
// from count[j] on; stride is even. `high` and `low` hold the same two by two for 16-bit multiply-add: weight = high * 2^11
// + low with 0 <= low < 2^11, tap 2i in the lower half of entry i, stride / 2 entries a pixel.
struct AxisView {
    int32_t size;
    int32_t stride;
    const int32_t* first;
    const int32_t* count;
    const int32_t* weights;
    const int32_t* high;
    const int32_t* low;
};

constexpr int kLowBits = 11;
constexpr int kRowPadding = 16;  // bytes that may be written behind the last pixel of a row

struct ResampleOps {
    // Two rows of `width` RGB pixels -> two rows of axis.size pixels, 8 bits.
    void (*across)(const AxisView& axis, const uint8_t* const in[2], int32_t width, uint8_t* const out[2]);
    // levels[0 .. bytes) of output row j = weighted sum of rows `pitch` apart, rounded to 8 bits.
    void (*down)(const AxisView& axis, int32_t j, const uint8_t* rows, int64_t pitch, int64_t bytes, uint8_t* levels);
    // RGB levels -> values level * scale[c] + bias[c], channels last.
    void (*values)(const uint8_t* levels, int64_t pixels, const float scale[3], const float bias[3], DType type, void* out);
};

ResampleOps resampleOpsPortable();
ResampleOps resampleOpsAvx2();

}  // namespace shortlist::kernels
