// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "engine/backend.h"
#include "engine/torch/graph_cache.h"
#include "engine/torch/models/image_processor.h"
#include "engine/torch/models/model.h"
#include "engine/torch/selection.h"
#include "engine/torch/weights/model_directory.h"

namespace shortlist::torch_backend {

// The libtorch classifier behind engine::Backend: images -> input tensor -> logits -> fused top-k -> one packed copy to
// the host. Lives on the inference thread.
class TorchBackend : public engine::Backend {
  public:
    // Throws engine::Error (Model, Device); c10::Error and std::bad_alloc pass.
    TorchBackend(const engine::BackendConfig& config, const ModelDirectory& directory);

    const engine::ModelInfo& info() const override { return m_info; }
    engine::ScoreRows classify(std::span<const engine::PreparedImage> images, const engine::ScoreOptions& options,
                               std::stop_token stop) override;

  private:
    void describe(const ModelDirectory& directory, const ModelFamily& family, const Weights& weights);
    at::Tensor prepare(std::span<const engine::PreparedImage> images);
    void select(const at::Tensor& logits, const engine::ScoreOptions& options, engine::ScoreRows& rows);
    void selectEagerly(const at::Tensor& logits, const engine::ScoreOptions& options, engine::ScoreRows& rows);

    engine::ModelInfo m_info;
    Placement m_placement;
    Selector m_selector;
    std::unique_ptr<ImageProcessor> m_processor;
    std::unique_ptr<Model> m_model;
    std::unique_ptr<GraphCache> m_graphs;  // on CUDA; after the model that it runs
};

}  // namespace shortlist::torch_backend
