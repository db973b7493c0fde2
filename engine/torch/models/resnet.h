// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/torch/models/model.h"

namespace shortlist::torch_backend {

// ResNet (He et al., 2015), its c, d, s and t stems, wide ResNet and ResNeXt. Layouts: transformers'
// ResNetForImageClassification; timm's and torchvision's resnet*, wide_resnet*, resnext*.
bool knowsResNet(const std::string& architecture);
std::unique_ptr<Model> buildResNet(const ModelSource& source);

}  // namespace shortlist::torch_backend
