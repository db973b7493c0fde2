// SPDX-License-Identifier: Apache-2.0
// Portable form. Only the columns and rows that the output window reads are resampled: the horizontal pass
// writes 8-bit rows into the workspace, the vertical pass turns them into levels, a table into values.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "kernels/half.h"
#include "kernels/image_to_tensor_impl.h"
#include "kernels/resample.h"

namespace shortlist::kernels {
namespace {

// Weights of the output pixels begin .. end - 1 (in the resized image) along one axis.
struct Axis {
    int32_t begin = 0;
    int32_t end = 0;
    int32_t stride = 0;  // weights per output pixel
    std::vector<int32_t> first, count, weights;

    Axis(Filter filter, int32_t in, int32_t out, int32_t crop, int32_t window)
        : begin(std::clamp(crop, 0, out)), end(static_cast<int32_t>(std::clamp<int64_t>(int64_t{crop} + window, 0, out))) {
        stride = static_cast<int32_t>(std::ceil(filterSupport(filter) * filterScale(in, out))) * 2 + 1;
        const auto size = static_cast<size_t>(std::max(0, end - begin));
        first.resize(size);
        count.resize(size);
        weights.resize(size * static_cast<size_t>(stride));
        for (size_t j = 0; j < size; ++j) {
            const Taps taps = tapsFor(filter, in, out, begin + static_cast<int32_t>(j));
            first[j] = taps.first;
            count[j] = taps.count;
            for (int32_t i = 0; i < taps.count; ++i)
                weights[j * static_cast<size_t>(stride) + static_cast<size_t>(i)] = tapWeight(filter, taps, i);
        }
    }
    int32_t size() const { return std::max(0, end - begin); }
    const int32_t* weightsOf(int32_t j) const { return weights.data() + static_cast<size_t>(j) * static_cast<size_t>(stride); }
    // Source range read by all of them.
    int32_t low() const { return size() ? *std::min_element(first.begin(), first.end()) : 0; }
    int32_t high() const { return size() ? first.back() + count.back() : 0; }
};

constexpr int32_t kHalf = 1 << (kWeightBits - 1);

void resampleRow(const Axis& axis, const uint8_t* in, uint8_t* out) {
    for (int32_t j = 0; j < axis.size(); ++j) {
        const int32_t* w = axis.weightsOf(j);
        const uint8_t* p = in + 3 * static_cast<int64_t>(axis.first[static_cast<size_t>(j)]);
        int32_t r = kHalf, g = kHalf, b = kHalf;
        for (int32_t i = 0; i < axis.count[static_cast<size_t>(j)]; ++i, p += 3) {
            r += p[0] * w[i];
            g += p[1] * w[i];
            b += p[2] * w[i];
        }
        out[3 * j] = clipLevel(r);
        out[3 * j + 1] = clipLevel(g);
        out[3 * j + 2] = clipLevel(b);
    }
}

// levels[] of one output row = weighted sum of the rows that the horizontal pass left in `rows`.
void combineRows(const uint8_t* rows, int64_t pitch, int32_t count, const int32_t* weights, int32_t* sums,
                 uint8_t* levels) {
    std::fill_n(sums, pitch, kHalf);
    for (int32_t i = 0; i < count; ++i) {
        const uint8_t* row = rows + i * pitch;
        const int32_t w = weights[i];
        for (int64_t x = 0; x < pitch; ++x)
            sums[x] += row[x] * w;
    }
    for (int64_t x = 0; x < pitch; ++x)
        levels[x] = clipLevel(sums[x]);
}

struct ValueTable {
    float values[3][256];
    explicit ValueTable(const ImageToTensorArgs& args) {
        for (int c = 0; c < 3; ++c)
            for (int level = 0; level < 256; ++level)
                values[c][level] = (static_cast<float>(level) * args.rescale - args.mean[c]) / args.std[c];
    }
};

void store(void* out, DType type, int64_t index, float value) {
    switch (type) {
        case DType::F32: static_cast<float*>(out)[index] = value; break;
        case DType::F16: static_cast<uint16_t*>(out)[index] = floatToHalf(value); break;
        case DType::BF16: static_cast<uint16_t*>(out)[index] = floatToBf16(value); break;
    }
}

// One row of `width` levels (3 bytes each) into row y of image `image`.
void writeRow(const ImageToTensorArgs& args, const ValueTable& table, const uint8_t* levels, int64_t image, int32_t y,
              void* out) {
    const int64_t width = args.out_width, plane = width * args.out_height;
    for (int c = 0; c < 3; ++c) {
        const bool planar = args.layout == Layout::Nchw;
        const int64_t start = image * 3 * plane + (planar ? c * plane + y * width : y * width * 3 + c);
        const int64_t step = planar ? 1 : 3;
        for (int64_t x = 0; x < width; ++x)
            store(out, args.type, start + x * step, table.values[c][levels[3 * x + c]]);
    }
}

int64_t tempRows(const ImageToTensorArgs& args, const ImageSource& image) {
    const Taps top = tapsFor(args.filter, image.height, image.resize_height, std::clamp(image.crop_y, 0, image.resize_height - 1));
    const auto bottom = static_cast<int32_t>(
        std::clamp<int64_t>(int64_t{image.crop_y} + args.out_height - 1, 0, image.resize_height - 1));
    const Taps last = tapsFor(args.filter, image.height, image.resize_height, bottom);
    return std::max(0, last.first + last.count - top.first);
}

void convert(const ImageToTensorArgs& args, const ValueTable& table, int64_t index, void* out, uint8_t* workspace) {
    const ImageSource& image = args.images[index];
    const Axis across(args.filter, image.width, image.resize_width, image.crop_x, args.out_width);
    const Axis down(args.filter, image.height, image.resize_height, image.crop_y, args.out_height);
    const int64_t pitch = 3 * static_cast<int64_t>(across.size());
    const int64_t outPitch = 3 * static_cast<int64_t>(args.out_width);
    auto* sums = reinterpret_cast<int32_t*>(workspace);
    uint8_t* levels = workspace + outPitch * 4;
    uint8_t* rows = levels + outPitch;
    const int32_t low = down.low();
    for (int32_t y = low; y < down.high(); ++y)
        resampleRow(across, image.pixels + y * image.row_stride, rows + (y - low) * pitch);
    for (int32_t y = 0; y < args.out_height; ++y) {
        std::memset(levels, 0, static_cast<size_t>(outPitch));
        const int64_t source = static_cast<int64_t>(image.crop_y) + y;
        if (source >= down.begin && source < down.end && pitch > 0) {
            const auto j = static_cast<int32_t>(source - down.begin);
            const auto first = down.first[static_cast<size_t>(j)];
            combineRows(rows + (first - low) * pitch, pitch, down.count[static_cast<size_t>(j)], down.weightsOf(j), sums,
                        levels + 3 * (static_cast<int64_t>(across.begin) - image.crop_x));
        }
        writeRow(args, table, levels, index, y, out);
    }
}

}  // namespace

size_t imageToTensorWorkspaceCpu(const ImageToTensorArgs& args) {
    int64_t rows = 0;
    for (int64_t i = 0; i < args.count; ++i)
        rows = std::max(rows, tempRows(args, args.images[i]));
    return static_cast<size_t>(args.out_width) * 3 * static_cast<size_t>(4 + 1 + rows);
}

void imageToTensorCpu(const ImageToTensorArgs& args, void* out, const Stream&, void* workspace) {
    const ValueTable table(args);
    for (int64_t i = 0; i < args.count; ++i)
        convert(args, table, i, out, static_cast<uint8_t*>(workspace));
}

}  // namespace shortlist::kernels
