// SPDX-License-Identifier: Apache-2.0
#include "engine/error.h"
#include "engine/torch/models/model.h"
#include "engine/torch/models/resnet.h"

namespace shortlist::torch_backend {
namespace {

using engine::Error;
using engine::ErrorKind;

// One row a family.
constexpr ModelFamily kFamilies[] = {
    {"resnet", buildResNet},
};

constexpr size_t kMaxList = 64;

int64_t checked(const nlohmann::json& value, const char* key, int64_t low, int64_t high) {
    if (!value.is_number_integer() || value.get<int64_t>() < low || value.get<int64_t>() > high)
        throw Error(ErrorKind::Model, std::string("The value of ") + key + " in config.json is " + value.dump() + "; a whole number from " +
                                          std::to_string(low) + " to " + std::to_string(high) + " is expected.");
    return value.get<int64_t>();
}

const nlohmann::json& required(const nlohmann::json& config, const char* key) {
    const auto found = config.find(key);
    if (found == config.end())
        throw Error(ErrorKind::Model, std::string("The file config.json has no ") + key + ".");
    return *found;
}

}  // namespace

const ModelFamily& findFamily(const nlohmann::json& config) {
    const auto type = config.find("model_type");
    const std::string name = type != config.end() && type->is_string() ? type->get<std::string>() : "";
    std::string supported;
    for (const ModelFamily& family : kFamilies) {
        if (name == family.model_type)
            return family;
        supported += (supported.empty() ? "" : ", ") + std::string(family.model_type);
    }
    throw Error(ErrorKind::Model, (name.empty() ? "The file config.json has no model_type." : "The model type \"" + name + "\" is not supported.") +
                                      " Supported: " + supported + ".");
}

int64_t configInt(const nlohmann::json& config, const char* key, int64_t low, int64_t high) {
    return checked(required(config, key), key, low, high);
}

std::vector<int64_t> configInts(const nlohmann::json& config, const char* key, int64_t low, int64_t high) {
    const nlohmann::json& list = required(config, key);
    if (!list.is_array() || list.empty() || list.size() > kMaxList)
        throw Error(ErrorKind::Model, std::string("The value of ") + key + " in config.json is no list of 1 to 64 numbers.");
    std::vector<int64_t> values;
    for (const auto& value : list)
        values.push_back(checked(value, key, low, high));
    return values;
}

}  // namespace shortlist::torch_backend
