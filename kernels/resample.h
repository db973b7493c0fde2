// SPDX-License-Identifier: Apache-2.0
// Pillow's resampling weights (src/libImaging/Resample.c), for host and device: C++17 for nvcc.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/image_to_tensor.h"

#if defined(__CUDACC__)
#define SHORTLIST_HOST_DEVICE __host__ __device__
#else
#define SHORTLIST_HOST_DEVICE
#endif

namespace shortlist::kernels {

constexpr int kWeightBits = 22;  // 32 - 8 bits of level - 2 of headroom for overshoot

SHORTLIST_HOST_DEVICE inline double filterSupport(Filter filter) {
    switch (filter) {
        case Filter::Bicubic: return 2.0;
        case Filter::Lanczos: return 3.0;
        case Filter::Nearest:
        case Filter::Box: return 0.5;
        default: return 1.0;
    }
}

SHORTLIST_HOST_DEVICE inline double sinc(double x) {
    constexpr double kPi = 3.14159265358979323846;
    return x == 0 ? 1.0 : sin(x * kPi) / (x * kPi);
}

// Triangle, box, Hamming window, Lanczos with 3 lobes, and Keys' cubic with a = -0.5.
SHORTLIST_HOST_DEVICE inline double filterValue(Filter filter, double x) {
    if (filter == Filter::Box)
        return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
    x = x < 0 ? -x : x;
    if (filter == Filter::Bilinear)
        return x < 1.0 ? 1.0 - x : 0.0;
    if (filter == Filter::Hamming)
        return x < 1.0 ? sinc(x) * (0.54 + 0.46 * cos(x * 3.14159265358979323846)) : 0.0;
    if (filter == Filter::Lanczos)
        return x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0;
    constexpr double a = -0.5;
    if (x < 1.0)
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    return x < 2.0 ? (((x - 5) * x + 8) * x - 4) * a : 0.0;
}

// The source pixels first .. first + count - 1 that one output pixel reads along one axis.
struct Taps {
    int32_t first;
    int32_t count;
    double center;
    double inverseScale;
    double sum;
};

SHORTLIST_HOST_DEVICE inline double filterScale(int32_t in, int32_t out) {
    const double scale = static_cast<double>(in) / out;
    return scale < 1.0 ? 1.0 : scale;
}

SHORTLIST_HOST_DEVICE inline Taps tapsFor(Filter filter, int32_t in, int32_t out, int32_t index) {
    const double scale = filterScale(in, out);
    const double support = filterSupport(filter) * scale;
    Taps taps;
    if (filter == Filter::Nearest) {
        const double step = static_cast<double>(in) / out;
        double at = step * 0.5;
        for (int32_t i = 0; i < index; ++i)
            at += step;  // as Pillow adds them up, with its rounding
        const auto pixel = static_cast<int32_t>(at);
        return {pixel < in ? pixel : in - 1, 1, 0.0, 0.0, 1.0};
    }
    taps.center = (index + 0.5) * (static_cast<double>(in) / out);
    taps.inverseScale = 1.0 / scale;
    const auto low = static_cast<int32_t>(taps.center - support + 0.5);
    const auto high = static_cast<int32_t>(taps.center + support + 0.5);
    taps.first = low < 0 ? 0 : low;
    taps.count = (high > in ? in : high) - taps.first;
    taps.sum = 0;
    for (int32_t i = 0; i < taps.count; ++i)
        taps.sum += filterValue(filter, (i + taps.first - taps.center + 0.5) * taps.inverseScale);
    return taps;
}

// Fixed-point weight of tap i, rounded half away from zero.
SHORTLIST_HOST_DEVICE inline int32_t tapWeight(Filter filter, const Taps& taps, int32_t i) {
    if (filter == Filter::Nearest)
        return 1 << kWeightBits;
    double w = filterValue(filter, (i + taps.first - taps.center + 0.5) * taps.inverseScale);
    if (taps.sum != 0.0)
        w /= taps.sum;
    return static_cast<int32_t>((w < 0 ? -0.5 : 0.5) + w * (1 << kWeightBits));
}

// Whether the pass down comes before the pass across; the levels between them are rounded, so the order shows. Found by trying Pillow
// 13.0.0 on many sizes: its rule does not depend on the filter. (Older versions always go across first.)
SHORTLIST_HOST_DEVICE inline bool goesDownFirst(const ImageSource& image) {
    const int64_t shrinksBy = static_cast<int64_t>(image.height) - image.resize_height;
    return shrinksBy > 0 && shrinksBy > 2 * (static_cast<int64_t>(image.width) - image.resize_width);
}

// Where the values of an image lie within its part of the output.
struct OutputShape {
    int32_t width;
    int32_t height;
    int32_t copies;  // frames, `copyStep` elements apart
    int64_t channelStep;
    int64_t copyStep;
};

SHORTLIST_HOST_DEVICE inline OutputShape outputShape(const ImageToTensorArgs& args, const ImageSource& image) {
    if (args.layout == Layout::Patches) {
        const int64_t area = static_cast<int64_t>(args.patch) * args.patch;
        return {image.resize_width, image.resize_height, args.frames, args.frames * area, area};
    }
    const int64_t plane = static_cast<int64_t>(args.out_width) * args.out_height;
    return {args.out_width, args.out_height, 1, args.layout == Layout::Nchw ? plane : 1, 0};
}

// Element of channel 0 at (x, y).
SHORTLIST_HOST_DEVICE inline int64_t outputIndex(const ImageToTensorArgs& args, const OutputShape& shape, int32_t x, int32_t y) {
    if (args.layout != Layout::Patches)
        return (static_cast<int64_t>(y) * shape.width + x) * (args.layout == Layout::Nchw ? 1 : 3);
    const int32_t side = args.patch * args.merge, squaresAcross = shape.width / side;
    const int64_t square = static_cast<int64_t>(y / side) * squaresAcross + x / side;
    const int64_t row = (square * args.merge + y % side / args.patch) * args.merge + x % side / args.patch;
    return row * 3 * shape.channelStep + y % args.patch * args.patch + x % args.patch;
}

// Elements of one image.
SHORTLIST_HOST_DEVICE inline int64_t outputSize(const ImageToTensorArgs& args, const ImageSource& image) {
    const OutputShape shape = outputShape(args, image);
    return int64_t{3} * shape.copies * shape.width * shape.height;
}

SHORTLIST_HOST_DEVICE inline uint8_t clipLevel(int32_t accumulated) {
    const int32_t level = accumulated >> kWeightBits;
    return static_cast<uint8_t>(level < 0 ? 0 : level > 255 ? 255 : level);
}

}  // namespace shortlist::kernels
