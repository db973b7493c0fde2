// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/lazy_linear.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/rms_norm.h>

#include "kernels/row_products.h"
#include "kernels/token_ops.h"

namespace shortlist::torch_backend {

LazyLinear::LazyLinear(Weights& weights, const std::vector<std::string>& names, int64_t in, const std::vector<int64_t>& out, bool bias, Placement placement,
                       Activation activation)
    : m_placement(placement), m_activation(activation) {
    for (size_t i = 0; i < names.size(); ++i) {
        m_weights.push_back(weights.stored(names[i] + ".weight", {out[i], in}));
        if (bias)
            m_biases.push_back(weights.take(names[i] + ".bias", {out[i]}));
    }
}

LazyLinear::LazyLinear(Weights& weights, const std::string& name, at::IntArrayRef shape, Placement placement)
    : m_weights{weights.stored(name + ".weight", shape).flatten(1)}, m_placement(placement) {}

const Linear& LazyLinear::ready() {
    if (m_packed)
        return *m_packed;
    const at::Tensor weight = m_weights.size() == 1 ? m_weights[0] : at::cat(m_weights);
    const at::Tensor bias = m_biases.empty() ? at::Tensor() : at::cat(m_biases);
    m_packed.emplace(weight, bias, m_placement, m_activation);
    for (const at::Tensor& part : m_weights)
        dropPages(part);
    m_weights.clear(), m_biases.clear();
    return *m_packed;
}

LogitsHead::LogitsHead(const at::Tensor& weight, Placement placement) : m_weight(weight) {
    if (weight.is_meta())
        return;
    if (placement.device.is_cuda() || placement.dtype == at::kBFloat16)
        m_weight = weight.to(at::TensorOptions().device(placement.device).dtype(placement.dtype));
    else
        m_weight = weight.to(at::kFloat);
}

at::Tensor LogitsHead::operator()(const at::Tensor& x) const {
    if (x.is_cuda())
        return m_weight.scalar_type() == at::kFloat ? at::linear(x, m_weight) : at::mm(x, m_weight.t(), at::kFloat);
    if (m_weight.scalar_type() == at::kFloat)
        return at::linear(x.to(at::kFloat), m_weight);
    const at::Tensor rows = x.contiguous();
    const at::Tensor logits = at::empty({rows.size(0), m_weight.size(0)}, at::TensorOptions().dtype(at::kFloat));
    kernels::rowProducts({rows.const_data_ptr(), m_weight.const_data_ptr(), rows.size(0), m_weight.size(0), rows.size(1)}, logits.mutable_data_ptr<float>(),
                         {kernels::Device::Cpu, nullptr, at::get_num_threads()});
    return logits;
}

RmsNorm::RmsNorm(Weights& weights, const std::string& name, int64_t size, double eps, Placement placement)
    : m_weight(placement.keep(weights.take(name + ".weight", {size}))), m_eps(eps) {}

at::Tensor RmsNorm::operator()(const at::Tensor& x) const {
    if (x.is_cpu() && x.scalar_type() == at::kBFloat16 && x.is_contiguous()) {
        const at::Tensor out = at::empty_like(x);
        const int64_t size = m_weight.size(0);
        kernels::rmsNorm(x.const_data_ptr(), m_weight.const_data_ptr(), x.numel() / size, size, static_cast<float>(m_eps), out.mutable_data_ptr(), at::get_num_threads());
        return out;
    }
    return at::rms_norm(x, m_weight.sizes(), m_weight, m_eps);
}

}  // namespace shortlist::torch_backend
