// SPDX-License-Identifier: Apache-2.0
// Only the columns and rows that the output window reads are resampled: the across pass writes 8-bit rows into scratch
// memory, the down pass turns them into levels, those into values. Images are spread over threads.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "kernels/cpu/cpu_features.h"
#include "kernels/cpu/resample_ops.h"
#include "kernels/cpu/thread_pool.h"
#include "kernels/half.h"
#include "kernels/image_to_tensor_impl.h"
#include "kernels/resample.h"

namespace shortlist::kernels {
namespace {

// Weights of the output pixels begin .. begin + size - 1 (in the resized image) along one axis.
class Axis {
  public:
    Axis(Filter filter, int32_t in, int32_t out, int32_t crop, int32_t window) {
        m_begin = std::clamp(crop, 0, out);
        m_size = std::max(0, static_cast<int32_t>(std::clamp<int64_t>(int64_t{crop} + window, 0, out)) - m_begin);
        const auto taps = static_cast<int32_t>(std::ceil(filterSupport(filter) * filterScale(in, out))) * 2 + 1;
        m_stride = (taps + 3) / 4 * 4;  // the AVX2 pass takes four taps at once
        const size_t weights = static_cast<size_t>(m_size) * static_cast<size_t>(m_stride);
        m_weights.resize(weights);
        m_high.resize(weights / 2);
        m_low.resize(weights / 2);
        for (int32_t j = 0; j < m_size; ++j)
            addPixel(filter, tapsFor(filter, in, out, m_begin + j), static_cast<size_t>(j) * static_cast<size_t>(m_stride));
    }

    AxisView view() const { return {m_size, m_stride, m_first.data(), m_count.data(), m_weights.data(), m_high.data(), m_low.data()}; }
    int32_t begin() const { return m_begin; }
    int32_t size() const { return m_size; }
    // Source range read by all of them.
    int32_t low() const { return m_size ? *std::min_element(m_first.begin(), m_first.end()) : 0; }
    int32_t high() const { return m_size ? m_first.back() + m_count.back() : 0; }
    int32_t first(int32_t j) const { return m_first[static_cast<size_t>(j)]; }

  private:
    void addPixel(Filter filter, const Taps& taps, size_t at) {
        m_first.push_back(taps.first);
        m_count.push_back(taps.count);
        for (int32_t i = 0; i < taps.count; ++i)
            m_weights[at + static_cast<size_t>(i)] = tapWeight(filter, taps, i);
        for (size_t pair = at / 2; pair < (at + static_cast<size_t>(m_stride)) / 2; ++pair) {
            const int32_t a = m_weights[2 * pair], b = m_weights[2 * pair + 1];
            constexpr int32_t kLowMask = (1 << kLowBits) - 1;
            m_high[pair] = twoHalves(a >> kLowBits, b >> kLowBits);
            m_low[pair] = twoHalves(a & kLowMask, b & kLowMask);
        }
    }
    static int32_t twoHalves(int32_t a, int32_t b) {
        return static_cast<int32_t>(static_cast<uint32_t>(a & 0xffff) | static_cast<uint32_t>(b) << 16);
    }

    int32_t m_begin = 0, m_size = 0, m_stride = 0;
    std::vector<int32_t> m_first, m_count, m_weights, m_high, m_low;
};

ResampleOps chooseOps() {
#if defined(__x86_64__)
    if (hasAvx2())
        return resampleOpsAvx2();
#endif
    return resampleOpsPortable();
}

struct Values {
    float scale[3], bias[3];
    explicit Values(const ImageToTensorArgs& args) {
        for (int c = 0; c < 3; ++c) {
            scale[c] = args.rescale / args.std[c];
            bias[c] = -args.mean[c] / args.std[c];
        }
    }
};

// `width` pixels of all copies; consecutive pixels of a channel lie side by side.
template <typename T, typename Convert>
void writePlanes(const uint8_t* levels, int64_t width, const OutputShape& shape, const Values& values, T* out, Convert convert) {
    for (int c = 0; c < 3; ++c) {
        T* plane = out + c * shape.channelStep;
        for (int64_t x = 0; x < width; ++x)
            plane[x] = convert(static_cast<float>(levels[3 * x + c]) * values.scale[c] + values.bias[c]);
        for (int32_t copy = 1; copy < shape.copies; ++copy)
            std::copy_n(plane, width, plane + copy * shape.copyStep);
    }
}

// One row of levels (3 bytes a pixel) into row y of the image that begins at `base`.
void writeRow(const ImageToTensorArgs& args, const ResampleOps& ops, const Values& values, const OutputShape& shape, const uint8_t* levels, int32_t y, uint8_t* base) {
    const size_t size = sizeOf(args.type);
    if (args.layout == Layout::Nhwc)
        return ops.values(levels, shape.width, values.scale, values.bias, args.type, base + static_cast<size_t>(outputIndex(args, shape, 0, y)) * size);
    const int32_t run = args.layout == Layout::Patches ? args.patch : shape.width;
    for (int32_t x = 0; x < shape.width; x += run) {
        uint8_t* to = base + static_cast<size_t>(outputIndex(args, shape, x, y)) * size;
        const uint8_t* from = levels + 3 * static_cast<int64_t>(x);
        switch (args.type) {
            case DType::F32: writePlanes(from, run, shape, values, reinterpret_cast<float*>(to), [](float v) { return v; }); break;
            case DType::F16: writePlanes(from, run, shape, values, reinterpret_cast<uint16_t*>(to), floatToHalf); break;
            case DType::BF16: writePlanes(from, run, shape, values, reinterpret_cast<uint16_t*>(to), floatToBf16); break;
        }
    }
}

void fillPixels(uint8_t* levels, int64_t count, const uint8_t (&fill)[3]) {
    if (fill[0] == fill[1] && fill[1] == fill[2]) {
        std::memset(levels, fill[0], static_cast<size_t>(3 * count));
        return;
    }
    for (int64_t i = 0; i < count; ++i)
        std::memcpy(levels + 3 * i, fill, 3);
}

// The levels of an image's rows, one after another: the two passes in the order that goesDownFirst tells.
class Resampler {
  public:
    Resampler(const ImageToTensorArgs& args, const ResampleOps& ops, const ImageSource& image, const OutputShape& shape, std::vector<uint8_t>& scratch)
        : m_ops(ops), m_across(args.filter, image.width, image.resize_width, image.crop_x, shape.width), m_down(args.filter, image.height, image.resize_height, image.crop_y, shape.height),
          m_acrossView(m_across.view()), m_downView(m_down.view()), m_downFirst(goesDownFirst(image)), m_low(m_down.low()), m_scratch(scratch) {
        const int64_t width = m_downFirst ? image.width : m_across.size();
        m_bytes = 3 * width, m_pitch = m_bytes + kRowPadding;
        const int64_t line = 3 * static_cast<int64_t>(std::max(image.width, m_across.size())) + kRowPadding;
        m_scratch.resize(static_cast<size_t>((m_down.high() - m_low + 1) * m_pitch + 2 * line + kRowPadding));
        m_line = m_scratch.data(), m_spare = m_line + line, m_rows = m_spare + line;
        for (int32_t y = m_low; y < m_down.high(); y += m_downFirst ? 1 : 2)
            addRows(image, y);
    }

    const Axis& across() const { return m_across; }
    const Axis& down() const { return m_down; }
    // Row j of down(), 3 bytes for each pixel of across(); kRowPadding bytes behind them may be written.
    void row(int32_t j, uint8_t* levels) {
        const uint8_t* rows = m_rows + (m_down.first(j) - m_low) * m_pitch;
        if (!m_downFirst)
            return m_ops.down(m_downView, j, rows, m_pitch, m_bytes, levels);
        m_ops.down(m_downView, j, rows, m_pitch, m_bytes, m_line);
        const uint8_t* in[2] = {m_line, m_line};
        uint8_t* out[2] = {levels, m_spare};
        m_ops.across(m_acrossView, in, static_cast<int32_t>(m_bytes / 3), out);
    }

  private:
    // Row y, and the next one, of what the pass down reads.
    void addRows(const ImageSource& image, int32_t y) {
        uint8_t* to = m_rows + (y - m_low) * m_pitch;
        if (m_downFirst) {  // a copy: the pass may read a little behind a row
            std::memcpy(to, image.pixels + y * image.row_stride, static_cast<size_t>(m_bytes));
            return;
        }
        const int32_t next = std::min(y + 1, m_down.high() - 1);  // a lone last row is done twice
        const uint8_t* in[2] = {image.pixels + y * image.row_stride, image.pixels + next * image.row_stride};
        uint8_t* out[2] = {to, to + m_pitch};
        m_ops.across(m_acrossView, in, image.width, out);
    }

    const ResampleOps& m_ops;
    const Axis m_across, m_down;
    const AxisView m_acrossView, m_downView;
    const bool m_downFirst;
    const int32_t m_low;
    std::vector<uint8_t>& m_scratch;
    int64_t m_bytes = 0, m_pitch = 0;
    uint8_t *m_line = nullptr, *m_spare = nullptr, *m_rows = nullptr;
};

// Image `image` into the elements that begin at `out`.
void convert(const ImageToTensorArgs& args, const ResampleOps& ops, const Values& values, const ImageSource& image, uint8_t* out) {
    static thread_local std::vector<uint8_t> scratch, levelRow;
    const OutputShape shape = outputShape(args, image);
    Resampler resampler(args, ops, image, shape, scratch);
    const Axis &across = resampler.across(), &down = resampler.down();
    const int64_t used = 3 * static_cast<int64_t>(across.size());
    levelRow.resize(static_cast<size_t>(3 * static_cast<int64_t>(shape.width) + kRowPadding));
    uint8_t* levels = levelRow.data();
    for (int32_t y = 0; y < shape.height; ++y) {
        fillPixels(levels, shape.width, args.fill);
        const int64_t source = static_cast<int64_t>(image.crop_y) + y - down.begin();
        if (source >= 0 && source < down.size() && used > 0) {
            uint8_t* begin = levels + 3 * (static_cast<int64_t>(across.begin()) - image.crop_x);
            resampler.row(static_cast<int32_t>(source), begin);
            fillPixels(begin + used, (levels + 3 * static_cast<int64_t>(shape.width) - begin - used) / 3, args.fill);  // what the padding of the row left
        }
        writeRow(args, ops, values, shape, levels, y, out);
    }
}

}  // namespace

void imageToTensorCpu(const ImageToTensorArgs& args, void* out, const Stream& stream) {
    static const ResampleOps ops = chooseOps();
    const Values values(args);
    std::vector<int64_t> begins(static_cast<size_t>(args.count), 0);
    for (int64_t i = 1; i < args.count; ++i)
        begins[static_cast<size_t>(i)] = begins[static_cast<size_t>(i - 1)] + outputSize(args, args.images[i - 1]);
    parallelFor(stream.threads, args.count, [&](int64_t i) {
        convert(args, ops, values, args.images[i], static_cast<uint8_t*>(out) + static_cast<size_t>(begins[static_cast<size_t>(i)]) * sizeOf(args.type));
    });
}

}  // namespace shortlist::kernels
