// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/weights/model_directory.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>

#include "engine/error.h"

namespace shortlist::torch_backend {
namespace {

namespace fs = std::filesystem;
using engine::Error;
using engine::ErrorKind;
using nlohmann::json;

constexpr size_t kMaxLabels = 1'000'000;

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorKind::Model, message); }

json readJson(const fs::path& path) {
    std::ifstream file(path);
    if (!file)
        refuse("The model directory has no readable " + path.filename().string() + ": " + path.string() + ".");
    try {
        return json::parse(file);
    } catch (const json::exception& error) {
        refuse("The file " + path.string() + " is no valid JSON: " + error.what());
    }
}

float readTemperature(const json& calibration) {
    const double temperature = calibration.is_object() && calibration.contains("temperature") && calibration["temperature"].is_number() ? calibration["temperature"].get<double>() : 0;
    if (!(temperature >= 0.01 && temperature <= 100))
        refuse("The file calibration.json names no temperature from 0.01 to 100: correct it or take it away.");
    return static_cast<float>(temperature);
}

std::vector<std::string> shardsOf(const fs::path& directory, const json& index) {
    std::set<std::string> names;
    const auto map = index.find("weight_map");
    if (map == index.end() || !map->is_object())
        refuse("The file model.safetensors.index.json has no weight_map.");
    for (const auto& [tensor, file] : map->items()) {
        const std::string name = file.is_string() ? file.get<std::string>() : "";
        if (name.empty() || fs::path(name).filename() != name || name == "." || name == "..")
            refuse("The file model.safetensors.index.json names \"" + name + "\", which is no bare file name.");
        names.insert(name);
    }
    std::vector<std::string> files;
    for (const std::string& name : names)
        files.push_back((directory / name).string());
    return files;
}

std::vector<std::string> findWeights(const fs::path& directory) {
    if (fs::exists(directory / "model.safetensors"))
        return {(directory / "model.safetensors").string()};
    if (fs::exists(directory / "model.safetensors.index.json"))
        return shardsOf(directory, readJson(directory / "model.safetensors.index.json"));
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory, ignored)) {
        const std::string suffix = entry.path().extension().string();
        if (suffix == ".bin" || suffix == ".pth" || suffix == ".ckpt" || suffix == ".pt")
            refuse("The weights of " + directory.string() + " are a pickle (" + entry.path().filename().string() +
                   "), which can run code and is never opened. Save them as model.safetensors, for example with "
                   "transformers: model.save_pretrained(DIR, safe_serialization=True).");
    }
    refuse("The model directory " + directory.string() + " has no weights: model.safetensors is missing.");
}

}  // namespace

ModelDirectory readModelDirectory(const std::string& path) {
    ModelDirectory directory;
    const fs::path root = fs::path(path).lexically_normal();
    directory.path = root.string();
    directory.name = root.has_filename() ? root.filename().string() : root.parent_path().filename().string();
    directory.config = readJson(root / "config.json");
    if (!directory.config.is_object())
        refuse("The file config.json of " + path + " is no JSON object.");
    if (fs::exists(root / "preprocessor_config.json"))
        directory.preprocessor = readJson(root / "preprocessor_config.json");
    if (fs::exists(root / "calibration.json"))
        directory.temperature = readTemperature(readJson(root / "calibration.json"));
    directory.weight_files = findWeights(root);
    return directory;
}

std::vector<std::string> readLabels(const json& config) {
    const auto map = config.find("id2label");
    if (map == config.end() || !map->is_object()) {
        const auto count = config.value("num_labels", size_t{0});
        if (count == 0 || count > kMaxLabels)
            refuse("The file config.json names no classes: id2label is missing.");
        std::vector<std::string> labels(count);
        for (size_t i = 0; i < count; ++i)
            labels[i] = "class " + std::to_string(i);
        return labels;
    }
    std::vector<std::string> labels(map->size());
    for (const auto& [key, label] : map->items()) {
        size_t id = labels.size();
        const auto [end, status] = std::from_chars(key.data(), key.data() + key.size(), id);
        if (status != std::errc() || end != key.data() + key.size() || id >= labels.size())
            refuse("The file config.json has an id2label entry \"" + key + "\" outside 0.." + std::to_string(labels.size() - 1) + ".");
        labels[id] = label.is_string() ? label.get<std::string>() : "class " + key;
    }
    return labels;
}

}  // namespace shortlist::torch_backend
