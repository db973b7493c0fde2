// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend_loader.h"
#include "engine/decode.h"
#include "tests/support/check.h"

namespace shortlist::test {

inline engine::PreparedImage viewOf(const engine::DecodedImage& image) {
    return {image.pixels.data(), image.width, image.height, 3 * static_cast<int64_t>(image.width), image.width, image.height};
}

// All logits of one image (at most 128 classes): logit = logprob + logsumexp.
inline std::vector<double> logitsOf(engine::Backend& backend, const engine::DecodedImage& image) {
    engine::ScoreOptions options;
    options.top_k = 128;
    const engine::PreparedImage view = viewOf(image);
    const engine::ScoreRows rows = backend.classify({&view, 1}, options, {});
    std::vector<double> logits(rows.ids.size());
    for (size_t j = 0; j < rows.ids.size(); ++j)
        logits.at(static_cast<size_t>(rows.ids[j])) = static_cast<double>(rows.logprobs[j]) + rows.logsumexp[0];
    return logits;
}

// max |d| <= 1e-4 x max |logit|
inline void checkLogits(const std::vector<double>& got, const std::vector<double>& expected, double tolerance = 1e-4) {
    check(got.size() == expected.size(), "the number of classes differs");
    double largest = 0, worst = 0;
    for (size_t i = 0; i < got.size(); ++i) {
        largest = std::max(largest, std::fabs(expected[i]));
        worst = std::max(worst, std::fabs(got[i] - expected[i]));
    }
    check(worst <= tolerance * largest, "max |d| is " + std::to_string(worst) + " at max |logit| " + std::to_string(largest));
}

}  // namespace shortlist::test
