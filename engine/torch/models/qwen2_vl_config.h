// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/torch/nn/activation.h"

namespace shortlist::torch_backend {

struct VisionShape {
    int64_t depth = 32, size = 1280, heads = 16, hidden = 5120, out = 1536;
    int64_t patch = 14, merge = 2, frames = 2;
    Activation activation = Activation::QuickGelu;
    int64_t patchValues() const { return 3 * frames * patch * patch; }
    int64_t headSize() const { return size / heads; }
};

struct DecoderShape {
    int64_t depth = 28, size = 1536, heads = 12, kvHeads = 2, hidden = 8960, vocabulary = 151936;
    int64_t context = 32768;
    double eps = 1e-6, theta = 1e6;
    std::array<int64_t, 3> sections = {16, 24, 24};  // of the rotary frequencies: time, height, width
    bool tied = true;                    // the head is the embedding table
    int64_t headSize() const { return size / heads; }
};

struct Qwen2VlConfig {
    VisionShape vision;
    DecoderShape text;
    int64_t imagePad = 151655;
    std::string dtype;  // of the file: "bfloat16", "float16", "float32"; empty: not stated

    // config.json of either generation: flat with rope_scaling and torch_dtype, or text_config with rope_parameters and dtype. Throws
    // engine::Error(Model) that names what is missing, out of bounds or not supported.
    static Qwen2VlConfig read(const nlohmann::json& config);
};

// Whether config.json is of this model.
bool isQwen2Vl(const nlohmann::json& config);

}  // namespace shortlist::torch_backend
