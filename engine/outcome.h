// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/backend.h"
#include "engine/error.h"

namespace shortlist::engine {

constexpr int kKeptCandidates = 20;  // results keep this many, so that k changes without running again

// What a record says about the model, shared by all its outcomes.
struct ModelIdentity {
    std::string name;
    std::string sha256;  // empty until known
    std::string dtype;
    std::string backend;
    std::vector<std::string> labels;
    bool sigmoid = false;  // each class for itself: no logsumexp, no entropy
    std::vector<std::string> notes;  // for every record
};

struct Candidate {
    int32_t index = -1;
    float logprob = 0;  // natural logarithm; NaN when the switch was off, -inf for probability 0
    // Closed sets of a vision-language model, NaN elsewhere: the probability among the labels, and the joint logprob a token.
    float set_confidence = std::numeric_limits<float>::quiet_NaN();
    float mean_logprob = std::numeric_limits<float>::quiet_NaN();
};

// How much of the probability lies outside the closed set.
struct SetMass {
    double out_of_set = 0;     // an upper bound where labels were left out; NaN with the switch off
    double unscored_mass = 0;  // of the labels that the search left out
};

struct StageTimes {  // milliseconds for this image; batch stages are shared evenly
    double decode = 0;
    double wait = 0;
    double preprocess = 0;
    double model = 0;
    double topk = 0;
};

struct Failure {
    ErrorKind kind = ErrorKind::Internal;
    std::string message;
};

// The result of one request: a value that crosses threads. Either `failure` is set or `candidates` is not empty.
struct Outcome {
    uint64_t id = 0;
    uint64_t job = 0;
    std::string path;
    int32_t width = 0;  // after orientation; 0 when unknown
    int32_t height = 0;
    std::string decode = "exact";
    std::vector<std::string> notes;
    bool logprobs = true;               // the switch when it was scored
    std::vector<Candidate> candidates;  // best first; ties by lower index
    float logsumexp = 0;
    float entropy = 0;
    float temperature = 1;
    std::shared_ptr<const ModelIdentity> model;
    StageTimes ms;
    std::optional<SetMass> set;       // closed sets
    std::optional<Answer> answer;     // answer mode: the one candidate is the answer
    std::optional<Failure> failure;

    bool ok() const { return !failure; }
    const std::string& label(size_t rank) const { return answer ? answer->text : model->labels[static_cast<size_t>(candidates[rank].index)]; }
    // What a bar shows: the probability, of closed sets the one among the labels. NaN with the switch off.
    double confidence(size_t rank) const;
    // Logprob gap of the two best in nats; NaN with fewer than two candidates or the switch off.
    float margin() const;
};

}  // namespace shortlist::engine
