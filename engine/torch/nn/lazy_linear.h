// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/torch/nn/linear.h"

namespace shortlist::torch_backend {

// y = activation(x W^T + b) of a large model: one matrix of several stacked ones (query, key, value; gate, up). They stay in the file's
// mapping until the first call, which repacks them in the placement's number type and gives their pages back, so that the model is in memory
// once. x: [..., in] -> [..., out of all parts]
class LazyLinear {
  public:
    LazyLinear() = default;
    // <name>.weight [out, in] and, with `bias`, <name>.bias [out] of each part, in this order.
    LazyLinear(Weights& weights, const std::vector<std::string>& names, int64_t in, const std::vector<int64_t>& out, bool bias, Placement placement,
               Activation activation = Activation::None);
    // <name>.weight of another shape that is one matrix [shape[0], the rest], without a bias.
    LazyLinear(Weights& weights, const std::string& name, at::IntArrayRef shape, Placement placement);

    at::Tensor operator()(const at::Tensor& x) { return ready()(x); }
    // x W^T + b + other
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& other) { return ready()(x, other); }

  private:
    const Linear& ready();

    std::vector<at::Tensor> m_weights, m_biases;  // as stored; empty once packed
    Placement m_placement;
    Activation m_activation = Activation::None;
    std::optional<Linear> m_packed;
};

// logits = x W^T in fp32 whatever the model's number type is, so that they keep their digits. On the CPU a bf16 matrix is read where it is, in
// the file's mapping, without a copy.
class LogitsHead {
  public:
    LogitsHead() = default;
    // weight: [vocabulary, size] as stored
    LogitsHead(const at::Tensor& weight, Placement placement);
    // x: [rows, size] -> [rows, vocabulary], fp32
    at::Tensor operator()(const at::Tensor& x) const;

  private:
    at::Tensor m_weight;  // [vocabulary, size]
};

// y = x / sqrt(mean(x^2) + eps) * w over the last dimension, with <name>.weight (Zhang and Sennrich, 2019).
class RmsNorm {
  public:
    RmsNorm() = default;
    RmsNorm(Weights& weights, const std::string& name, int64_t size, double eps, Placement placement);
    // x: [..., size], the shape stays
    at::Tensor operator()(const at::Tensor& x) const;

  private:
    at::Tensor m_weight;  // [size]
    double m_eps = 1e-6;
};

}  // namespace shortlist::torch_backend
