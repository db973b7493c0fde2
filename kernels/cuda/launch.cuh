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

}  // namespace shortlist::kernels
