// SPDX-License-Identifier: Apache-2.0
// What a model directory holds, read by the same code that classifies with it.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "engine/backend_loader.h"
#include "engine/model_hash.h"
#include "engine/records.h"

namespace shortlist::cli {
namespace {

using engine::ModelInfo;
using engine::Preprocessing;
using Json = nlohmann::ordered_json;

std::string sides(int32_t width, int32_t height) { return std::to_string(width) + " x " + std::to_string(height); }

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.4g", value);
    return text;
}

std::string triple(const float (&values)[3]) { return number(values[0]) + " " + number(values[1]) + " " + number(values[2]); }

std::string resizeInWords(const Preprocessing& plan) {
    const std::string box = sides(plan.resize_width, plan.resize_height);
    switch (plan.resize) {
        case Preprocessing::Resize::None: return "not resized";
        case Preprocessing::Resize::ShortSide: return "short side to " + std::to_string(plan.resize_width) + " (" + plan.filter + ")";
        case Preprocessing::Resize::Exact: return "to " + box + " whatever the ratio (" + plan.filter + ")";
        case Preprocessing::Resize::Cover: return "to cover " + box + " (" + plan.filter + ")";
        case Preprocessing::Resize::Contain: return "to fit into " + box + " (" + plan.filter + ")";
    }
    return "";
}

std::string grouped(int64_t value) {
    std::string text = std::to_string(value);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<size_t>(at), ",");
    return text;
}

std::vector<std::string> allNotes(const ModelInfo& info) {
    std::vector<std::string> notes = info.notes;
    notes.insert(notes.end(), info.record_notes.begin(), info.record_notes.end());
    return notes;
}

std::string inWords(const ModelInfo& info) {
    if (info.vision_language)
        return "area from " + grouped(info.min_pixels) + " to " + grouped(info.max_pixels) + " pixels, sides multiples of 28 (" + info.preprocessing.filter + "), mean " +
               triple(info.preprocessing.mean) + ", std " + triple(info.preprocessing.std);
    return resizeInWords(info.preprocessing) + ", centre " + sides(info.input_width, info.input_height) + ", mean " + triple(info.preprocessing.mean) + ", std " +
           triple(info.preprocessing.std);
}

Json asJson(const ModelInfo& info, const std::string& hash) {
    const Preprocessing& plan = info.preprocessing;
    const auto orNull = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
    return {{"schema", 1},
            {"name", info.name},
            {"directory", info.directory},
            {"family", info.family},
            {"architecture", orNull(info.architecture)},
            {"classes", info.labels.size()},
            {"labels", info.labels},
            {"activation", info.vision_language ? Json(nullptr) : Json(info.sigmoid ? "sigmoid" : "softmax")},
            {"input", info.vision_language ? Json({{"min_pixels", info.min_pixels}, {"max_pixels", info.max_pixels}}) : Json({{"width", info.input_width}, {"height", info.input_height}})},
            {"preprocessing", {{"resize", resizeInWords(plan)}, {"filter", plan.filter}, {"mean", plan.mean}, {"std", plan.std}}},
            {"parameters", info.parameters},
            {"dtype", info.dtype},
            {"device", info.device},
            {"backend", info.backend},
            {"temperature", info.temperature},
            {"licence", orNull(info.licence)},
            {"sha256", orNull(hash)},
            {"weights", info.weight_files},
            {"notes", allNotes(info)}};
}

void printText(const ModelInfo& info, const std::string& hash) {
    const auto row = [](const char* name, const std::string& value) { std::printf("%-14s %s\n", name, value.c_str()); };
    row("name", engine::printablePath(info.name));
    row("family", info.family + (info.architecture.empty() ? "" : " (" + info.architecture + ")"));
    if (info.vision_language)
        row("classes", "those that --labels names, or free answers");
    else
        row("classes", grouped(static_cast<int64_t>(info.labels.size())) + ", " + (info.sigmoid ? "each for itself (sigmoid)" : "one of them (softmax)") + ": " +
                       engine::printablePath(info.labels.front()) + ", " + engine::printablePath(info.labels[1]) + (info.labels.size() > 2 ? ", ..." : ""));
    row("preprocessing", inWords(info));
    row("parameters", grouped(info.parameters));
    row("computed as", info.dtype + " on " + info.device + " (" + info.backend + ")");
    row("temperature", number(info.temperature));
    row("licence", info.licence.empty() ? "not stated" : engine::printablePath(info.licence));
    row("sha256", hash.empty() ? "cannot be read" : hash);
    for (const std::string& file : info.weight_files)
        row("weights", engine::printablePath(file));
    for (const std::string& note : allNotes(info))
        row("note", engine::printablePath(note));
}

}  // namespace

int modelInfo(const Options& options) {
    std::string deviceNote;
    const auto backend = engine::makeBackend(backendConfig(options), deviceNote);
    const ModelInfo& info = backend->info();
    const std::string hash = engine::hashWeights(info.weight_files, UINT64_MAX);
    if (options.format == "json")
        std::printf("%s\n", asJson(info, hash).dump(1, ' ', false, Json::error_handler_t::replace).c_str());
    else
        printText(info, hash);
    return kOk;
}

}  // namespace shortlist::cli
