// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/qwen2_vl.h"

#include <ATen/ops/cat.h>

#include <algorithm>

namespace shortlist::torch_backend {
namespace {

// M-RoPE's places of a prompt: text counts on, an image's tokens stand at one time in rows and columns, and text goes on behind the larger side.
// Reference: transformers, Qwen2VLModel.get_rope_index.
int32_t placePrompt(int64_t before, int64_t rows, int64_t columns, int64_t after, std::vector<Place>& places) {
    int32_t next = 0;
    const auto text = [&](int64_t count) {
        for (; count > 0; --count, ++next)
            places.push_back({next, next, next});
    };
    text(before);
    for (int32_t y = 0; y < rows; ++y)
        for (int32_t x = 0; x < columns; ++x)
            places.push_back({next, next + y, next + x});
    next += static_cast<int32_t>(std::max(rows, columns));
    text(after);
    return next;
}

}  // namespace

Qwen2Vl::Qwen2Vl(const nlohmann::json& config, Weights& weights, Placement placement) : m_config(Qwen2VlConfig::read(config)) {
    const bool newer = weights.has("model.language_model.embed_tokens.weight");
    m_vision = std::make_unique<VisionTower>(weights, newer ? "model.visual." : "visual.", m_config.vision, placement);
    m_decoder = std::make_unique<Decoder>(weights, newer ? "model.language_model." : "model.", m_config.text, placement);
}

Qwen2Vl::Prefilled Qwen2Vl::prefill(const at::Tensor& patches, std::span<const PatchGrid> grids, const std::vector<int32_t>& before, const std::vector<int32_t>& after,
                                    int64_t reserve, const std::stop_token& stop) {
    const at::Tensor features = (*m_vision)(patches, grids, stop);
    const at::Tensor head = m_decoder->embed(before), tail = m_decoder->embed(after);
    std::vector<at::Tensor> parts;
    std::vector<Place> places;
    Prefilled result;
    std::vector<Span> spans;
    int64_t image = 0;
    for (const PatchGrid& grid : grids) {
        const int64_t tokens = imageTokens(grid), rows = head.size(0) + tokens + tail.size(0);
        parts.insert(parts.end(), {head, features.narrow(0, image, tokens), tail});
        image += tokens;
        const int32_t next = placePrompt(head.size(0), grid.rows / m_config.vision.merge, grid.columns / m_config.vision.merge, tail.size(0), places);
        result.sequences.push_back({m_decoder->makeCache(rows + reserve), next});
        spans.push_back({nullptr, rows, true, true, {}});
    }
    for (size_t i = 0; i < spans.size(); ++i)
        spans[i].cache = &result.sequences[i].cache;
    result.states = m_decoder->forward(at::cat(parts), places, spans, stop);
    return result;
}

}  // namespace shortlist::torch_backend
