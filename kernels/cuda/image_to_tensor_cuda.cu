// SPDX-License-Identifier: Apache-2.0
// Plain form: one thread an output pixel, both passes fused, the 8-bit rounding between them kept.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "kernels/cuda/launch.cuh"
#include "kernels/image_to_tensor_impl.h"
#include "kernels/resample.h"

namespace shortlist::kernels {
namespace {

constexpr int kSide = 16;
constexpr int kHalf = 1 << (kWeightBits - 1);

__device__ inline void store(float* out, float value) { *out = value; }
__device__ inline void store(__half* out, float value) { *out = __float2half_rn(value); }
__device__ inline void store(__nv_bfloat16* out, float value) { *out = __float2bfloat16_rn(value); }

__device__ void resampledPixel(const ImageSource& image, Filter filter, int x, int y, uint8_t* level) {
    const Taps across = tapsFor(filter, image.width, image.resize_width, x);
    const Taps down = tapsFor(filter, image.height, image.resize_height, y);
    int sums[3] = {kHalf, kHalf, kHalf};
    for (int j = 0; j < down.count; ++j) {
        const uint8_t* p = image.pixels + (down.first + j) * image.row_stride + 3 * static_cast<int64_t>(across.first);
        int row[3] = {kHalf, kHalf, kHalf};
        for (int i = 0; i < across.count; ++i, p += 3) {
            const int w = tapWeight(filter, across, i);
            for (int c = 0; c < 3; ++c)
                row[c] += p[c] * w;
        }
        const int w = tapWeight(filter, down, j);
        for (int c = 0; c < 3; ++c)
            sums[c] += clipLevel(row[c]) * w;
    }
    for (int c = 0; c < 3; ++c)
        level[c] = clipLevel(sums[c]);
}

template <typename T>
__global__ void imageKernel(ImageToTensorArgs args, const ImageSource* images, T* out) {
    const int x = blockIdx.x * kSide + threadIdx.x, y = blockIdx.y * kSide + threadIdx.y;
    if (x >= args.out_width || y >= args.out_height)
        return;
    const ImageSource image = images[blockIdx.z];
    const int64_t sx = static_cast<int64_t>(image.crop_x) + x, sy = static_cast<int64_t>(image.crop_y) + y;
    uint8_t level[3] = {0, 0, 0};
    if (sx >= 0 && sy >= 0 && sx < image.resize_width && sy < image.resize_height)
        resampledPixel(image, args.filter, static_cast<int>(sx), static_cast<int>(sy), level);
    const int64_t plane = static_cast<int64_t>(args.out_width) * args.out_height;
    const int64_t pixel = static_cast<int64_t>(y) * args.out_width + x;
    for (int c = 0; c < 3; ++c) {
        const float value = (static_cast<float>(level[c]) * args.rescale - args.mean[c]) / args.std[c];
        const int64_t at = args.layout == Layout::Nchw ? c * plane + pixel : pixel * 3 + c;
        store(out + blockIdx.z * 3 * plane + at, value);
    }
}

template <typename T>
void launch(const ImageToTensorArgs& args, void* out, const ImageSource* images, cudaStream_t stream) {
    const dim3 blocks((args.out_width + kSide - 1) / kSide, (args.out_height + kSide - 1) / kSide,
                      static_cast<unsigned>(args.count));
    imageKernel<T><<<blocks, dim3(kSide, kSide), 0, stream>>>(args, images, static_cast<T*>(out));
}

}  // namespace

size_t imageToTensorWorkspaceCuda(const ImageToTensorArgs& args) {
    return static_cast<size_t>(args.count) * sizeof(ImageSource);
}

void imageToTensorCuda(const ImageToTensorArgs& args, void* out, const Stream& stream, void* workspace) {
    require(args.count <= 65535, "image_to_tensor: count is over 65535");
    auto* handle = static_cast<cudaStream_t>(stream.handle);
    auto* images = static_cast<ImageSource*>(workspace);
    checkCuda(cudaMemcpyAsync(images, args.images, imageToTensorWorkspaceCuda(args), cudaMemcpyHostToDevice, handle),
              "image_to_tensor");
    switch (args.type) {
        case DType::F32: launch<float>(args, out, images, handle); break;
        case DType::F16: launch<__half>(args, out, images, handle); break;
        case DType::BF16: launch<__nv_bfloat16>(args, out, images, handle); break;
    }
    checkCuda(cudaGetLastError(), "image_to_tensor");
}

}  // namespace shortlist::kernels
