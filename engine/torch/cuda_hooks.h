// SPDX-License-Identifier: Apache-2.0
// What shortlist_torch needs of c10_cuda, which it does not link: a table that the module shortlist_torch_cuda exports
// when it was opened before.
#pragma once

namespace shortlist::torch_backend {

struct CudaHooks {
    void* (*currentStream)(int device) = nullptr;  // cudaStream_t
    int (*deviceCount)() = nullptr;
};

using CudaHooksEntry = CudaHooks (*)();
constexpr const char* kCudaHooksName = "shortlist_torch_cuda_v1";

}  // namespace shortlist::torch_backend
