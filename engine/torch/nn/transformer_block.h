// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "engine/torch/nn/linear.h"

namespace shortlist::torch_backend {

// Where the tensors of a block are. `qkv` empty: query, key and value are three matrices, packed into one here.
struct BlockNames {
    std::string norm1, qkv, query, key, value, project, scale1;
    std::string norm2, first, second, scale2;  // the scales, where they exist, are folded into the matrix before them
};

struct BlockShape {
    int64_t size = 0, heads = 1, hidden = 0;
    double eps = 1e-6;
    Activation activation = Activation::Gelu;
    bool gated = false;  // SwiGLU: the first matrix has 2 hidden rows, silu(a) * b
};

// query, key and value as one matrix, whichever way they are stored: [3 size, size], bias where the file has one.
Linear packedQkv(Weights& weights, const BlockNames& names, int64_t size, Placement placement);
// The pre-norm block of vision transformers: x + attention(norm1(x)), then x + mlp(norm2(x)).
class TransformerBlock {
  public:
    TransformerBlock(Weights& weights, const BlockNames& names, const BlockShape& shape, Placement placement);
    // x: [b, n, size], the shape stays
    at::Tensor operator()(const at::Tensor& x) const;

  private:
    int64_t m_heads;
    bool m_gated;
    LayerNorm m_norm1, m_norm2;
    Linear m_qkv, m_project, m_first, m_second;
};

// softmax(q k^T / sqrt(d) + mask) v; qkv: [b, n, 3 size] -> [b, n, size]; mask: broadcast to [b, heads, n, n], or undefined.
at::Tensor selfAttention(const at::Tensor& qkv, int64_t heads, const at::Tensor& mask = {});

}  // namespace shortlist::torch_backend
