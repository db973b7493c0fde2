// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/torch/nn/activation.h"
#include "engine/torch/nn/onednn.h"
#include "engine/torch/nn/placement.h"
#include "engine/torch/weights/weights.h"

namespace shortlist::torch_backend {

// Same: half the kernel on each side. Tensorflow: as its SAME, the odd pixel right and below. Uneven: half the kernel right and below,
// one pixel less on the other sides, whatever the input's size.
enum class Padding : uint8_t { Same, None, Tensorflow, Uneven };

struct ConvShape {
    int64_t in = 0;
    int64_t out = 0;
    int64_t kernel = 1;
    int64_t stride = 1;
    int64_t groups = 1;
    Padding padding = Padding::Same;
};

// Batch norm of a convolution, <name>.{weight,bias,running_mean,running_var}; folded into it (inference only): w' = w * g / sqrt(var +
// eps), b' = beta - mean * g / sqrt(var + eps).
struct BatchNorm {
    std::string name;
    double eps = 1e-5;
};

// Convolution, bias, activation as one operator. Channels-last. Used by one thread at a time: the weight is packed at the first call.
class Conv {
  public:
    Conv() = default;
    // <name>.{weight,bias}
    Conv(Weights& weights, const std::string& name, ConvShape shape, Placement placement, Activation activation = Activation::None);
    // <name>.weight without a bias, batch norm folded in
    Conv(Weights& weights, const std::string& name, const BatchNorm& norm, ConvShape shape, Placement placement,
         Activation activation = Activation::None);

    // weight: [out, in / groups, k, k]; bias: [out]
    Conv(const at::Tensor& weight, const at::Tensor& bias, ConvShape shape, Placement placement, Activation activation = Activation::None);

    // x: [b, in, h, w] -> activation(conv(x)) [b, out, h', w']
    at::Tensor operator()(const at::Tensor& x) const;
    // activation(conv(x) + other); `other` [b, out, h', w'] may be overwritten. Activation None or Relu.
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& other) const;

  private:
    // A weight packed for inputs of one size. Batches of several images share a format, a single one may have its own.
    struct Packed {
        int64_t height, width;
        bool single;
        at::Tensor weight;
    };

    at::Tensor padded(const at::Tensor& x) const;
    const at::Tensor& packedFor(const at::Tensor& x) const;

    mutable at::Tensor m_weight;  // [out, in / groups, k, k]; fused: given up for m_packed by the first call
    mutable std::vector<Packed> m_packed;
    at::Tensor m_bias;    // [out]
    onednn::ConvGeometry m_geometry;
    int64_t m_kernel = 1;
    Padding m_padding = Padding::Same;
    bool m_fused = false;
    Activation m_activation = Activation::None;
};

}  // namespace shortlist::torch_backend
