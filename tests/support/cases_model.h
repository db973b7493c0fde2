// SPDX-License-Identifier: Apache-2.0
// Bodies of the backend's tests on models whose images come from the integer hash. No Qt, so that they run on a bare server too.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend.h"
#include "tests/support/check.h"
#include "tests/support/goldens.h"
#include "tests/support/hash_noise.h"

namespace shortlist::test {

struct HashImage {
    int width = 0, height = 0;
    std::vector<uint8_t> pixels;

    HashImage(int seed, int w, int h) : width(w), height(h), pixels(hashImage(seed, w, h)) {}
    // [seed, width, height]
    explicit HashImage(const nlohmann::json& golden) : HashImage(golden[0], golden[1], golden[2]) {}
    engine::PreparedImage view() const { return {pixels.data(), width, height, 3 * static_cast<int64_t>(width), width, height}; }
};

// All logits of one image (at most 128 classes): logit = logprob + logsumexp.
inline std::vector<double> logitsOf(engine::Backend& backend, const engine::PreparedImage& image) {
    engine::ScoreOptions options;
    options.top_k = 128;
    const engine::ScoreRows rows = backend.classify({&image, 1}, options, {});
    std::vector<double> logits(rows.ids.size());
    for (size_t j = 0; j < rows.ids.size(); ++j)
        logits.at(static_cast<size_t>(rows.ids[j])) = static_cast<double>(rows.logprobs[j]) + rows.logsumexp[0];
    return logits;
}

// max |d| <= tolerance x max |logit|
inline void checkLogits(const std::vector<double>& got, const std::vector<double>& expected, double tolerance = 1e-4) {
    check(got.size() == expected.size(), "the number of classes differs");
    double largest = 0, worst = 0;
    for (size_t i = 0; i < got.size(); ++i) {
        largest = std::max(largest, std::fabs(expected[i]));
        worst = std::max(worst, std::fabs(got[i] - expected[i]));
    }
    check(worst <= tolerance * largest, "max |d| is " + std::to_string(worst) + " at max |logit| " + std::to_string(largest));
}

inline std::vector<double> logSoftmax(const std::vector<double>& logits) {
    const double largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const double logit : logits)
        sum += std::exp(logit - largest);
    std::vector<double> logprobs;
    for (const double logit : logits)
        logprobs.push_back(logit - largest - std::log(sum));
    return logprobs;
}

// |d logprob| of images[0] in batches of 1, 2 and 16, first and last among shuffled neighbours, <= 1e-4.
inline void runSameImageSameNumber(engine::Backend& backend, const std::vector<engine::PreparedImage>& images) {
    const std::vector<double> alone = logitsOf(backend, images[0]);
    for (const size_t size : {2, 16})
        for (const size_t place : {size_t{0}, size - 1}) {
            std::vector<engine::PreparedImage> batch;
            for (size_t i = 0; i < size; ++i)
                batch.push_back(images[i == place ? 0 : 1 + (i * 7 + place) % (images.size() - 1)]);
            const engine::ScoreRows rows = backend.classify(batch, {}, {});
            for (int j = 0; j < rows.k; ++j) {
                const size_t at = place * static_cast<size_t>(rows.k) + static_cast<size_t>(j);
                const double logprob = alone[static_cast<size_t>(rows.ids[at])] - rows.logsumexp[place];
                check(std::fabs(rows.logprobs[at] - logprob) <= 1e-4, "a logprob moves with the batch, rank " + std::to_string(j));
            }
        }
}

// The files of tests/parity/goldens that hold model families.
constexpr const char* kFamilyGoldens[] = {"resnet.json", "squeezenet.json", "mobilenet_v2.json", "mobilenet_v3.json", "efficientnet.json", "convnext.json", "vit.json", "swin.json"};

// A golden of a model family: its images one by one and as a batch. fp32: max |d logit| <= tolerance x max |logit|; bf16: |d logprob| <= 1.5 x
// the reference's own bf16 distance.
inline void runModelGolden(engine::Backend& backend, const nlohmann::json& golden, bool bf16, double tolerance = 1e-4) {
    std::vector<HashImage> images;
    for (const int seed : golden["seeds"])
        images.emplace_back(seed, golden["size"][0], golden["size"][1]);
    double worst = 0;
    for (size_t i = 0; i < images.size(); ++i) {
        const auto expected = golden["logits"][i].get<std::vector<double>>(), got = logitsOf(backend, images[i].view());
        if (!bf16) {
            checkLogits(got, expected, tolerance);
            continue;
        }
        const auto expectedLogprobs = logSoftmax(expected), gotLogprobs = logSoftmax(got);
        for (size_t c = 0; c < expected.size(); ++c)
            worst = std::max(worst, std::fabs(gotLogprobs[c] - expectedLogprobs[c]));
    }
    const double allowed = 1.5 * golden["bf16"].get<double>();
    check(worst <= allowed, "|d logprob| is " + std::to_string(worst) + ", the reference's own bf16 distance allows " + std::to_string(allowed));
    if (bf16 || tolerance > 1e-4)
        return;  // fewer digits move with the batch
    std::vector<engine::PreparedImage> views;
    for (const HashImage& image : images)
        views.push_back(image.view());
    runSameImageSameNumber(backend, views);
}

// Off: the same best label, no number. On: the k asked for.
inline void runSwitchCase(engine::Backend& backend, const engine::PreparedImage& image) {
    engine::ScoreOptions options;
    options.top_k = 3;
    const engine::ScoreRows on = backend.classify({&image, 1}, options, {});
    options.logprobs = false;
    const engine::ScoreRows off = backend.classify({&image, 1}, options, {});
    check(on.k == 3 && on.ids.size() == 3 && on.logprobs[0] > on.logprobs[1], "three candidates, best first");
    check(off.k == 1 && off.ids == std::vector<int32_t>{on.ids[0]}, "the best label alone");
    check(std::isnan(off.logprobs[0]) && std::isnan(off.entropy[0]) && std::isnan(off.logsumexp[0]), "no number with the switch off");
    check(on.device_syncs == off.device_syncs, "the switch costs no wait");
}

}  // namespace shortlist::test
