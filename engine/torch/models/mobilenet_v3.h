// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/torch/models/model.h"

namespace shortlist::torch_backend {

// MobileNetV3 large and small (Howard et al., 2019). Layouts: timm's mobilenetv3_* and tf_mobilenetv3_*, torchvision's
// mobilenet_v3_large and mobilenet_v3_small.
bool knowsMobileNetV3(const std::string& architecture);
std::unique_ptr<Model> buildMobileNetV3(const ModelSource& source);

}  // namespace shortlist::torch_backend
