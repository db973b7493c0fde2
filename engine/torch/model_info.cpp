// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/model_info.h"

#include "engine/torch/device.h"
#include "engine/torch/models/config.h"

namespace shortlist::torch_backend {
namespace {

std::string architectureName(const nlohmann::json& config) {
    const auto list = config.find("architectures");
    if (list != config.end() && list->is_array() && !list->empty() && list->front().is_string())
        return list->front();
    return configText(config, "architecture", "");
}

}  // namespace

void describeModel(engine::ModelInfo& info, const ModelDirectory& directory, const Placement& placement) {
    info.name = directory.name;
    info.directory = directory.path;
    info.architecture = architectureName(directory.config);
    info.licence = directory.licence;
    info.dtype = dtypeName(placement.dtype);
    info.device = placement.device.str();
    info.backend = placement.device.is_cuda() ? "torch-cuda" : "torch-cpu";
    info.weight_files = directory.weight_files;
    info.temperature = directory.temperature;
}

}  // namespace shortlist::torch_backend
