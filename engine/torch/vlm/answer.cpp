// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/vlm/answer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace shortlist::torch_backend {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Draws from the smallest set of tokens, best first, whose probabilities reach `share`; -1 when the list ends before that.
template <typename Probability>
int32_t drawFrom(int64_t count, const int32_t* ids, Probability probability, double share, double dice) {
    double mass = 0;
    int64_t kept = 0;
    while (kept < count && mass < share)
        mass += probability(kept++);
    if (mass < share && mass < 1 - 1e-9)
        return -1;
    double left = dice * mass;
    for (int64_t j = 0; j < kept; ++j)
        if ((left -= probability(j)) < 0)
            return ids[j];
    return ids[kept - 1];
}

// The same over the whole vocabulary, on the host: for a distribution so flat that the best 128 do not reach top_p.
int32_t drawFromAll(const at::Tensor& row, float logsumexp, double inverse, double share, double dice) {
    const at::Tensor host = row.cpu();
    const auto* logits = host.const_data_ptr<float>();
    std::vector<int32_t> ids(static_cast<size_t>(host.numel()));
    std::iota(ids.begin(), ids.end(), 0);
    std::stable_sort(ids.begin(), ids.end(), [&](int32_t a, int32_t b) { return logits[a] > logits[b]; });
    const auto probability = [&](int64_t j) { return std::exp(logits[ids[static_cast<size_t>(j)]] * inverse - logsumexp); };
    double total = 0;
    for (int64_t j = 0; j < host.numel(); ++j)
        total += probability(j);
    const int32_t id = drawFrom(host.numel(), ids.data(), probability, std::min(share, total * (1 - 1e-6)), dice);
    return id < 0 ? ids[0] : id;
}

}  // namespace

int32_t AnswerWriter::choose(Draft& draft, const Selector::Rows& reported, const Selector::Rows& sampled, int64_t r, const at::Tensor& logits) const {
    if (m_task.sample_temperature <= 0)
        return reported.out.ids[r * reported.k];
    const double dice = std::uniform_real_distribution<double>()(draft.random), inverse = 1 / m_task.sample_temperature;
    const int32_t* ids = sampled.out.ids + r * sampled.k;
    const float* logprobs = sampled.out.logprobs + r * sampled.k;
    const int32_t id = drawFrom(sampled.k, ids, [&](int64_t j) { return std::exp(static_cast<double>(logprobs[j])); }, m_task.top_p, dice);
    return id >= 0 ? id : drawFromAll(logits.select(0, r), sampled.out.logsumexp[r], inverse, m_task.top_p, dice);
}

void AnswerWriter::add(Draft& draft, int32_t token, float logprob, const Selector::Rows& reported, int64_t r, const engine::ScoreOptions& options) const {
    draft.last = token;
    ++draft.written;
    draft.logprob += logprob;
    const bool ends = m_chat.ends().contains(token);
    if (!ends)
        draft.answer.text += draft.stream.add(m_tokenizer.bytesOf(token));
    if (options.logprobs) {
        engine::AnswerToken shown{choiceOf(token, logprob), {}};
        for (int64_t j = r * reported.k; j < (r + 1) * reported.k; ++j)
            shown.top.push_back(choiceOf(reported.out.ids[j], reported.out.logprobs[j]));
        draft.answer.tokens.push_back(std::move(shown));
    }
    draft.answer.logprob = options.logprobs ? static_cast<float>(draft.logprob) : kNan;
    draft.answer.finished = ends;
    if (options.partial)
        options.partial(draft.row, draft.answer);
}

void AnswerWriter::write(Decoder& decoder, Selector& selector, Qwen2Vl::Prefilled& prefilled, const engine::ScoreOptions& options, engine::ScoreRows& rows,
                         const std::stop_token& stop) const {
    std::vector<Draft> drafts;
    for (size_t row = 0; row < prefilled.sequences.size(); ++row)
        drafts.push_back({row, prefilled.sequences[row], {}, {}, std::mt19937_64(m_task.seed)});
    std::vector<Draft*> open;
    for (Draft& draft : drafts)
        open.push_back(&draft);
    at::Tensor states = prefilled.states;  // [open, size]
    while (!open.empty()) {
        const at::Tensor logits = decoder.logits(states);  // [open, vocabulary]
        const Selector::Rows reported = selector(logits, options.logprobs ? options.top_k : 1);
        const Selector::Rows sampled = m_task.sample_temperature > 0 ? selector(logits, kernels::kMaxTopk, static_cast<float>(1 / m_task.sample_temperature)) : Selector::Rows();
        std::vector<Draft*> goOn;
        for (size_t i = 0; i < open.size(); ++i) {
            const auto r = static_cast<int64_t>(i);
            Draft& draft = *open[i];
            draft.nonfinite = reported.out.nonfinite[r] != 0;
            if (draft.nonfinite)
                continue;
            const int32_t token = choose(draft, reported, sampled, r, logits);
            const auto* best = reported.out.ids + r * reported.k;
            const auto found = std::find(best, best + reported.k, token) - best;
            const float logprob = found < reported.k ? reported.out.logprobs[r * reported.k + found]
                                                     : logits.select(0, r).select(0, token).item<float>() - reported.out.logsumexp[r];
            add(draft, token, logprob, reported, r, options);
            if (!draft.answer.finished && draft.written < m_task.max_tokens)
                goOn.push_back(&draft);
        }
        open = std::move(goOn);
        if (open.empty())
            break;
        std::vector<int32_t> tokens;
        std::vector<Place> places;
        std::vector<Span> spans;
        for (Draft* draft : open) {
            const int32_t at = draft->sequence.next++;
            tokens.push_back(draft->last);
            places.push_back({at, at, at});
            spans.push_back({&draft->sequence.cache, 1, false, false, {}});
        }
        states = decoder.forward(decoder.embed(tokens), places, spans, stop);
    }
    rows.k = 1;
    for (Draft& draft : drafts) {
        draft.answer.text += draft.stream.finish();
        rows.ids.push_back(draft.nonfinite ? -1 : 0);
        rows.logprobs.push_back(draft.nonfinite ? kNan : draft.answer.logprob);
        rows.logsumexp.push_back(kNan);
        rows.entropy.push_back(kNan);
        rows.nonfinite.push_back(draft.nonfinite);
        rows.answers.push_back(std::move(draft.answer));
    }
}

}  // namespace shortlist::torch_backend
