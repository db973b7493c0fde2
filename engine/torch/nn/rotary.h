// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <vector>

namespace shortlist::torch_backend {

// Rotary positions (Su et al., 2021) of a sequence of tokens: cosines and sines of each token's angles, fp32 [tokens, d / 2]. The first half of
// a head is rotated against the second.
struct Rotary {
    at::Tensor cos, sin;
    // x: [tokens, heads, d], rotated in place; a view of a larger matrix is fine.
    void apply(at::Tensor x) const;
};

// Of an image's patches in the order of the merge x merge squares: the first quarter of a head by row, the second by column. Reference:
// transformers, Qwen2VisionTransformerPretrainedModel.rot_pos_emb.
class VisionRotary {
  public:
    VisionRotary(int64_t headSize, int64_t merge);
    // Angles of a grid of rows x columns patches, appended.
    void append(int64_t rows, int64_t columns, std::vector<float>& angles) const;

  private:
    int64_t m_merge;
    std::vector<float> m_frequencies;
};

// A token's place in time, height and width.
using Place = std::array<int32_t, 3>;

// M-RoPE: the first `sections[0]` frequencies turn with time, the next with height, the last with width. Reference: transformers,
// apply_multimodal_rotary_pos_emb.
class TextRotary {
  public:
    TextRotary(int64_t headSize, double theta, const std::array<int64_t, 3>& sections);
    void append(const Place& place, std::vector<float>& angles) const;

  private:
    std::array<int64_t, 3> m_sections;
    std::vector<float> m_frequencies;
};

// angles: [tokens, half]
Rotary rotaryOf(const std::vector<float>& angles, int64_t half, at::Device device);

}  // namespace shortlist::torch_backend
