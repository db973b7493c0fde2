// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/inverted_residual.h"

#include <ATen/ops/mean.h>

namespace shortlist::torch_backend {
namespace {

// A 1x1 convolution of a 1x1 image is a linear layer.
Linear pointLinear(Weights& weights, const std::string& name, int64_t in, int64_t out, Placement placement, Activation activation) {
    return {weights.take(name + ".weight", {out, in, 1, 1}).view({out, in}), weights.take(name + ".bias", {out}), placement, activation};
}

}  // namespace

InvertedResidual::InvertedResidual(Weights& weights, const InvertedResidualSpec& spec, Placement placement) : m_skips(spec.skips) {
    const auto conv = [&](const ConvNames& names, ConvShape shape, Activation activation) {
        return Conv(weights, names.conv, BatchNorm{names.norm, spec.eps}, shape, placement, activation);
    };
    if (spec.expands)
        m_expand = conv(spec.expandNames, {spec.in, spec.middle}, spec.activation);
    m_depthwise = conv(spec.depthwiseNames, {spec.middle, spec.middle, spec.kernel, spec.stride, spec.middle, spec.padding}, spec.activation);
    if (spec.squeezed > 0) {
        m_reduce = pointLinear(weights, spec.reduceName, spec.middle, spec.squeezed, placement, spec.squeezeActivation);
        m_excite = pointLinear(weights, spec.exciteName, spec.squeezed, spec.middle, placement, spec.gate);
    }
    m_project = conv(spec.projectNames, {spec.middle, spec.out}, Activation::None);
}

at::Tensor InvertedResidual::operator()(const at::Tensor& x) const {
    at::Tensor y = m_depthwise(m_expand ? (*m_expand)(x) : x);  // [b, middle, h', w']
    if (m_reduce)
        y.mul_((*m_excite)((*m_reduce)(y.mean({2, 3}))).view({y.size(0), y.size(1), 1, 1}));
    return m_skips ? m_project(y, x) : m_project(y);
}

}  // namespace shortlist::torch_backend
