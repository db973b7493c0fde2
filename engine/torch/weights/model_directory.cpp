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

std::string trimmed(const std::string& text) {
    const size_t begin = text.find_first_not_of(" \t\r\"'"), end = text.find_last_not_of(" \t\r\"'");
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

constexpr int kCardLines = 200;

// The front matter of a model card stands between two lines of three dashes.
std::string licenceOfCard(const fs::path& path) {
    std::string line;
    std::ifstream card(path);
    for (int dashes = 0, lines = 0; dashes < 2 && lines < kCardLines && std::getline(card, line); ++lines) {
        dashes += trimmed(line) == "---";
        if (dashes == 1 && line.starts_with("license:"))
            return trimmed(line.substr(8));
    }
    return "";
}

std::string firstLine(const fs::path& path) {
    std::string line;
    std::ifstream file(path);
    for (int lines = 0; lines < kCardLines && std::getline(file, line); ++lines)
        if (const std::string text = trimmed(line); !text.empty())
            return text;
    return "";
}

std::string readLicence(const fs::path& directory) {
    constexpr size_t kLongest = 80;
    for (const std::string& text : {licenceOfCard(directory / "README.md"), licenceOfCard(directory / "MODEL_CARD.md"), firstLine(directory / "LICENSE")})
        if (!text.empty())
            return text.substr(0, kLongest);
    return "";
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
                   "), which can run code and is never opened. Convert them with: packaging/convert_model.py '" + directory.string() + "' '" + directory.string() + "-safetensors'");
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
    directory.licence = readLicence(root);
    return directory;
}

namespace {

size_t statedCount(const json& config, const char* key) {
    const auto found = config.find(key);
    if (found == config.end() || found->is_null())
        return 0;
    if (!found->is_number_unsigned() || found->get<size_t>() > kMaxLabels)
        refuse("The value of " + std::string(key) + " in config.json is " + found->dump() + "; a number of classes is expected.");
    return found->get<size_t>();
}

// transformers: {"0": "tabby", ...}, with every id from 0 up.
std::vector<std::string> fromIdMap(const json& map) {
    std::vector<std::string> labels(map.size());
    for (const auto& [key, label] : map.items()) {
        size_t id = labels.size();
        const auto [end, status] = std::from_chars(key.data(), key.data() + key.size(), id);
        if (status != std::errc() || end != key.data() + key.size() || id >= labels.size())
            refuse("The file config.json has an id2label entry \"" + key + "\" outside 0.." + std::to_string(labels.size() - 1) + ".");
        labels[id] = label.is_string() ? label.get<std::string>() : "class " + key;
    }
    return labels;
}

// timm: names in order, and where there is one for the name, a text for people.
std::vector<std::string> fromNames(const json& names, const json& descriptions) {
    std::vector<std::string> labels;
    for (const json& name : names) {
        const std::string text = name.is_string() ? name.get<std::string>() : "class " + std::to_string(labels.size());
        const auto described = descriptions.find(text);
        labels.push_back(described != descriptions.end() && described->is_string() ? described->get<std::string>() : text);
    }
    return labels;
}

const json& object(const json& config, const char* key) {
    static const json kNone = json::object();
    const auto found = config.find(key);
    return found != config.end() && found->is_object() ? *found : kNone;
}

}  // namespace

std::vector<std::string> readLabels(const json& config) {
    const json& timm = object(config, "pretrained_cfg");
    size_t count = std::max(statedCount(config, "num_labels"), statedCount(config, "num_classes"));
    if (count == 0)
        count = statedCount(timm, "num_classes");
    std::vector<std::string> labels;
    const json& names = config.contains("label_names") ? config["label_names"] : timm.contains("label_names") ? timm["label_names"] : json();
    if (const json& map = object(config, "id2label"); !map.empty())
        labels = fromIdMap(map);
    else if (names.is_array())
        labels = fromNames(names, object(config.contains("label_names") ? config : timm, "label_descriptions"));
    if (!labels.empty() && count > 0 && labels.size() != count)
        refuse("The file config.json states " + std::to_string(count) + " classes and names " + std::to_string(labels.size()) + ": correct it.");
    if (labels.empty() && count == 0)
        refuse("The file config.json names no classes: id2label is missing.");
    for (size_t i = labels.size(); i < count; ++i)
        labels.push_back("class " + std::to_string(i));
    return labels;
}

}  // namespace shortlist::torch_backend
