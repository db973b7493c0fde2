// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/conv.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/rsqrt.h>

namespace shortlist::torch_backend {
namespace {

at::Tensor placed(const at::Tensor& tensor, Placement placement, at::MemoryFormat format) {
    if (tensor.is_meta())
        return tensor;
    return tensor.to(at::TensorOptions().device(placement.device).dtype(placement.dtype)).contiguous(format);
}

}  // namespace

FoldedConv::FoldedConv(Weights& weights, const std::string& conv, const std::string& norm, ConvShape shape,
                       Placement placement, double eps)
    : m_stride(shape.stride), m_padding(shape.padding()) {
    const at::Tensor weight = weights.take(conv + ".weight", {shape.out, shape.in, shape.kernel, shape.kernel});
    const at::Tensor gamma = weights.take(norm + ".weight", {shape.out});
    const at::Tensor beta = weights.take(norm + ".bias", {shape.out});
    const at::Tensor mean = weights.take(norm + ".running_mean", {shape.out});
    const at::Tensor variance = weights.take(norm + ".running_var", {shape.out});
    const at::Tensor scale = gamma * (variance.to(at::kDouble) + eps).rsqrt();  // [out], fp64: folding costs no digits
    m_weight = placed((weight.to(at::kDouble) * scale.view({-1, 1, 1, 1})).to(at::kFloat), placement, at::MemoryFormat::ChannelsLast);
    m_bias = placed((beta - mean * scale).to(at::kFloat), placement, at::MemoryFormat::Contiguous);
}

at::Tensor FoldedConv::operator()(const at::Tensor& x) const {
    return at::conv2d(x, m_weight, m_bias, m_stride, m_padding);
}

Linear::Linear(Weights& weights, const std::string& name, int64_t in, int64_t out, Placement placement)
    : m_weight(placed(weights.take(name + ".weight", {out, in}), placement, at::MemoryFormat::Contiguous)),
      m_bias(placed(weights.take(name + ".bias", {out}), placement, at::MemoryFormat::Contiguous)) {}

at::Tensor Linear::operator()(const at::Tensor& x) const { return at::linear(x, m_weight, m_bias); }

}  // namespace shortlist::torch_backend
