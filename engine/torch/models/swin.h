// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/torch/models/model.h"

namespace shortlist::torch_backend {

// Swin transformer, first version (Liu et al., 2021). Layouts: transformers' SwinForImageClassification, timm's swin_*_patch4_window*.
bool knowsSwin(const std::string& architecture);
std::unique_ptr<Model> buildSwin(const ModelSource& source);

}  // namespace shortlist::torch_backend
