// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/torch/models/model.h"

namespace shortlist::torch_backend {

// ConvNeXt (Liu et al., 2022) and ConvNeXt V2 (Woo et al., 2023). Layouts: transformers' ConvNextForImageClassification and
// ConvNextV2ForImageClassification, timm's convnext_* and convnextv2_* without overlapping stems.
bool knowsConvNeXt(const std::string& architecture);
std::unique_ptr<Model> buildConvNeXt(const ModelSource& source);

}  // namespace shortlist::torch_backend
