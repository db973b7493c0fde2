// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/torch/nn/activation.h"
#include "engine/torch/nn/placement.h"
#include "engine/torch/weights/weights.h"

namespace shortlist::torch_backend {

// y = activation(x W^T + b); x: [..., in] -> [..., out]
class Linear {
  public:
    Linear() = default;
    // <name>.weight [out, in] and, with `bias`, <name>.bias [out]
    Linear(Weights& weights, const std::string& name, int64_t in, int64_t out, Placement placement,
           Activation activation = Activation::None, bool bias = true);
    // weight: [out, in]; bias: [out] or undefined
    Linear(const at::Tensor& weight, const at::Tensor& bias, Placement placement, Activation activation = Activation::None);

    at::Tensor operator()(const at::Tensor& x) const;
    // x W^T + b + other; only with Activation::None
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& other) const;

  private:
    at::Tensor m_weight;  // [out, in], packed where fused
    at::Tensor m_bias;    // [out]
    Activation m_activation = Activation::None;
    bool m_fused = false;
};

// A layer whose result is multiplied by a layer scale, [out] by name, where the file has one: the scale is folded into weight [out, in] and
// bias [out].
Linear scaledLinear(Weights& weights, at::Tensor weight, at::Tensor bias, const std::string& scale, Placement placement);

// The last linear layer of a classifier: computed in fp32 whatever the model's number type is, so that logits keep their digits.
class Head {
  public:
    Head() = default;
    Head(Weights& weights, const std::string& name, int64_t in, int64_t classes, Placement placement)
        : m_linear(weights, name, in, classes, placement.inFloat()) {}
    // x: [b, in] -> logits [b, classes]
    at::Tensor operator()(const at::Tensor& x) const { return m_linear(x.to(at::kFloat)); }

  private:
    Linear m_linear;
};

// Over the last dimension, with <name>.{weight,bias}
class LayerNorm {
  public:
    LayerNorm() = default;
    LayerNorm(Weights& weights, const std::string& name, int64_t size, double eps, Placement placement);
    // x: [..., size], the shape stays
    at::Tensor operator()(const at::Tensor& x) const;

  private:
    at::Tensor m_weight, m_bias;  // [size]
    double m_eps = 1e-5;
};

}  // namespace shortlist::torch_backend
