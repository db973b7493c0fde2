// SPDX-License-Identifier: Apache-2.0
// Values of config.json within bounds. All throw engine::Error(Model) that names the key, what it is and what is expected.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace shortlist::torch_backend {

constexpr int64_t kMaxChannels = 16384;
constexpr int64_t kMaxDepth = 512;

// A whole number in [low, high].
int64_t configInt(const nlohmann::json& config, const char* key, int64_t low, int64_t high);
int64_t configInt(const nlohmann::json& config, const char* key, int64_t low, int64_t high, int64_t absent);
// 1 to 64 of them.
std::vector<int64_t> configInts(const nlohmann::json& config, const char* key, int64_t low, int64_t high);
// A finite number in [low, high].
double configNumber(const nlohmann::json& config, const char* key, double low, double high, double absent);
// Three numbers, as of image_mean; an absent key leaves `values` as they are.
void readTriple(const nlohmann::json& config, const char* key, float (&values)[3]);
bool configFlag(const nlohmann::json& config, const char* key, bool absent);
std::string configText(const nlohmann::json& config, const char* key, const std::string& absent);
// Refuses whatever is not the one value that is supported.
void requireText(const nlohmann::json& config, const char* key, const std::string& only);

// The object of that key, an empty one where there is none.
const nlohmann::json& configObject(const nlohmann::json& config, const char* key);
// timm's `model_args`, an empty object where there are none.
const nlohmann::json& modelArgs(const nlohmann::json& config);
// timm's `architecture` without the tag of its weights ("resnet50.a1_in1k" -> "resnet50"); empty where config.json is of transformers.
std::string architectureOf(const nlohmann::json& config);

// The value of a numbered name: numberAfter("resnet50d", "resnet") == 50; -1 where no number stands there.
int numberAfter(std::string_view name, std::string_view prefix);

[[noreturn]] void refuseConfig(const std::string& sentence);

}  // namespace shortlist::torch_backend
