// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/torch/models/model.h"

namespace shortlist::torch_backend {

// MobileNetV2 (Sandler et al., 2018). Layouts: transformers' MobileNetV2ForImageClassification, timm's mobilenetv2_100 and its other
// widths, torchvision's mobilenet_v2.
bool knowsMobileNetV2(const std::string& architecture);
std::unique_ptr<Model> buildMobileNetV2(const ModelSource& source);

}  // namespace shortlist::torch_backend
