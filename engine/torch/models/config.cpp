// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/config.h"

#include <charconv>
#include <cmath>

#include "engine/error.h"

namespace shortlist::torch_backend {
namespace {

using nlohmann::json;

constexpr size_t kMaxList = 64;

bool isAbsent(const json& config, const char* key) { return !config.contains(key) || config[key].is_null(); }

const json& required(const json& config, const char* key) {
    if (isAbsent(config, key))
        refuseConfig(std::string("The file config.json has no ") + key + ".");
    return config[key];
}

[[noreturn]] void refuseValue(const json& value, const char* key, const std::string& expected) {
    refuseConfig(std::string("The value of ") + key + " in config.json is " + value.dump() + "; " + expected + " is expected.");
}

int64_t checked(const json& value, const char* key, int64_t low, int64_t high) {
    const bool fits = value.is_number_integer() && (!value.is_number_unsigned() || value.get<uint64_t>() <= INT64_MAX);
    if (!fits || value.get<int64_t>() < low || value.get<int64_t>() > high)
        refuseValue(value, key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return value.get<int64_t>();
}

}  // namespace

void refuseConfig(const std::string& sentence) { throw engine::Error(engine::ErrorKind::Model, sentence); }

int64_t configInt(const json& config, const char* key, int64_t low, int64_t high) { return checked(required(config, key), key, low, high); }

int64_t configInt(const json& config, const char* key, int64_t low, int64_t high, int64_t absent) {
    return isAbsent(config, key) ? absent : checked(config[key], key, low, high);
}

std::vector<int64_t> configInts(const json& config, const char* key, int64_t low, int64_t high) {
    const json& list = required(config, key);
    if (!list.is_array() || list.empty() || list.size() > kMaxList)
        refuseConfig(std::string("The value of ") + key + " in config.json is no list of 1 to 64 numbers.");
    std::vector<int64_t> values;
    for (const auto& value : list)
        values.push_back(checked(value, key, low, high));
    return values;
}

double configNumber(const json& config, const char* key, double low, double high, double absent) {
    if (isAbsent(config, key))
        return absent;
    const double value = config[key].is_number() ? config[key].get<double>() : std::nan("");
    if (!(value >= low && value <= high))
        refuseValue(config[key], key, "a number from " + json(low).dump() + " to " + json(high).dump());
    return value;
}

void readTriple(const json& config, const char* key, float (&values)[3]) {
    if (isAbsent(config, key))
        return;
    const json& list = config[key];
    if (!list.is_array() || list.size() != 3)
        refuseConfig(std::string("The model's preprocessing is not supported: ") + key + " must hold three numbers.");
    for (size_t c = 0; c < 3; ++c)
        values[c] = list[c].get<float>();
}

bool configFlag(const json& config, const char* key, bool absent) {
    if (isAbsent(config, key))
        return absent;
    if (!config[key].is_boolean())
        refuseValue(config[key], key, "true or false");
    return config[key].get<bool>();
}

std::string configText(const json& config, const char* key, const std::string& absent) {
    if (isAbsent(config, key))
        return absent;
    if (!config[key].is_string())
        refuseValue(config[key], key, "a text");
    return config[key].get<std::string>();
}

void requireText(const json& config, const char* key, const std::string& only) {
    if (configText(config, key, only) != only)
        refuseValue(config[key], key, "\"" + only + "\"");
}

const json& configObject(const json& config, const char* key) {
    static const json kNone = json::object();
    const auto found = config.find(key);
    return found != config.end() && found->is_object() ? *found : kNone;
}

const json& modelArgs(const json& config) { return configObject(config, "model_args"); }

std::string architectureOf(const json& config) {
    const std::string name = configText(config, "architecture", "");
    return name.substr(0, name.find('.'));
}

int numberAfter(std::string_view name, std::string_view prefix) {
    if (!name.starts_with(prefix))
        return -1;
    int number = -1;
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(), number);
    return number;
}

}  // namespace shortlist::torch_backend
