// SPDX-License-Identifier: Apache-2.0
// The module shortlist_torch_cuda: opened globally before shortlist_torch, it brings libtorch_cuda into the process.
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>

#include "engine/torch/cuda_hooks.h"

namespace {

void* currentStream(int device) { return c10::cuda::getCurrentCUDAStream(static_cast<c10::DeviceIndex>(device)).stream(); }
int deviceCount() { return c10::cuda::device_count(); }

}  // namespace

extern "C" __attribute__((visibility("default"))) shortlist::torch_backend::CudaHooks shortlist_torch_cuda_v1() {
    return {currentStream, deviceCount};
}
