// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/error.h"
#include "kernels/types.h"

namespace shortlist::kernels {

// Pillow's names; Nearest takes one pixel, the others widen when the image shrinks.
enum class Filter : uint8_t { Bilinear, Bicubic, Nearest, Box, Hamming, Lanczos };
enum class Layout : uint8_t { Nchw, Nhwc, Patches };

// One RGB image, 3 bytes a pixel, on the stream's device; `row_stride` in bytes, >= 3 * width. The whole image
// is resized to resize_width x resize_height, and the output window begins at (crop_x, crop_y) of that: what
// lies outside the resized image is padding, so both may be negative.
struct ImageSource {
    const uint8_t* pixels = nullptr;
    int32_t width = 0;
    int32_t height = 0;
    int64_t row_stride = 0;
    int32_t resize_width = 0;
    int32_t resize_height = 0;
    int32_t crop_x = 0;
    int32_t crop_y = 0;
};

// `images` is an array on the host. Output: [count, 3, out_height, out_width] (Nchw) or [count, out_height,
// out_width, 3] (Nhwc), contiguous, of `type`; value = (level * rescale - mean[c]) / std[c]; padding has
// the levels `fill`.
// Patches is Qwen2-VL's input (transformers, image_processing_qwen2_vl.py): out_width and out_height are not used, every
// image is resized to its own resize_width x resize_height, multiples of patch * merge, and gives (resize_height / patch) *
// (resize_width / patch) rows of [3, frames, patch, patch], the frame repeated, the patches of each merge x merge square one
// after another; the images' rows follow each other.
struct ImageToTensorArgs {
    const ImageSource* images = nullptr;
    int64_t count = 0;
    int32_t out_width = 0;
    int32_t out_height = 0;
    Filter filter = Filter::Bilinear;
    Layout layout = Layout::Nchw;
    DType type = DType::F32;
    float rescale = 1.0f / 255.0f;
    float mean[3] = {0, 0, 0};
    float std[3] = {1, 1, 1};
    uint8_t fill[3] = {0, 0, 0};
    int32_t patch = 14;
    int32_t merge = 2;
    int32_t frames = 2;
};

// Antialiased resize with Pillow's arithmetic (src/libImaging/Resample.c: support scaled by the reduction, 22-bit
// fixed-point weights, rounded to 8 bits between the two passes, whose order Pillow 13 chooses by the sizes), then crop or pad, rescale,
// normalise and lay out. Levels equal Pillow's. Needs no workspace. Throws kernels::Error that names the argument.
void imageToTensor(const ImageToTensorArgs& args, void* out, const Stream& stream);

// Elements of the output.
int64_t imageToTensorSize(const ImageToTensorArgs& args);

}  // namespace shortlist::kernels
