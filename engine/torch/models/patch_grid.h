// SPDX-License-Identifier: Apache-2.0
// The size at which Qwen2-VL sees an image. No torch.
#pragma once

#include <cstdint>

namespace shortlist::torch_backend {

struct PixelLimits {
    int64_t least = 56 * 56;
    int64_t most = 448 * 448;  // for classification: fast, and enough for one subject; the published files allow far more
};

struct ImageSize {
    int32_t width = 0, height = 0;
    bool operator==(const ImageSize&) const = default;
};

// Both sides multiples of `factor`, the area within the limits, the ratio kept as well as that allows. Reference: smart_resize of
// transformers' image_processing_qwen2_vl.py, which refuses ratios above 200; here such an image is taken as one of 200.
ImageSize smartResize(int32_t width, int32_t height, int32_t factor, PixelLimits limits);

}  // namespace shortlist::torch_backend
