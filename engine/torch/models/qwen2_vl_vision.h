// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/torch/models/qwen2_vl_config.h"
#include "engine/torch/nn/lazy_linear.h"
#include "engine/torch/nn/positions.h"
#include "engine/torch/nn/rotary.h"

namespace shortlist::torch_backend {

// Qwen2-VL's vision tower: images of any size as one packed sequence of patches, each attending to its own image, then merged by squares
// into tokens of the language model. Used on the inference thread. Reference: transformers, Qwen2VisionTransformerPretrainedModel.
class VisionTower {
  public:
    // `root`: what the names begin with, "visual." or "model.visual.".
    VisionTower(Weights& weights, const std::string& root, const VisionShape& shape, Placement placement);
    // patches: [sum of rows * columns, values of a patch], as kernels::Layout::Patches writes them, one grid an image
    // -> [sum / merge^2, out]. Throws engine::Error(Cancelled) between layers.
    at::Tensor operator()(const at::Tensor& patches, std::span<const PatchGrid> grids, const std::stop_token& stop);

  private:
    struct Block {
        LayerNorm norm1, norm2;
        LazyLinear qkv, project, first, second;
    };

    at::Tensor attend(const at::Tensor& qkv, const Rotary& rotary, std::span<const PatchGrid> grids) const;

    VisionShape m_shape;
    VisionRotary m_rotary;
    at::Device m_device;
    LazyLinear m_patches;
    std::vector<Block> m_blocks;
    LayerNorm m_norm;
    LazyLinear m_merge, m_out;
};

}  // namespace shortlist::torch_backend
