// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/torch/models/model.h"

namespace shortlist::torch_backend {

// EfficientNet B0 to B7 (Tan and Le, 2019). Layouts: transformers' EfficientNetForImageClassification, timm's efficientnet_b* and
// tf_efficientnet_b*, torchvision's efficientnet_b*.
bool knowsEfficientNet(const std::string& architecture);
std::unique_ptr<Model> buildEfficientNet(const ModelSource& source);

}  // namespace shortlist::torch_backend
