// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/torch/nn/transformer_block.h"

namespace shortlist::torch_backend {

struct WindowShape {
    BlockShape block;
    int64_t window = 7;            // side; a smaller image is one window
    int64_t height = 0, width = 0;  // of the feature map
    bool shifted = false;           // by half a window, where there is more than one
    bool fillsFirst = false;        // windows are filled up before the shift (transformers), not after it (timm)
};

// The pre-norm block of Swin (Liu et al., 2021): attention inside windows with a bias by relative position, then the MLP.
class WindowBlock {
  public:
    // `table`: the bias, [(2 side - 1)^2, heads], side the smaller of window, height and width.
    WindowBlock(Weights& weights, const BlockNames& names, const std::string& table, const WindowShape& shape, Placement placement);
    // x: [b, height, width, size], the shape stays
    at::Tensor operator()(const at::Tensor& x) const;

  private:
    int64_t m_heads, m_side, m_shift;
    bool m_fillsFirst;
    LayerNorm m_norm1, m_norm2;
    Linear m_qkv, m_project, m_first, m_second;
    at::Tensor m_mask;  // [1 or windows, heads, side^2, side^2]
};

}  // namespace shortlist::torch_backend
