// SPDX-License-Identifier: Apache-2.0
#include <cuda_fp16.h>

#include <algorithm>

#include "kernels/cuda/image_kernel.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/image_to_tensor_impl.h"

namespace shortlist::kernels {

void imageToTensorCuda(const ImageToTensorArgs& args, void* out, const Stream& stream) {
    requireDevice(out, "image_to_tensor: out is not in the device's memory");
    int64_t begin = 0;
    for (int64_t first = 0; first < args.count; first += kImagesPerLaunch) {
        ImageBatch batch;
        batch.args = args;
        const int64_t count = std::min<int64_t>(kImagesPerLaunch, args.count - first);
        int width = 0, height = 0;
        bool plain = false;
        for (int64_t i = 0; i < count; ++i) {
            const ImageSource& image = batch.images[i] = args.images[first + i];
            requireDevice(image.pixels, "image_to_tensor: pixels is not in the device's memory");
            const OutputShape shape = outputShape(args, image);
            batch.begins[i] = begin;
            begin += outputSize(args, image);
            width = std::max(width, shape.width);
            height = std::max(height, shape.height);
            plain = plain || mostTaps(args.filter, image.width, image.resize_width) > kMaxTableTaps;
        }
        const dim3 blocks((width + kTileX - 1) / kTileX, (height + kTileY - 1) / kTileY, static_cast<unsigned>(count));
        require(blocks.y <= 65535, "image_to_tensor: an output is higher than a launch can be");
        auto* handle = static_cast<cudaStream_t>(stream.handle);
        if (plain)
            imageKernel<true><<<blocks, kImageThreads, 0, handle>>>(batch, out);
        else
            imageKernel<false><<<blocks, kImageThreads, sizeof(ImageShared), handle>>>(batch, out);
        checkCuda(cudaGetLastError(), "image_to_tensor");
    }
}

}  // namespace shortlist::kernels
