// SPDX-License-Identifier: Apache-2.0
#include "engine/records.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/jobs/utf8.h"

namespace shortlist::engine {
namespace {

using Json = nlohmann::ordered_json;

// Seven digits carry every fp32 value; more would only spell out the conversion to binary.
Json number(double value, int digits = 7) {
    if (!std::isfinite(value))
        return nullptr;
    if (value == 0)
        return 0.0;
    const double scale = std::pow(10.0, digits - 1 - static_cast<int>(std::floor(std::log10(std::fabs(value)))));
    return std::isfinite(scale) ? std::round(value * scale) / scale : value;
}

std::string base64(const std::string& bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<size_t>(length));
    return text;
}

Json candidateJson(const Outcome& outcome, size_t rank) {
    const Candidate& candidate = outcome.candidates[rank];
    Json json{{"rank", rank + 1}, {"index", candidate.index}, {"label", outcome.label(rank)}};
    const bool impossible = std::isinf(candidate.logprob);
    json["logprob"] = number(candidate.logprob);
    json["confidence"] = number(std::exp(static_cast<double>(candidate.logprob)));
    if (impossible) {
        json["confidence"] = 0;
        json["neg_inf"] = true;
    }
    if (outcome.set) {
        json["set_confidence"] = number(candidate.set_confidence);
        json["mean_logprob"] = number(candidate.mean_logprob);
    }
    return json;
}

Json choiceJson(const TokenChoice& choice) { return {{"id", choice.id}, {"text", choice.text}, {"logprob", number(choice.logprob)}}; }

void addAnswer(Json& json, const Answer& answer, int topK) {
    json["answer"] = answer.text;
    json["finished"] = answer.finished;
    json["tokens"] = Json::array();
    for (const AnswerToken& token : answer.tokens) {
        Json one = choiceJson(token.chosen);
        one["top"] = Json::array();
        for (size_t rank = 0; rank < std::min(token.top.size(), static_cast<size_t>(topK)); ++rank)
            one["top"].push_back(choiceJson(token.top[rank]));
        json["tokens"].push_back(std::move(one));
    }
}

void addSet(Json& json, const SetMass& set) {
    json["out_of_set"] = number(set.out_of_set);
    if (set.unscored_mass > 0) {
        json["out_of_set_exact"] = false;
        json["unscored_mass"] = number(set.unscored_mass);
    }
}

Json modelJson(const ModelIdentity& model) {
    return {{"name", model.name},
            {"sha256", model.sha256.empty() ? Json(nullptr) : Json(model.sha256)},
            {"dtype", model.dtype},
            {"backend", model.backend}};
}

void addScores(Json& json, const Outcome& outcome, int topK) {
    json["width"] = outcome.width;
    json["height"] = outcome.height;
    json["decode"] = outcome.decode;
    json["notes"] = outcome.notes;
    const size_t shown = std::min(outcome.candidates.size(), static_cast<size_t>(topK));
    json["candidates"] = Json::array();
    for (size_t rank = 0; rank < shown; ++rank)
        json["candidates"].push_back(candidateJson(outcome, rank));
    if (outcome.model->sigmoid)
        json["activation"] = "sigmoid";
    json["logsumexp"] = number(outcome.logsumexp);
    json["entropy"] = number(outcome.entropy);
    json["margin"] = number(outcome.margin());
    json["out_of_set"] = nullptr;
    if (outcome.set)
        addSet(json, *outcome.set);
    if (outcome.answer)
        addAnswer(json, *outcome.answer, topK);
    json["temperature"] = number(outcome.temperature);
    json["model"] = modelJson(*outcome.model);
    constexpr int kTimeDigits = 4;
    json["ms"] = {{"decode", number(outcome.ms.decode, kTimeDigits)},
                  {"preprocess", number(outcome.ms.preprocess, kTimeDigits)},
                  {"model", number(outcome.ms.model, kTimeDigits)},
                  {"topk", number(outcome.ms.topk, kTimeDigits)}};
}

}  // namespace

std::string jsonRecord(const Outcome& outcome, int topK) {
    const std::string path = toValidUtf8(outcome.path);
    Json json{{"schema", 1}, {"path", path}};
    if (path != outcome.path)
        json["path_b64"] = base64(outcome.path);
    json["status"] = outcome.ok() ? "ok" : "failed";
    if (outcome.ok())
        addScores(json, outcome, topK);
    else
        json["error"] = {{"kind", errorKindName(outcome.failure->kind)}, {"message", outcome.failure->message}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace shortlist::engine
