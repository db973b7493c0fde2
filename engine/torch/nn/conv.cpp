// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/conv.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/rsqrt.h>

namespace shortlist::torch_backend {
namespace {

std::vector<int64_t> weightShape(const ConvShape& shape) { return {shape.out, shape.in / shape.groups, shape.kernel, shape.kernel}; }

// Pixels before and after one axis.
std::pair<int64_t, int64_t> paddingOf(Padding padding, int64_t side, int64_t kernel, int64_t stride) {
    if (padding == Padding::Uneven)
        return {kernel / 2 - 1, kernel / 2};
    const int64_t total = std::max<int64_t>(((side + stride - 1) / stride - 1) * stride + kernel - side, 0);
    return {total / 2, total - total / 2};
}

// With a stride of 1 and an odd kernel, all of them are the same.
Padding simplified(const ConvShape& shape) { return shape.padding == Padding::Tensorflow && shape.stride == 1 && shape.kernel % 2 ? Padding::Same : shape.padding; }

onednn::ConvGeometry geometryOf(const ConvShape& shape) { return {shape.stride, simplified(shape) == Padding::Same ? shape.kernel / 2 : 0, shape.groups}; }

}  // namespace

Conv::Conv(Weights& weights, const std::string& name, ConvShape shape, Placement placement, Activation activation)
    : Conv(weights.take(name + ".weight", weightShape(shape)), weights.take(name + ".bias", {shape.out}), shape, placement, activation) {}

Conv::Conv(Weights& weights, const std::string& name, const BatchNorm& norm, ConvShape shape, Placement placement, Activation activation) {
    const at::Tensor weight = weights.take(name + ".weight", weightShape(shape));
    const at::Tensor gamma = weights.take(norm.name + ".weight", {shape.out});
    const at::Tensor beta = weights.take(norm.name + ".bias", {shape.out});
    const at::Tensor mean = weights.take(norm.name + ".running_mean", {shape.out});
    const at::Tensor variance = weights.take(norm.name + ".running_var", {shape.out});
    const at::Tensor scale = gamma * (variance.to(at::kDouble) + norm.eps).rsqrt();  // [out], fp64: folding costs no digits
    *this = Conv(weight * scale.to(at::kFloat).view({-1, 1, 1, 1}), (beta - mean * scale).to(at::kFloat), shape, placement, activation);
}

Conv::Conv(const at::Tensor& weight, const at::Tensor& bias, ConvShape shape, Placement placement, Activation activation)
    : m_bias(placement.keep(bias)), m_geometry(geometryOf(shape)), m_kernel(shape.kernel), m_padding(simplified(shape)),
      m_fused(placement.fused() && onednn::fuses(activation)), m_activation(activation) {
    m_weight = placement.keep(weight, m_fused ? at::MemoryFormat::Contiguous : at::MemoryFormat::ChannelsLast);
}

const at::Tensor& Conv::packedFor(const at::Tensor& x) const {
    const bool single = x.size(0) == 1;
    for (const Packed& packed : m_packed)
        if (packed.height == x.size(2) && packed.width == x.size(3) && packed.single == single)
            return packed.weight;
    at::Tensor weight = onednn::packConv(m_packed.empty() ? m_weight : m_packed.front().weight, m_geometry, x.sizes());
    for (const Packed& packed : m_packed)
        if (onednn::sameFormat(packed.weight, weight))
            weight = packed.weight;
    m_weight.reset();
    return m_packed.emplace_back(Packed{x.size(2), x.size(3), single, weight}).weight;
}

at::Tensor Conv::padded(const at::Tensor& x) const {
    if (m_padding == Padding::Same || m_padding == Padding::None)
        return x;
    const auto [top, bottom] = paddingOf(m_padding, x.size(2), m_kernel, m_geometry.stride);
    const auto [left, right] = paddingOf(m_padding, x.size(3), m_kernel, m_geometry.stride);
    return at::constant_pad_nd(x, {left, right, top, bottom}).contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor Conv::operator()(const at::Tensor& x) const {
    const at::Tensor input = padded(x);
    if (m_fused)
        return onednn::conv(input, packedFor(input), m_bias, m_geometry, m_activation);
    return activate(at::conv2d(input, m_weight, m_bias, m_geometry.stride, m_geometry.padding, 1, m_geometry.groups), m_activation);
}

at::Tensor Conv::operator()(const at::Tensor& x, const at::Tensor& other) const {
    const at::Tensor input = padded(x);
    if (m_fused)
        return onednn::convAdd(input, other, packedFor(input), m_bias, m_geometry, m_activation);
    return activate(at::conv2d(input, m_weight, m_bias, m_geometry.stride, m_geometry.padding, 1, m_geometry.groups).add_(other), m_activation);
}

}  // namespace shortlist::torch_backend
