// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace shortlist::torch_backend {

// Where the numbers of a model live and how they are stored.
struct Placement {
    at::Device device = at::kCPU;
    at::ScalarType dtype = at::kFloat;

    // The same device in fp32: for the head, so that logits keep their digits.
    Placement inFloat() const { return {device, at::kFloat}; }
    // Whether layers use libtorch's oneDNN operators.
    bool fused() const { return device.is_cpu() && dtype != at::kHalf; }
    // An owned copy there; a meta tensor passes through.
    at::Tensor keep(const at::Tensor& tensor, at::MemoryFormat format = at::MemoryFormat::Contiguous) const {
        if (!tensor.defined() || tensor.is_meta())
            return tensor;
        return tensor.to(at::TensorOptions().device(device).dtype(dtype), false, /*copy=*/true, format);
    }
};

}  // namespace shortlist::torch_backend
