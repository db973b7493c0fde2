// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "engine/backend.h"
#include "engine/torch/graph_cache.h"
#include "engine/torch/models/image_processor.h"
#include "engine/torch/models/model.h"
#include "engine/torch/weights/model_directory.h"
#include "kernels/topk_logprobs.h"

namespace shortlist::torch_backend {

// The libtorch classifier behind engine::Backend: images -> input tensor -> logits -> fused top-k -> one packed copy to
// the host. Lives on the inference thread.
class TorchBackend : public engine::Backend {
  public:
    // Throws engine::Error (Model, Device); c10::Error and std::bad_alloc pass.
    explicit TorchBackend(const engine::BackendConfig& config);

    const engine::ModelInfo& info() const override { return m_info; }
    engine::ScoreRows classify(std::span<const engine::PreparedImage> images, const engine::ScoreOptions& options,
                               std::stop_token stop) override;

  private:
    void describe(const ModelDirectory& directory, const ModelFamily& family, const Weights& weights);
    at::Tensor prepare(std::span<const engine::PreparedImage> images);
    at::Tensor upload(std::vector<kernels::ImageSource>& sources) const;
    void select(const at::Tensor& logits, const engine::ScoreOptions& options, engine::ScoreRows& rows);
    void selectEagerly(const at::Tensor& logits, const engine::ScoreOptions& options, engine::ScoreRows& rows);
    kernels::Stream stream() const;

    engine::ModelInfo m_info;
    Placement m_placement;
    at::Tensor m_workspace;  // of topk_logprobs, zeroed when it was allocated
    std::unique_ptr<ImageProcessor> m_processor;
    std::unique_ptr<Model> m_model;
    std::unique_ptr<GraphCache> m_graphs;  // on CUDA; after the model that it runs
};

// "cpu", "cuda", "cuda:N" and a dtype name as a Placement; throws engine::Error(Device).
Placement placementFor(const std::string& device, const std::string& dtype);

}  // namespace shortlist::torch_backend
