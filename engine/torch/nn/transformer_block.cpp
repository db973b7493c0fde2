// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/transformer_block.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/silu.h>

namespace shortlist::torch_backend {

namespace {

// <name>.{weight,bias} with its layer scale.
Linear scaledByName(Weights& weights, const std::string& name, const std::string& scale, int64_t in, int64_t out, Placement placement) {
    return scaledLinear(weights, weights.take(name + ".weight", {out, in}), weights.take(name + ".bias", {out}), scale, placement);
}

}  // namespace

Linear packedQkv(Weights& weights, const BlockNames& names, int64_t size, Placement placement) {
    if (!names.qkv.empty())
        return {weights, names.qkv, size, 3 * size, placement, Activation::None, weights.has(names.qkv + ".bias")};
    const auto each = [&](const char* part, at::IntArrayRef shape) {
        return at::cat({weights.take(names.query + part, shape), weights.take(names.key + part, shape), weights.take(names.value + part, shape)});
    };
    const bool bias = weights.has(names.query + ".bias");
    return {each(".weight", {size, size}), bias ? each(".bias", {size}) : at::Tensor(), placement};
}

at::Tensor selfAttention(const at::Tensor& qkv, int64_t heads, const at::Tensor& mask) {
    const int64_t batch = qkv.size(0), n = qkv.size(1), size = qkv.size(2) / 3;
    const at::Tensor parts = qkv.view({batch, n, 3, heads, size / heads}).permute({2, 0, 3, 1, 4});  // [3, b, heads, n, d]
    const auto bias = mask.defined() ? std::optional<at::Tensor>(mask) : std::nullopt;
    return at::scaled_dot_product_attention(parts[0], parts[1], parts[2], bias).transpose(1, 2).reshape({batch, n, size});
}

TransformerBlock::TransformerBlock(Weights& weights, const BlockNames& names, const BlockShape& shape, Placement placement)
    : m_heads(shape.heads), m_gated(shape.gated), m_norm1(weights, names.norm1, shape.size, shape.eps, placement),
      m_norm2(weights, names.norm2, shape.size, shape.eps, placement), m_qkv(packedQkv(weights, names, shape.size, placement)),
      m_project(scaledByName(weights, names.project, names.scale1, shape.size, shape.size, placement)),
      m_first(weights, names.first, shape.size, shape.gated ? 2 * shape.hidden : shape.hidden, placement,
              shape.gated ? Activation::None : shape.activation),
      m_second(scaledByName(weights, names.second, names.scale2, shape.hidden, shape.size, placement)) {}

at::Tensor TransformerBlock::operator()(const at::Tensor& x) const {
    const at::Tensor y = m_project(selfAttention(m_qkv(m_norm1(x)), m_heads), x);
    at::Tensor hidden = m_first(m_norm2(y));  // [b, n, hidden]
    if (m_gated) {
        const auto halves = hidden.chunk(2, -1);
        hidden = at::silu(halves[0]) * halves[1];
    }
    return m_second(hidden, y);
}

}  // namespace shortlist::torch_backend
