// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "engine/torch/models/qwen2_vl_decoder.h"
#include "engine/torch/models/qwen2_vl_vision.h"

namespace shortlist::torch_backend {

// A sequence that was prefilled: what its next tokens see, and where the next one stands.
struct Sequence {
    KvCache cache;
    int32_t next = 0;  // time, height and width of the next text token
};

// Qwen2-VL (Wang et al., 2024), 2B, 7B and 72B, in the published and the newer key names. Used on the inference thread.
class Qwen2Vl {
  public:
    // Throws engine::Error(Model) for a config that is not supported; weights that do not fit are noted there.
    Qwen2Vl(const nlohmann::json& config, Weights& weights, Placement placement);

    const Qwen2VlConfig& config() const { return m_config; }
    Decoder& decoder() { return *m_decoder; }
    int64_t imageTokens(const PatchGrid& grid) const { return grid.rows * grid.columns / (m_config.vision.merge * m_config.vision.merge); }

    struct Prefilled {
        std::vector<Sequence> sequences;  // one an image
        at::Tensor states;                // [images, size]: of the last prompt token
    };
    // Images with one prompt around each: `before`, the image's tokens, `after`. patches: as VisionTower takes them. Every cache has room for
    // `reserve` more rows. Throws engine::Error(Cancelled).
    Prefilled prefill(const at::Tensor& patches, std::span<const PatchGrid> grids, const std::vector<int32_t>& before, const std::vector<int32_t>& after,
                      int64_t reserve, const std::stop_token& stop);

  private:
    Qwen2VlConfig m_config;
    std::unique_ptr<VisionTower> m_vision;
    std::unique_ptr<Decoder> m_decoder;
};

}  // namespace shortlist::torch_backend
