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

// What a task may not be; the old one stays in use.
inline void runVlmRefusals(engine::Backend& backend, const nlohmann::json& golden) {
    const engine::Task good = vlmTask(golden, engine::Task::Mode::Classify);
    backend.setTask(good);
    const auto refused = [&](const char* why, auto change) {
        engine::Task task = good;
        change(task);
        checkThrows<engine::Error>([&] { backend.setTask(task); }, why);
    };
    refused("stands twice", [](engine::Task& t) { t.labels = "cat\ndog\ncat\n"; });
    refused("no labels", [](engine::Task& t) { t.labels = "# nothing\n"; });
    refused("at most 1024", [](engine::Task& t) {
        t.labels.clear();
        for (int i = 0; i < 2000; ++i)
            t.labels += "猫" + std::to_string(i % 10);
    });
    refused("more than the model's context of 512", [](engine::Task& t) {
        for (int i = 0; i < 300; ++i)
            t.prompt += " cat dog";
    });
    refused("from 1 to 4096", [](engine::Task& t) { t.max_tokens = 0; });
    refused("top-p", [](engine::Task& t) { t.top_p = 0; });
    refused("pixel limits", [](engine::Task& t) { t.max_pixels = 100; });
    check(backend.info().labels.size() == golden["labels"].size(), "the old labels stay");
    engine::Task without = good;
    without.labels.clear();
    backend.setTask(without);
    const HashImage image(1, 40, 40);
    const engine::PreparedImage view = image.view();
    checkThrows<engine::Error>([&] { backend.classify({&view, 1}, {}, {}); }, "needs labels");
    std::stop_source stopped;
    stopped.request_stop();
    backend.setTask(good);
    checkThrows<engine::Error>([&] { backend.classify({&view, 1}, {}, stopped.get_token()); }, "Cancelled");
}

// Sizes that no grid fits: smaller than a patch, and a strip beyond the ratio that the reference takes.
inline void runVlmShapes(engine::Backend& backend, const nlohmann::json& golden) {
    backend.setTask(vlmTask(golden, engine::Task::Mode::Classify));
    for (const auto& [width, height] : {std::pair(1, 1), std::pair(5, 3), std::pair(1, 20000), std::pair(20000, 1), std::pair(500, 400)}) {
        const HashImage image(3, width, height);
        const engine::PreparedImage view = image.view();
        const engine::ScoreRows rows = backend.classify({&view, 1}, {}, {});
        check(rows.nonfinite.at(0) == 0 && std::isfinite(rows.logprobs.at(0)), "a number for " + std::to_string(width) + " x " + std::to_string(height));
    }
}

// Off is the same search and the same best label, with no number; the waits are the same, and few bytes come back.
inline void runVlmSwitch(engine::Backend& backend, const nlohmann::json& golden) {
    const auto images = vlmImages(golden);
    const auto views = viewsOf(images);
    for (const auto mode : {engine::Task::Mode::Classify, engine::Task::Mode::Answer}) {
        backend.setTask(vlmTask(golden, mode));
        engine::ScoreOptions options;
        const engine::ScoreRows on = backend.classify(views, options, {});
        options.logprobs = false;
        const engine::ScoreRows off = backend.classify(views, options, {});
        check(on.device_syncs == off.device_syncs && on.nodes_opened == off.nodes_opened, "the same work");
        check(off.k == 1, "one candidate");
        for (size_t i = 0; i < views.size(); ++i) {
            check(off.ids[i] == on.ids[i * static_cast<size_t>(on.k)] && std::isnan(off.logprobs[i]), "the best alone, without a number");
            if (mode == engine::Task::Mode::Answer)
                check(off.answers[i].text == on.answers[i].text && off.answers[i].tokens.empty(), "the same answer");
        }
        const int64_t steps = mode == engine::Task::Mode::Answer ? 20 : on.nodes_opened;
        check(on.bytes_copied <= 1024 * steps * static_cast<int64_t>(views.size()), "at most 1 KB a row");
    }
}

// Every number of an image alone and in a batch of 16 with images of other sizes, first and last: <= `allowed` nats apart.
inline void runVlmSameNumber(engine::Backend& backend, const nlohmann::json& golden, double allowed) {
    backend.setTask(vlmTask(golden, engine::Task::Mode::Classify));
    const auto images = vlmImages(golden);
    const auto views = viewsOf(images);
    const engine::ScoreRows alone = backend.classify({&views[0], 1}, {}, {});
    for (const size_t place : {size_t{0}, size_t{15}}) {
        std::vector<engine::PreparedImage> batch;
        for (size_t i = 0; i < 16; ++i)
            batch.push_back(views[i == place ? 0 : 1 + (i * 7 + place) % (views.size() - 1)]);
        const engine::ScoreRows rows = backend.classify(batch, {}, {});
        const auto k = static_cast<size_t>(rows.k);
        for (size_t j = 0; j < k; ++j)
            for (size_t other = 0; other < k; ++other)
                if (alone.ids[other] == rows.ids[place * k + j])
                    check(std::fabs(rows.logprobs[place * k + j] - alone.logprobs[other]) <= allowed, "a logprob moves by " + std::to_string(rows.logprobs[place * k + j] - alone.logprobs[other]));
    }
}

// The k best of the search that stops early are those of the one that scores everything, on label sets drawn at random.
inline void runVlmSearches(engine::Backend& backend, const nlohmann::json& golden, int tries) {
    const char* words[] = {"cat", "dog", "fox", "photo", "quick", "brown", "a", "the", "it's", "猫", "一张", "照片", "naïve", "Dog", "Cat", "x"};
    uint64_t at = 0;
    const auto pick = [&](size_t limit) { return hashBits(99, at++) % limit; };
    const HashImage image(4, 40, 40);
    const engine::PreparedImage view = image.view();
    for (int i = 0; i < tries; ++i) {
        std::map<std::string, int> labels;
        for (size_t n = 0; n < 30; ++n) {
            std::string label;
            for (size_t left = 1 + pick(4); left > 0; --left)
                label += (label.empty() ? "" : " ") + std::string(words[pick(16)]);
            labels[label] = 1;
        }
        engine::Task task = vlmTask(golden, engine::Task::Mode::Classify);
        task.labels.clear();
        for (const auto& [label, count] : labels)
            task.labels += label + "\n";
        engine::ScoreOptions options;
        options.top_k = 1 + static_cast<int>(pick(8));
        task.search = engine::Task::Search::All;
        backend.setTask(task);
        const engine::ScoreRows all = backend.classify({&view, 1}, options, {});
        task.search = engine::Task::Search::Best;
        backend.setTask(task);
        const engine::ScoreRows best = backend.classify({&view, 1}, options, {});
        check(best.nodes_opened <= all.nodes_opened, "never more nodes");
        for (size_t j = 0; j < all.ids.size(); ++j)
            check(best.ids.at(j) == all.ids[j] || std::fabs(best.logprobs[j] - all.logprobs[j]) < 1e-4, "try " + std::to_string(i) + ", rank " + std::to_string(j) + ": another label");
    }
}

}  // namespace shortlist::test
