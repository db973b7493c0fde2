// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace shortlist::torch_backend {

// A Hugging Face model directory, read but not interpreted. No code of it is ever run.
struct ModelDirectory {
    std::string path;
    std::string name;             // last part of the path
    nlohmann::json config;        // config.json
    nlohmann::json preprocessor;  // preprocessor_config.json; null when absent
    float temperature = 1.0f;     // calibration.json: {"temperature": T}
    std::string licence;          // of the model card (README.md or MODEL_CARD.md, `license:`), else the first line of LICENSE; may be empty
    std::vector<std::string> weight_files;  // full paths in name order
};

// Throws engine::Error(Model): no config.json, JSON that does not parse, a temperature that is not
// positive and finite, no safetensors weights (pickles are named
// with the way out), an index that points outside the directory.
ModelDirectory readModelDirectory(const std::string& path);

// id2label in order of the ids, or timm's label_names with their descriptions; "class N" where a name is missing. Throws
// engine::Error(Model) when the ids are not numbers from 0 up or another number of classes is stated.
std::vector<std::string> readLabels(const nlohmann::json& config);

}  // namespace shortlist::torch_backend
