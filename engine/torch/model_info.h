// SPDX-License-Identifier: Apache-2.0
// What the backends say of themselves in the same way.
#pragma once

#include <chrono>

#include "engine/backend.h"
#include "engine/torch/nn/placement.h"
#include "engine/torch/weights/model_directory.h"

namespace shortlist::torch_backend {

// Fills what follows from the directory and from where the numbers live.
void describeModel(engine::ModelInfo& info, const ModelDirectory& directory, const Placement& placement);

inline double millisecondsSince(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace shortlist::torch_backend
