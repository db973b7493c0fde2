// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/torch/models/model.h"

namespace shortlist::torch_backend {

// SqueezeNet 1.0 and 1.1 (Iandola et al., 2016) in torchvision's layout.
bool knowsSqueezeNet(const std::string& architecture);
std::unique_ptr<Model> buildSqueezeNet(const ModelSource& source);

}  // namespace shortlist::torch_backend
