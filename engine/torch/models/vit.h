// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/torch/models/model.h"

namespace shortlist::torch_backend {

// Vision transformers: ViT (Dosovitskiy et al., 2021), DeiT (Touvron et al., 2021) with distilled heads, DINOv2 (Oquab et al., 2023)
// with or without registers and a classifier. Layouts: transformers' ViT, DeiT, Dinov2 and Dinov2WithRegisters
// ForImageClassification, timm's vit_* and deit*. Positions are interpolated where the input has another size.
bool knowsViT(const std::string& architecture);
std::unique_ptr<Model> buildViT(const ModelSource& source);

}  // namespace shortlist::torch_backend
