// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/qwen2_vl_vision.h"

#include <ATen/ops/empty.h>

#include "engine/torch/nn/attention.h"
#include "engine/torch/nn/cancel.h"

namespace shortlist::torch_backend {
namespace {

constexpr double kEps = 1e-6;

}  // namespace

VisionTower::VisionTower(Weights& weights, const std::string& root, const VisionShape& shape, Placement placement) : m_shape(shape), m_rotary(shape.headSize(), shape.merge), m_device(placement.device) {
    const auto linear = [&](const std::string& name, int64_t in, int64_t out, Activation activation = Activation::None) {
        return LazyLinear(weights, {root + name}, in, {out}, true, placement, activation);
    };
    m_patches = LazyLinear(weights, root + "patch_embed.proj", {shape.size, 3, shape.frames, shape.patch, shape.patch}, placement);
    for (int64_t i = 0; i < shape.depth; ++i) {
        const std::string p = "blocks." + std::to_string(i) + ".";
        m_blocks.push_back({LayerNorm(weights, root + p + "norm1", shape.size, kEps, placement), LayerNorm(weights, root + p + "norm2", shape.size, kEps, placement),
                            linear(p + "attn.qkv", shape.size, 3 * shape.size), linear(p + "attn.proj", shape.size, shape.size),
                            linear(p + "mlp.fc1", shape.size, shape.hidden, shape.activation), linear(p + "mlp.fc2", shape.hidden, shape.size)});
    }
    const int64_t square = shape.size * shape.merge * shape.merge;
    m_norm = LayerNorm(weights, root + "merger.ln_q", shape.size, kEps, placement);
    m_merge = linear("merger.mlp.0", square, square, Activation::Gelu);
    m_out = linear("merger.mlp.2", square, shape.out);
}

// qkv: [patches, 3 size] -> [patches, size]
at::Tensor VisionTower::attend(const at::Tensor& qkv, const Rotary& rotary, std::span<const PatchGrid> grids) const {
    const at::Tensor parts = qkv.view({qkv.size(0), 3, m_shape.heads, m_shape.headSize()});
    const at::Tensor q = parts.select(1, 0), k = parts.select(1, 1), v = parts.select(1, 2);  // [patches, heads, d]
    rotary.apply(q);
    rotary.apply(k);
    if (grids.size() == 1)
        return groupedAttention(q, k, v, false);
    const at::Tensor mixed = at::empty({qkv.size(0), m_shape.size}, qkv.options());
    int64_t begin = 0;
    for (const PatchGrid& grid : grids) {
        const int64_t count = grid.rows * grid.columns;
        const auto own = [&](const at::Tensor& x) { return x.narrow(0, begin, count); };
        own(mixed).copy_(groupedAttention(own(q), own(k), own(v), false));
        begin += count;
    }
    return mixed;
}

at::Tensor VisionTower::operator()(const at::Tensor& patches, std::span<const PatchGrid> grids, const std::stop_token& stop) {
    std::vector<float> angles;
    for (const PatchGrid& grid : grids)
        m_rotary.append(grid.rows, grid.columns, angles);
    const Rotary rotary = rotaryOf(angles, m_shape.headSize() / 2, m_device);
    at::Tensor x = m_patches(patches);  // [patches, size]
    for (Block& block : m_blocks) {
        throwIfStopped(stop);
        x = block.project(attend(block.qkv(block.norm1(x)), rotary, grids), x);
        x = block.second(block.first(block.norm2(x)), x);
    }
    const int64_t merged = m_shape.merge * m_shape.merge;
    return m_out(m_merge(m_norm(x).view({x.size(0) / merged, m_shape.size * merged})));
}

}  // namespace shortlist::torch_backend
