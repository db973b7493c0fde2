// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/linear.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>

#include "engine/torch/nn/onednn.h"

namespace shortlist::torch_backend {

Linear::Linear(Weights& weights, const std::string& name, int64_t in, int64_t out, Placement placement, Activation activation, bool bias)
    : Linear(weights.take(name + ".weight", {out, in}), bias ? weights.take(name + ".bias", {out}) : at::Tensor(), placement, activation) {}

Linear::Linear(const at::Tensor& weight, const at::Tensor& bias, Placement placement, Activation activation)
    : m_bias(placement.keep(bias)), m_activation(activation), m_fused(placement.fused() && onednn::fuses(activation)) {
    m_weight = m_fused && !weight.is_meta() ? onednn::packLinear(weight.to(placement.dtype)) : placement.keep(weight);
}

at::Tensor Linear::operator()(const at::Tensor& x) const {
    return m_fused ? onednn::linear(x, m_weight, m_bias, m_activation) : activate(at::linear(x, m_weight, m_bias), m_activation);
}

at::Tensor Linear::operator()(const at::Tensor& x, const at::Tensor& other) const {
    return m_fused ? onednn::linearAdd(x, other, m_weight, m_bias) : at::linear(x, m_weight, m_bias).add_(other);
}

Linear scaledLinear(Weights& weights, at::Tensor weight, at::Tensor bias, const std::string& scale, Placement placement) {
    if (!scale.empty() && weights.has(scale)) {
        const at::Tensor factors = weights.take(scale, {bias.size(0)});
        weight = weight * factors.unsqueeze(1);
        bias = bias * factors;
    }
    return {weight, bias, placement};
}

LayerNorm::LayerNorm(Weights& weights, const std::string& name, int64_t size, double eps, Placement placement)
    : m_weight(placement.keep(weights.take(name + ".weight", {size}))), m_bias(placement.keep(weights.take(name + ".bias", {size}))), m_eps(eps) {}

at::Tensor LayerNorm::operator()(const at::Tensor& x) const {
    return at::layer_norm(x, m_weight.sizes(), m_weight, m_bias, m_eps);
}

}  // namespace shortlist::torch_backend
