// SPDX-License-Identifier: Apache-2.0
// Bodies of the image_to_tensor tests, against levels that Pillow wrote.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "kernels/half.h"
#include "kernels/image_to_tensor.h"
#include "tests/support/check.h"
#include "tests/support/hash_noise.h"

namespace shortlist::test {

struct ResizeCase {
    int seed = 0;
    int width = 0, height = 0, resizeWidth = 0, resizeHeight = 0;
    int x = 0, y = 0, outWidth = 0, outHeight = 0;
    kernels::Filter filter = kernels::Filter::Bilinear;
    std::vector<uint8_t> levels;  // [outHeight, outWidth, 3]
};

using ImageRunner = std::function<void(const kernels::ImageToTensorArgs&, void* out)>;

inline float valueAt(const std::vector<uint8_t>& bytes, kernels::DType type, size_t i) {
    return kernels::loadFloat(type, bytes.data(), static_cast<int64_t>(i));
}

// The image twice in a batch, the second from a buffer with padded rows: both must equal Pillow's levels,
// normalised and laid out as asked; what lies outside has the fill.
inline void runResizeCase(const ResizeCase& c, kernels::Layout layout, kernels::DType type, const ImageRunner& run) {
    const std::vector<uint8_t> tight = hashImage(c.seed, c.width, c.height);
    const size_t pitch = 3 * static_cast<size_t>(c.width), padded = pitch + 13;
    std::vector<uint8_t> loose(padded * static_cast<size_t>(c.height), 0x5a);
    for (size_t y = 0; y < static_cast<size_t>(c.height); ++y)
        std::copy_n(tight.begin() + static_cast<std::ptrdiff_t>(y * pitch), pitch, loose.begin() + static_cast<std::ptrdiff_t>(y * padded));
    kernels::ImageSource sources[2];
    for (auto& source : sources)
        source = {tight.data(), c.width, c.height, static_cast<int64_t>(pitch), c.resizeWidth, c.resizeHeight, c.x, c.y};
    sources[1].pixels = loose.data();
    sources[1].row_stride = static_cast<int64_t>(padded);
    kernels::ImageToTensorArgs args;
    args.images = sources;
    args.count = 2;
    args.out_width = c.outWidth;
    args.out_height = c.outHeight;
    args.filter = c.filter;
    args.layout = layout;
    args.type = type;
    for (int i = 0; i < 3; ++i) {
        args.mean[i] = 0.4f + 0.05f * static_cast<float>(i);
        args.std[i] = 0.2f + 0.03f * static_cast<float>(i);
        args.fill[i] = static_cast<uint8_t>(70 * i);
    }
    const size_t plane = static_cast<size_t>(c.outWidth) * static_cast<size_t>(c.outHeight);
    std::vector<uint8_t> out(2 * 3 * plane * kernels::sizeOf(type));
    run(args, out.data());
    const float slack = type == kernels::DType::F32 ? 1e-5f : type == kernels::DType::F16 ? 2e-3f : 2e-2f;
    for (size_t image = 0; image < 2; ++image)
        for (size_t pixel = 0; pixel < plane; ++pixel)
            for (size_t channel = 0; channel < 3; ++channel) {
                const size_t at = image * 3 * plane + (layout == kernels::Layout::Nchw ? channel * plane + pixel : pixel * 3 + channel);
                const int x = c.x + static_cast<int>(pixel) % c.outWidth, y = c.y + static_cast<int>(pixel) / c.outWidth;
                const bool inside = x >= 0 && y >= 0 && x < c.resizeWidth && y < c.resizeHeight;
                const float level = inside ? c.levels[pixel * 3 + channel] : args.fill[channel];
                const float expected = (level / 255 - args.mean[channel]) / args.std[channel];
                check(std::fabs(valueAt(out, type, at) - expected) <= slack,
                      "image " + std::to_string(image) + " pixel " + std::to_string(pixel) + " channel " + std::to_string(channel) + ": " +
                          std::to_string(valueAt(out, type, at)) + ", expected " + std::to_string(expected));
            }
}

// Output element i * step holds the level of source element `source[i]` of a [height, width, 3] image.
struct PatchesCase {
    int patch, merge, frames, width, height;
    int64_t rows, step;
    std::vector<int> source;
};

// The image between two others of different sizes, not resized.
inline void runPatchesCase(const PatchesCase& c, kernels::DType type, const ImageRunner& run) {
    const int side = c.patch * c.merge, width[3] = {side, c.width, 3 * side}, height[3] = {2 * side, c.height, side};
    std::vector<uint8_t> images[3];
    kernels::ImageSource sources[3];
    for (int i = 0; i < 3; ++i) {
        images[i] = hashImage(70 + i, width[i], height[i]);
        sources[i] = {images[i].data(), width[i], height[i], 3 * static_cast<int64_t>(width[i]), width[i], height[i], 0, 0};
    }
    kernels::ImageToTensorArgs args;
    args.images = sources;
    args.count = 3;
    args.layout = kernels::Layout::Patches;
    args.type = type;
    args.rescale = 1;
    args.patch = c.patch;
    args.merge = c.merge;
    args.frames = c.frames;
    const int64_t first = int64_t{3} * c.frames * width[0] * height[0], size = int64_t{3} * c.frames * c.width * c.height;
    check(c.rows * 3 * c.frames * c.patch * c.patch == size, "the number of patches");
    check(kernels::imageToTensorSize(args) == first + size + int64_t{3} * c.frames * width[2] * height[2], "the size of the output");
    std::vector<uint8_t> out(static_cast<size_t>(kernels::imageToTensorSize(args)) * kernels::sizeOf(type));
    run(args, out.data());
    for (size_t i = 0; i < c.source.size(); ++i) {
        const float got = valueAt(out, type, static_cast<size_t>(first + static_cast<int64_t>(i) * c.step));
        check(got == static_cast<float>(images[1].at(static_cast<size_t>(c.source[i]))), "element " + std::to_string(static_cast<int64_t>(i) * c.step));
    }
}

}  // namespace shortlist::test
