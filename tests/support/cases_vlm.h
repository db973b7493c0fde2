// SPDX-License-Identifier: Apache-2.0
// Bodies of the vision-language backend's tests on the small models of qwen2_vl.json. No Qt, so that they run on a bare server too.
#pragma once

#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend.h"
#include "tests/support/cases_model.h"
#include "tests/support/check.h"
#include "tests/support/goldens.h"
#include "tests/support/model_files.h"

namespace shortlist::test {

// The directory of a golden: config, processor, the small vocabulary, weights in one file or two shards.
inline void writeVlmModel(const std::string& directory, const nlohmann::json& golden, Stored type = Stored::F32, bool shards = false) {
    nlohmann::json config = golden["config"];
    if (type != Stored::F32)
        config[config.contains("dtype") ? "dtype" : "torch_dtype"] = type == Stored::BF16 ? "bfloat16" : "float16";
    writeJson(directory + "/config.json", config);
    writeJson(directory + "/preprocessor_config.json", golden["preprocessor"]);
    writeJson(directory + "/tokenizer.json", readGolden("tokenizer.json")["tokenizer"]);
    std::ofstream(directory + "/chat_template.jinja") << "<|im_start|>system\nYou are a helpful assistant.<|im_end|><|vision_start|><|image_pad|><|vision_end|>";
    const std::vector<NamedTensor> tensors = goldenTensors(golden);
    if (!shards)
        return writeSafetensors(directory + "/model.safetensors", tensors, type);
    const auto middle = tensors.begin() + static_cast<std::ptrdiff_t>(tensors.size() / 2);
    nlohmann::json map;
    for (auto tensor = tensors.begin(); tensor != tensors.end(); ++tensor)
        map[tensor->name] = tensor < middle ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors";
    writeSafetensors(directory + "/model-00001-of-00002.safetensors", {tensors.begin(), middle}, type);
    writeSafetensors(directory + "/model-00002-of-00002.safetensors", {middle, tensors.end()}, type);
    writeJson(directory + "/model.safetensors.index.json", {{"weight_map", map}});
}

inline std::string labelLines(const nlohmann::json& labels) {
    std::string lines;
    for (const auto& label : labels)
        lines += label.get<std::string>() + "\n";
    return lines;
}

inline engine::Task vlmTask(const nlohmann::json& golden, engine::Task::Mode mode) {
    engine::Task task;
    task.mode = mode;
    task.prompt = golden["prompt"];
    task.labels = mode == engine::Task::Mode::Classify ? labelLines(golden["labels"]) : "";
    task.max_tokens = 20;
    return task;
}

inline std::vector<HashImage> vlmImages(const nlohmann::json& golden) {
    std::vector<HashImage> images;
    for (const auto& source : golden["sources"])
        images.emplace_back(source);
    return images;
}

inline std::vector<engine::PreparedImage> viewsOf(const std::vector<HashImage>& images) {
    std::vector<engine::PreparedImage> views;
    for (const HashImage& image : images)
        views.push_back(image.view());
    return views;
}

// Every image alone and all in one batch: the 60 best first tokens within `tolerance` x max |logit| (bf16: `distance` nats), greedy answers with
// their top-5 logprobs.
inline void runVlmAnswers(engine::Backend& backend, const nlohmann::json& golden, bool bf16) {
    const auto images = vlmImages(golden);
    const auto views = viewsOf(images);
    engine::Task task = vlmTask(golden, engine::Task::Mode::Answer);
    backend.setTask(task);
    engine::ScoreOptions options;
    options.top_k = 128;
    std::vector<engine::Answer> answers;
    for (const auto& view : views)
        answers.push_back(backend.classify({&view, 1}, options, {}).answers.at(0));
    const std::vector<engine::Answer> together = backend.classify(views, options, {}).answers;
    answers.insert(answers.end(), together.begin(), together.end());
    for (size_t i = 0; i < answers.size(); ++i) {
        const auto& expected = golden["images"][i % images.size()];
        const double allowed = bf16 ? 1.5 * golden["bf16"].get<double>() : 1e-4 * expected["largest"].get<double>();
        std::map<int32_t, float> first;
        for (const engine::TokenChoice& choice : answers[i].tokens.at(0).top)
            first[choice.id] = choice.logprob;
        for (const auto& best : expected["best"]) {
            check(bf16 || first.contains(best[0]), "a token of the best is missing");
            const double d = first.contains(best[0]) ? std::fabs(first[best[0]] - best[1].get<double>()) : 0;
            check(d <= allowed, "image " + std::to_string(i) + ": a logprob is " + std::to_string(d) + " off, " + std::to_string(allowed) + " allowed");
        }
        if (bf16)
            continue;
        const auto& greedy = expected["greedy"];
        check(answers[i].tokens.size() == greedy.size(), "the answer has " + std::to_string(answers[i].tokens.size()) + " tokens");
        for (size_t t = 0; t < greedy.size(); ++t)
            for (size_t j = 0; j < greedy[t].size(); ++j) {
                const engine::TokenChoice& got = answers[i].tokens[t].top[j];
                check(got.id == greedy[t][j][0].get<int32_t>(), "token " + std::to_string(t) + ", rank " + std::to_string(j) + ": another id");
                check(std::fabs(got.logprob - greedy[t][j][1].get<double>()) <= 1e-3, "token " + std::to_string(t) + ": a logprob is off");
            }
    }
}

// Joint logprobs of all labels within 1e-3 of the reference's (bf16: 1.5 x its own distance), by every way to search, alone and in a batch.
inline void runVlmLabels(engine::Backend& backend, const nlohmann::json& golden, bool bf16) {
    const auto images = vlmImages(golden);
    const auto views = viewsOf(images);
    const double allowed = bf16 ? 1.5 * golden["bf16_labels"].get<double>() : 1e-3;
    for (const auto search : {engine::Task::Search::All, engine::Task::Search::Best, engine::Task::Search::Auto}) {
        engine::Task task = vlmTask(golden, engine::Task::Mode::Classify);
        task.search = search;
        backend.setTask(task);
        for (const bool alone : {true, false}) {
            engine::ScoreRows rows;
            for (size_t i = 0; i < views.size(); ++i) {
                if (alone || i == 0)
                    rows = alone ? backend.classify({&views[i], 1}, {}, {}) : backend.classify(views, {}, {});
                const size_t row = alone ? 0 : i, k = static_cast<size_t>(rows.k);
                check(k == golden["labels"].size(), "every label has a place");
                double mass = 0;
                for (size_t j = row * k; j < (row + 1) * k; ++j) {
                    const double d = std::fabs(rows.logprobs[j] - golden["images"][i]["labels"][static_cast<size_t>(rows.ids[j])].get<double>());
                    check(d <= allowed, "label " + std::to_string(rows.ids[j]) + " is " + std::to_string(d) + " off");
                    check(j == row * k || rows.logprobs[j - 1] >= rows.logprobs[j], "best first");
                    mass += std::exp(static_cast<double>(rows.logprobs[j]));
                }
                check(std::fabs(rows.out_of_set[row] - (1 - mass)) < 1e-6 && rows.unscored_mass[row] == 0, "the mass that is left");
                check(std::fabs(rows.set_confidence[row * k] - std::exp(rows.logprobs[row * k]) / mass) < 1e-5, "the share among the labels");
            }
        }
    }
}

}  // namespace shortlist::test
