// SPDX-License-Identifier: Apache-2.0
// libtorch's fused oneDNN operators with prepacked weights. They have no C++ header (ATen/native/mkldnn/RegisterMkldnnOpContextClass.cpp
// registers them), so the dispatcher finds them by name. CPU only; a packed weight is good for these calls and nothing else.
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/torch/nn/activation.h"

namespace shortlist::torch_backend::onednn {

struct ConvGeometry {
    int64_t stride = 1;
    int64_t padding = 0;
    int64_t groups = 1;
};

// Whether there is a fused form of it.
bool fuses(Activation activation);
// Whether this CPU multiplies bf16 itself.
bool hasBf16();

// weight: [out, in / groups, kh, kw], fp32 or bf16, plain or packed before. The best format depends on the input's size; a call with
// another format than its best reorders the weight each time, which can cost more than the convolution.
at::Tensor packConv(const at::Tensor& weight, ConvGeometry geometry, at::IntArrayRef inputSize);
// Whether two packed weights have the same format.
bool sameFormat(const at::Tensor& a, const at::Tensor& b);
// x: [b, in, h, w] channels-last -> activation(conv(x)) [b, out, h', w'] channels-last.
at::Tensor conv(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& bias, ConvGeometry geometry, Activation activation);
// activation(conv(x) + other), written into `other` and returned; None or Relu.
at::Tensor convAdd(const at::Tensor& x, at::Tensor other, const at::Tensor& packed, const at::Tensor& bias, ConvGeometry geometry,
                   Activation activation);

// weight: [out, in], fp32 or bf16.
at::Tensor packLinear(const at::Tensor& weight);
// x: [..., in] -> activation(x W^T + b) [..., out]
at::Tensor linear(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& bias, Activation activation);
// x W^T + b + other
at::Tensor linearAdd(const at::Tensor& x, const at::Tensor& other, const at::Tensor& packed, const at::Tensor& bias);

}  // namespace shortlist::torch_backend::onednn
