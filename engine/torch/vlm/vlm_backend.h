// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "engine/backend.h"
#include "engine/torch/models/patch_grid.h"
#include "engine/torch/models/qwen2_vl.h"
#include "engine/torch/selection.h"
#include "engine/torch/text/chat.h"
#include "engine/torch/vlm/answer.h"
#include "engine/torch/vlm/closed_set.h"
#include "engine/torch/weights/model_directory.h"
#include "kernels/image_to_tensor.h"

namespace shortlist::torch_backend {

// A vision-language model behind engine::Backend: images -> patches -> vision tower -> one prefill -> labels scored or an answer written.
// Lives on the inference thread.
class VlmBackend : public engine::Backend {
  public:
    // Throws engine::Error (Model, Device); c10::Error and std::bad_alloc pass.
    VlmBackend(const engine::BackendConfig& config, ModelDirectory directory);

    const engine::ModelInfo& info() const override { return m_info; }
    engine::ScoreRows classify(std::span<const engine::PreparedImage> images, const engine::ScoreOptions& options, std::stop_token stop) override;
    void setTask(const engine::Task& task) override;

  private:
    void build(Placement placement);
    void readProcessor(const nlohmann::json& preprocessor);
    at::Tensor prepare(std::span<const engine::PreparedImage> images, std::vector<PatchGrid>& grids) const;
    engine::ScoreRows scoreOnce(std::span<const engine::PreparedImage> images, const engine::ScoreOptions& options, const std::stop_token& stop);
    PixelLimits limitsOf(const engine::Task& task) const;
    void checkLength(const engine::Task& task, const Chat::Prompt& prompt, int64_t answer, PixelLimits limits) const;

    engine::ModelInfo m_info;
    ModelDirectory m_directory;
    Placement m_placement;
    kernels::ImageToTensorArgs m_patches;
    PixelLimits m_fileLimits;  // of preprocessor_config.json
    PixelLimits m_limits;      // in use
    std::unique_ptr<Tokenizer> m_tokenizer;
    std::unique_ptr<Chat> m_chat;
    std::unique_ptr<Qwen2Vl> m_model;
    Selector m_selector;
    engine::Task m_task;
    Chat::Prompt m_prompt;
    std::unique_ptr<ClosedSet> m_labels;  // null in answer mode, and until there are labels
};

}  // namespace shortlist::torch_backend
