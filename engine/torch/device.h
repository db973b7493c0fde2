// SPDX-License-Identifier: Apache-2.0
// What runs beside ATen on a device: the kernels' stream and the upload of pixels.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "engine/torch/cuda_hooks.h"
#include "engine/torch/nn/placement.h"
#include "kernels/image_to_tensor.h"

namespace shortlist::torch_backend {

// Empty where the CUDA module is not open.
const CudaHooks& cudaHooks();

// "cpu", "cuda", "cuda:N" and a dtype name as a Placement; throws engine::Error(Device).
Placement placementFor(const std::string& device, const std::string& dtype);
// The nearest number type that this machine computes in; a note says what was changed.
Placement usable(Placement placement, std::vector<std::string>& notes);

kernels::Stream streamOf(at::Device device);
kernels::DType kernelType(at::ScalarType type);
std::string dtypeName(at::ScalarType type);

// On CUDA: copies the pixels to the device in one block and points the sources there; the returned tensor keeps them alive. On the CPU
// nothing, and the result is undefined.
at::Tensor upload(std::vector<kernels::ImageSource>& sources, at::Device device);

}  // namespace shortlist::torch_backend
