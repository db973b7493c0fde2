// SPDX-License-Identifier: Apache-2.0
#include "kernels/image_to_tensor.h"

#include <cmath>

#include "kernels/image_to_tensor_impl.h"
#include "kernels/resample.h"

namespace shortlist::kernels {
namespace {

constexpr int32_t kMaxSide = 1 << 20;  // keeps every index of one row inside 32 bits

void checkSource(const ImageSource& image) {
    require(image.pixels != nullptr, "image_to_tensor: pixels is null");
    require(image.width >= 1 && image.height >= 1 && image.width <= kMaxSide && image.height <= kMaxSide,
            "image_to_tensor: width or height is outside 1..2^20");
    require(image.row_stride >= 3 * static_cast<int64_t>(image.width),
            "image_to_tensor: row_stride is smaller than 3 * width");
    require(image.resize_width >= 1 && image.resize_height >= 1 && image.resize_width <= kMaxSide &&
                image.resize_height <= kMaxSide,
            "image_to_tensor: resize_width or resize_height is outside 1..2^20");
    require(std::abs(static_cast<int64_t>(image.crop_x)) <= kMaxSide &&
                std::abs(static_cast<int64_t>(image.crop_y)) <= kMaxSide,
            "image_to_tensor: crop_x or crop_y is outside -2^20..2^20");
}

void check(const ImageToTensorArgs& args, const void* out) {
    require(args.count >= 0, "image_to_tensor: count is negative");
    const bool patches = args.layout == Layout::Patches;
    require(patches || (args.out_width >= 1 && args.out_height >= 1 && args.out_width <= kMaxSide && args.out_height <= kMaxSide),
            "image_to_tensor: out_width or out_height is outside 1..2^20");
    require(!patches || (args.patch >= 1 && args.patch <= 256 && args.merge >= 1 && args.merge <= 16 && args.frames >= 1 && args.frames <= 16),
            "image_to_tensor: patch is outside 1..256, or merge or frames outside 1..16");
    require(args.filter <= Filter::Lanczos, "image_to_tensor: unknown filter");
    require(patches || args.layout == Layout::Nchw || args.layout == Layout::Nhwc, "image_to_tensor: unknown layout");
    for (int c = 0; c < 3; ++c)
        require(std::isfinite(args.mean[c]) && std::isfinite(args.std[c]) && args.std[c] != 0,
                "image_to_tensor: mean or std is not finite, or std is 0");
    if (args.count == 0)
        return;
    require(args.images != nullptr, "image_to_tensor: images is null");
    require(out != nullptr, "image_to_tensor: out is null");
    require(reinterpret_cast<uintptr_t>(out) % sizeOf(args.type) == 0, "image_to_tensor: out is not aligned");
    for (int64_t i = 0; i < args.count; ++i) {
        checkSource(args.images[i]);
        const int32_t grid = patches ? args.patch * args.merge : 1;
        require(args.images[i].resize_width % grid == 0 && args.images[i].resize_height % grid == 0,
                "image_to_tensor: resize_width or resize_height is no multiple of patch * merge");
        require(!patches || (args.images[i].crop_x == 0 && args.images[i].crop_y == 0), "image_to_tensor: patches are of the whole image, without a crop");
    }
}

}  // namespace

void imageToTensor(const ImageToTensorArgs& args, void* out, const Stream& stream) {
    check(args, out);
    if (args.count == 0)
        return;
    if (stream.device == Device::Cuda)
        imageToTensorCuda(args, out, stream);
    else
        imageToTensorCpu(args, out, stream);
}

int64_t imageToTensorSize(const ImageToTensorArgs& args) {
    int64_t size = 0;
    for (int64_t i = 0; i < args.count; ++i)
        size += outputSize(args, args.images[i]);
    return size;
}

}  // namespace shortlist::kernels
