// SPDX-License-Identifier: Apache-2.0
#include <cuda_fp16.h>

#include "kernels/cuda/image_kernel.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/image_to_tensor_impl.h"

namespace shortlist::kernels {

void imageToTensorCuda(const ImageToTensorArgs& args, void* out, const Stream& stream) {
    requireDevice(out, "image_to_tensor: out is not in the device's memory");
    for (int64_t i = 0; i < args.count; ++i)
        requireDevice(args.images[i].pixels, "image_to_tensor: pixels is not in the device's memory");
    auto* handle = static_cast<cudaStream_t>(stream.handle);
    int64_t begin = 0;
    for (int64_t first = 0; first < args.count; first += kImagesPerLaunch) {
        const ImageLaunch launch = nextLaunch(args, first, begin);
        const dim3 blocks(launch.tilesX, launch.tilesY, launch.count);
        require(blocks.y <= 65535, "image_to_tensor: an output is higher than a launch can be");
        if (launch.plain)
            imageKernel<true><<<blocks, kImageThreads, 0, handle>>>(launch.batch, out);
        else
            imageKernel<false><<<blocks, kImageThreads, sizeof(ImageShared), handle>>>(launch.batch, out);
        checkCuda(cudaGetLastError(), "image_to_tensor");
    }
}

}  // namespace shortlist::kernels
