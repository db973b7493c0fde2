// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cuda_runtime_api.h>

#include <string>

#include "kernels/error.h"

namespace shortlist::kernels {

inline void checkCuda(cudaError_t status, const char* op) {
    if (status != cudaSuccess)
        throw Error(std::string(op) + ": " + cudaGetErrorString(status));
}

// A host pointer would fault on the device and take the whole context with it.
inline void requireDevice(const void* pointer, const char* what) {
    cudaPointerAttributes attributes;
    const bool known = cudaPointerGetAttributes(&attributes, pointer) == cudaSuccess;
    if (!known)
        cudaGetLastError();  // the refusal is ours, not the next launch's
    require(known && (attributes.type == cudaMemoryTypeDevice || attributes.type == cudaMemoryTypeManaged), what);
}

}  // namespace shortlist::kernels
