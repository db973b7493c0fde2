// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/torch/nn/conv.h"
#include "engine/torch/weights/weights.h"

namespace shortlist::torch_backend {

// A classifier network. Owned by the backend, used on the inference thread alone.
class Model {
  public:
    virtual ~Model() = default;
    // images: [b, 3, h, w] channels-last -> logits [b, classes]
    virtual at::Tensor logits(const at::Tensor& images) = 0;
};

// Throws engine::Error(Model) when a value is missing or out of bounds.
using ModelBuilder = std::unique_ptr<Model> (*)(const nlohmann::json& config, int64_t classes, Weights& weights, Placement placement);

struct ModelFamily {
    const char* model_type;  // config.json's
    ModelBuilder build;
};

// The builder for a config; throws engine::Error(Model) that names the type and what is supported.
const ModelFamily& findFamily(const nlohmann::json& config);

// A whole number of the config in [low, high]; throws engine::Error(Model).
int64_t configInt(const nlohmann::json& config, const char* key, int64_t low, int64_t high);
std::vector<int64_t> configInts(const nlohmann::json& config, const char* key, int64_t low, int64_t high);

}  // namespace shortlist::torch_backend
