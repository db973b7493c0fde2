// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/torch/models/model.h"

namespace shortlist::torch_backend {

// ResNet (He et al., 2015) in the layout of transformers' ResNetForImageClassification: basic and bottleneck blocks,
// downsample_in_first_stage, downsample_in_bottleneck.
std::unique_ptr<Model> buildResNet(const nlohmann::json& config, int64_t classes, Weights& weights, Placement placement);

}  // namespace shortlist::torch_backend
