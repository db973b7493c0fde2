// SPDX-License-Identifier: Apache-2.0
// image_to_tensor for a batch of images of any sizes in one launch. A block makes a tile of one image's output: weights in
// shared memory, then source rows chunk by chunk, across to 8 bits and down into registers. Also compiles for the host, see
// tests/support/cuda_emulation.h.
#pragma once

#include "kernels/resample.h"

namespace shortlist::kernels {
namespace {

constexpr int kTileX = 32, kTileY = 8, kImageThreads = kTileX * kTileY;
constexpr int kChunkRows = 32;  // source rows resampled across at a time
constexpr int kMaxTableTaps = 96;  // of one output column; more (a reduction beyond 24 or 47) take the plain form
constexpr int kImagesPerLaunch = 64;  // what fits into a kernel's parameters: nothing has to be copied to the device first
constexpr int kRoundHalf = 1 << (kWeightBits - 1);

struct ImageBatch {
    ImageToTensorArgs args;  // `images` is not read
    ImageSource images[kImagesPerLaunch];
    int64_t begins[kImagesPerLaunch];  // first element of each in the output
};

__device__ inline void storeValue(DType type, void* out, int64_t at, float value) {
    if (type == DType::F32) {
        static_cast<float*>(out)[at] = value;
    } else if (type == DType::F16) {
        static_cast<unsigned short*>(out)[at] = __half_as_ushort(__float2half_rn(value));
    } else {
        const unsigned bits = __float_as_uint(value);  // finite: round to nearest even
        static_cast<unsigned short*>(out)[at] = static_cast<unsigned short>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
    }
}

__device__ inline void storePixel(const ImageBatch& batch, int image, const OutputShape& shape, int x, int y, const uint8_t* level, void* out) {
    const ImageToTensorArgs& args = batch.args;
    const int64_t at = batch.begins[image] + outputIndex(args, shape, x, y);
    for (int c = 0; c < 3; ++c) {
        const float value = (static_cast<float>(level[c]) * args.rescale - args.mean[c]) / args.std[c];
        for (int copy = 0; copy < shape.copies; ++copy)
            storeValue(args.type, out, at + c * shape.channelStep + copy * shape.copyStep, value);
    }
}

// Plain form: one thread a pixel, weights computed where they are used. For reductions beyond the table, and where the pass down is first.
__device__ inline void plainPixel(const ImageSource& image, Filter filter, int x, int y, uint8_t* level) {
    const Taps across = tapsFor(filter, image.width, image.resize_width, x);
    const Taps down = tapsFor(filter, image.height, image.resize_height, y);
    const bool downFirst = goesDownFirst(image);
    const Taps& inner = downFirst ? down : across;
    const Taps& outer = downFirst ? across : down;
    const int64_t innerStep = downFirst ? image.row_stride : 3, outerStep = downFirst ? 3 : image.row_stride;
    int sums[3] = {kRoundHalf, kRoundHalf, kRoundHalf};
    for (int j = 0; j < outer.count; ++j) {
        const uint8_t* p = image.pixels + (outer.first + j) * outerStep + inner.first * innerStep;
        int line[3] = {kRoundHalf, kRoundHalf, kRoundHalf};
        for (int i = 0; i < inner.count; ++i, p += innerStep) {
            const int w = tapWeight(filter, inner, i);
            for (int c = 0; c < 3; ++c)
                line[c] += p[c] * w;
        }
        const int w = tapWeight(filter, outer, j);
        for (int c = 0; c < 3; ++c)
            sums[c] += clipLevel(line[c]) * w;
    }
    for (int c = 0; c < 3; ++c)
        level[c] = clipLevel(sums[c]);
}

struct ImageShared {
    Taps across[kTileX];
    Taps down[kTileY];
    int acrossWeights[kTileX * kMaxTableTaps];
    int downWeights[kTileY * kChunkRows];
    unsigned char rows[kChunkRows][3][kTileX];
};

// Weights of the tile's columns, and what its rows read; columns and rows outside the image read nothing.
__device__ inline void prepareTile(const ImageSource& image, Filter filter, int64_t left, int64_t top, ImageShared& shared) {
    const auto t = static_cast<int>(threadIdx.x);
    const auto place = [&](int64_t at, int in, int size) { return at >= 0 && at < size ? tapsFor(filter, in, size, static_cast<int>(at)) : Taps{}; };
    if (t < kTileX)
        shared.across[t] = place(left + t, image.width, image.resize_width);
    else if (t < kTileX + kTileY)
        shared.down[t - kTileX] = place(top + t - kTileX, image.height, image.resize_height);
    __syncthreads();
    for (int i = t; i < kTileX * kMaxTableTaps; i += kImageThreads) {
        const Taps& taps = shared.across[i / kMaxTableTaps];
        const int tap = i % kMaxTableTaps;
        if (tap < taps.count)
            shared.acrossWeights[i] = tapWeight(filter, taps, tap);
    }
}

__device__ inline void acrossPixel(const ImageSource& image, const ImageShared& shared, int x, int64_t y, unsigned char* to) {
    const Taps& taps = shared.across[x];
    const uint8_t* p = image.pixels + y * image.row_stride + 3 * static_cast<int64_t>(taps.first);
    const int* w = shared.acrossWeights + x * kMaxTableTaps;
    int r = kRoundHalf, g = kRoundHalf, b = kRoundHalf;
    for (int i = 0; i < taps.count; ++i, p += 3) {
        r += p[0] * w[i];
        g += p[1] * w[i];
        b += p[2] * w[i];
    }
    to[0] = clipLevel(r);
    to[kTileX] = clipLevel(g);
    to[2 * kTileX] = clipLevel(b);
}

// All threads; false where the pixel lies outside the image.
__device__ inline bool tilePixel(const ImageSource& image, Filter filter, int64_t left, int64_t top, ImageShared& shared, uint8_t* level) {
    const auto t = static_cast<int>(threadIdx.x), x = t % kTileX, y = t / kTileX;
    prepareTile(image, filter, left, top, shared);
    int low = image.height, high = 0;
    for (int i = 0; i < kTileY; ++i) {
        if (shared.down[i].count == 0)
            continue;
        low = shared.down[i].first < low ? shared.down[i].first : low;
        high = shared.down[i].first + shared.down[i].count;  // rises with i
    }
    const Taps& down = shared.down[y];
    int sums[3] = {kRoundHalf, kRoundHalf, kRoundHalf};
    for (int begin = low; begin < high; begin += kChunkRows) {
        __syncthreads();  // the weights are there, and nobody reads the last chunk any more
        for (int j = y; j < kChunkRows && begin + j < high; j += kTileY)
            acrossPixel(image, shared, x, begin + j, &shared.rows[j][0][x]);
        const Taps& column = shared.down[t / kChunkRows];
        const int tap = begin + t % kChunkRows - column.first;
        shared.downWeights[t] = tap >= 0 && tap < column.count ? tapWeight(filter, column, tap) : 0;
        __syncthreads();
        const int from = down.first > begin ? down.first - begin : 0;
        const int to = down.first + down.count - begin < kChunkRows ? down.first + down.count - begin : kChunkRows;
        for (int j = from; j < to; ++j)
            for (int c = 0; c < 3; ++c)
                sums[c] += shared.rows[j][c][x] * shared.downWeights[y * kChunkRows + j];
    }
    for (int c = 0; c < 3; ++c)
        level[c] = clipLevel(sums[c]);
    return down.count > 0 && shared.across[x].count > 0;
}

// Grid: tiles across, tiles down, images; one-dimensional blocks.
template <bool kPlain>
__global__ void __launch_bounds__(kImageThreads) imageKernel(ImageBatch batch, void* out) {
    const auto index = static_cast<int>(blockIdx.z);
    const ImageSource& image = batch.images[index];
    const OutputShape shape = outputShape(batch.args, image);
    const auto tileX = static_cast<int>(blockIdx.x) * kTileX, tileY = static_cast<int>(blockIdx.y) * kTileY;
    if (tileX >= shape.width || tileY >= shape.height)
        return;
    const int x = tileX + static_cast<int>(threadIdx.x) % kTileX, y = tileY + static_cast<int>(threadIdx.x) / kTileX;
    const int64_t left = static_cast<int64_t>(image.crop_x) + tileX, top = static_cast<int64_t>(image.crop_y) + tileY;
    uint8_t level[3];
    bool inside;
    if constexpr (kPlain) {
        const int64_t sx = left + x - tileX, sy = top + y - tileY;
        inside = sx >= 0 && sy >= 0 && sx < image.resize_width && sy < image.resize_height;
        if (inside)
            plainPixel(image, batch.args.filter, static_cast<int>(sx), static_cast<int>(sy), level);
    } else {
        extern __shared__ __align__(16) unsigned char imageDynamicShared[];
        inside = tilePixel(image, batch.args.filter, left, top, *reinterpret_cast<ImageShared*>(imageDynamicShared), level);
    }
    if (!inside)
        for (int c = 0; c < 3; ++c)
            level[c] = batch.args.fill[c];
    if (x < shape.width && y < shape.height)
        storePixel(batch, index, shape, x, y, level, out);
}

// What one launch makes: its images, the tiles of the largest of them, and whether one needs the plain form.
struct ImageLaunch {
    ImageBatch batch;
    unsigned tilesX = 0, tilesY = 0, count = 0;
    bool plain = false;
};

// Taps of one output pixel, at most.
inline int64_t mostTaps(Filter filter, int32_t in, int32_t out) {
    return static_cast<int64_t>(std::ceil(filterSupport(filter) * filterScale(in, out))) * 2 + 1;
}

// The images from `first` on that one launch can hold; `begin` is their first output element and moves behind their last.
inline ImageLaunch nextLaunch(const ImageToTensorArgs& args, int64_t first, int64_t& begin) {
    ImageLaunch launch;
    launch.batch.args = args;
    for (; launch.count < kImagesPerLaunch && first + launch.count < args.count; ++launch.count) {
        const ImageSource& image = launch.batch.images[launch.count] = args.images[first + launch.count];
        const OutputShape shape = outputShape(args, image);
        const auto tilesX = static_cast<unsigned>((shape.width + kTileX - 1) / kTileX), tilesY = static_cast<unsigned>((shape.height + kTileY - 1) / kTileY);
        launch.batch.begins[launch.count] = begin;
        begin += outputSize(args, image);
        launch.tilesX = tilesX > launch.tilesX ? tilesX : launch.tilesX;
        launch.tilesY = tilesY > launch.tilesY ? tilesY : launch.tilesY;
        launch.plain = launch.plain || goesDownFirst(image) || mostTaps(args.filter, image.width, image.resize_width) > kMaxTableTaps;
    }
    return launch;
}

}  // namespace
}  // namespace shortlist::kernels
