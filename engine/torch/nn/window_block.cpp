// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/window_block.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/meshgrid.h>
#include <ATen/ops/roll.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace shortlist::torch_backend {
namespace {

// [side, side] positions of a window -> rows of the bias table, [side^2, side^2]
at::Tensor relativeIndex(int64_t side) {
    const at::Tensor line = at::arange(side);
    const at::Tensor places = at::stack(at::meshgrid({line, line}, "ij")).flatten(1);  // [2, side^2]
    const at::Tensor apart = places.unsqueeze(2) - places.unsqueeze(1) + (side - 1);   // [2, side^2, side^2]
    return apart[0] * (2 * side - 1) + apart[1];
}

int64_t filledUp(int64_t side, int64_t window) { return (side + window - 1) / window * window; }

// x: [b, h, w, c] -> [b * windows, side^2, c]
at::Tensor toWindows(const at::Tensor& x, int64_t side) {
    const int64_t b = x.size(0), rows = x.size(1) / side, columns = x.size(2) / side, c = x.size(3);
    return x.view({b, rows, side, columns, side, c}).permute({0, 1, 3, 2, 4, 5}).reshape({b * rows * columns, side * side, c});
}

at::Tensor fromWindows(const at::Tensor& x, int64_t side, int64_t b, int64_t h, int64_t w) {
    return x.view({b, h / side, w / side, side, side, -1}).permute({0, 1, 3, 2, 4, 5}).reshape({b, h, w, -1});
}

// Pixels that the shift brought together from opposite borders do not see each other: [windows, 1, side^2, side^2], 0 or -100.
at::Tensor shiftMask(int64_t h, int64_t w, int64_t side, int64_t shift) {
    const at::Tensor regions = at::zeros({1, h, w, 1});
    float number = 0;
    const auto bands = [&](int64_t length) { return std::vector<std::pair<int64_t, int64_t>>{{0, length - side}, {length - side, length - shift}, {length - shift, length}}; };
    for (const auto& [top, bottom] : bands(h))
        for (const auto& [left, right] : bands(w))
            regions.slice(1, top, bottom).slice(2, left, right).fill_(number++);
    const at::Tensor windows = toWindows(regions, side).squeeze(-1);  // [windows, side^2]
    return (windows.unsqueeze(1) != windows.unsqueeze(2)).to(at::kFloat).mul_(-100.0).unsqueeze(1);
}

}  // namespace

WindowBlock::WindowBlock(Weights& weights, const BlockNames& names, const std::string& table, const WindowShape& shape, Placement placement)
    : m_heads(shape.block.heads), m_side(std::min({shape.window, shape.height, shape.width})),
      m_shift(shape.shifted && std::min(shape.height, shape.width) > shape.window ? shape.window / 2 : 0), m_fillsFirst(shape.fillsFirst),
      m_norm1(weights, names.norm1, shape.block.size, shape.block.eps, placement), m_norm2(weights, names.norm2, shape.block.size, shape.block.eps, placement),
      m_qkv(packedQkv(weights, names, shape.block.size, placement)), m_project(weights, names.project, shape.block.size, shape.block.size, placement),
      m_first(weights, names.first, shape.block.size, shape.block.hidden, placement, shape.block.activation),
      m_second(weights, names.second, shape.block.hidden, shape.block.size, placement) {
    const at::Tensor biases = weights.take(table, {(2 * m_side - 1) * (2 * m_side - 1), m_heads});
    if (biases.is_meta())
        return;
    const int64_t area = m_side * m_side;
    at::Tensor mask = biases.index_select(0, relativeIndex(m_side).view(-1)).view({1, area, area, m_heads}).permute({0, 3, 1, 2});
    if (m_shift > 0)
        mask = mask + shiftMask(filledUp(shape.height, m_side), filledUp(shape.width, m_side), m_side, m_shift);
    m_mask = placement.keep(mask);
}

at::Tensor WindowBlock::operator()(const at::Tensor& x) const {
    const int64_t b = x.size(0), h = x.size(1), w = x.size(2), fullH = filledUp(h, m_side), fullW = filledUp(w, m_side);
    const auto fill = [&](const at::Tensor& y) { return fullH == h && fullW == w ? y : at::constant_pad_nd(y, {0, 0, 0, fullW - w, 0, fullH - h}); };
    const auto shift = [&](const at::Tensor& y, int64_t by) { return m_shift == 0 ? y : at::roll(y, {by, by}, {1, 2}); };
    at::Tensor y = m_norm1(x);
    y = m_fillsFirst ? shift(fill(y), -m_shift) : fill(shift(y, -m_shift));
    const at::Tensor qkv = m_qkv(toWindows(y, m_side));  // [b * windows, side^2, 3 c]
    const int64_t windows = m_mask.size(0);
    const at::Tensor mask = windows == 1 ? m_mask : m_mask.unsqueeze(0).expand({b, windows, -1, -1, -1}).reshape({b * windows, m_heads, m_mask.size(2), -1});
    y = fromWindows(m_project(selfAttention(qkv, m_heads, mask)), m_side, b, fullH, fullW);
    const auto cut = [&](const at::Tensor& z) { return fullH == h && fullW == w ? z : z.slice(1, 0, h).slice(2, 0, w).contiguous(); };
    y = x + (m_fillsFirst ? cut(shift(y, m_shift)) : shift(cut(y), m_shift));
    return m_second(m_first(m_norm2(y)), y);
}

}  // namespace shortlist::torch_backend
