// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/torch/nn/placement.h"
#include "engine/torch/weights/weights.h"

namespace shortlist::torch_backend {

// A classifier network. Owned by the backend, used on the inference thread alone.
class Model {
  public:
    virtual ~Model() = default;
    // images: [b, 3, h, w] channels-last -> logits [b, classes], fp32
    virtual at::Tensor logits(const at::Tensor& images) = 0;
};

// What a model is built from. Built twice: see Weights.
struct ModelSource {
    const nlohmann::json& config;  // config.json
    std::string architecture;      // timm's or torchvision's name of the network; empty: the transformers layout
    int64_t classes = 0;
    int64_t height = 0, width = 0;  // of the input
    Weights& weights;
    Placement placement;

    bool isTransformers() const { return architecture.empty(); }
};

// Throws engine::Error(Model) when a value is missing or out of bounds.
using ModelBuilder = std::unique_ptr<Model> (*)(const ModelSource& source);

struct ModelFamily {
    const char* name;
    const char* model_types;  // config.json's model_type in the transformers layout, between blanks
    // Whether the family knows a network of timm or torchvision by that name.
    bool (*knows)(const std::string& architecture);
    ModelBuilder build;
};

// The builder for a config; throws engine::Error(Model) that names the type and what is supported.
const ModelFamily& findFamily(const nlohmann::json& config);

}  // namespace shortlist::torch_backend
