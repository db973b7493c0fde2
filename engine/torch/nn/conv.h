// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "engine/torch/weights/weights.h"

namespace shortlist::torch_backend {

// Where the numbers of a model live and how they are stored.
struct Placement {
    at::Device device = at::kCPU;
    at::ScalarType dtype = at::kFloat;
};

struct ConvShape {
    int64_t in = 0;
    int64_t out = 0;
    int64_t kernel = 1;
    int64_t stride = 1;
    int64_t padding() const { return kernel / 2; }
};

// Convolution with its batch norm folded in (inference only): w' = w * g / sqrt(var + eps), b' = beta - mean * g /
// sqrt(var + eps). Channels-last.
class FoldedConv {
  public:
    FoldedConv() = default;
    // Reads <conv>.weight and <norm>.{weight,bias,running_mean,running_var}.
    FoldedConv(Weights& weights, const std::string& conv, const std::string& norm, ConvShape shape, Placement placement,
               double eps = 1e-5);
    // x: [b, in, h, w] -> [b, out, h', w']
    at::Tensor operator()(const at::Tensor& x) const;

  private:
    at::Tensor m_weight;  // [out, in, k, k]
    at::Tensor m_bias;    // [out]
    int64_t m_stride = 1;
    int64_t m_padding = 0;
};

// y = x W^T + b with <name>.{weight,bias}; x: [b, in] -> [b, out]
class Linear {
  public:
    Linear() = default;
    Linear(Weights& weights, const std::string& name, int64_t in, int64_t out, Placement placement);
    at::Tensor operator()(const at::Tensor& x) const;

  private:
    at::Tensor m_weight;  // [out, in]
    at::Tensor m_bias;    // [out]
};

}  // namespace shortlist::torch_backend
