// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <stop_token>

#include "engine/backend.h"
#include "engine/torch/models/qwen2_vl.h"
#include "engine/torch/selection.h"
#include "engine/torch/text/chat.h"
#include "engine/torch/text/utf8.h"

namespace shortlist::torch_backend {

// Free answers, token by token, for all images of a batch together: each step is one forward, one fused top-k pass and one small copy.
class AnswerWriter {
  public:
    AnswerWriter(const Tokenizer& tokenizer, const Chat& chat, const engine::Task& task) : m_tokenizer(tokenizer), m_chat(chat), m_task(task) {}

    // One row an image. Fills everything of `rows` that stands for scores. Throws engine::Error(Cancelled).
    void write(Decoder& decoder, Selector& selector, Qwen2Vl::Prefilled& prefilled, const engine::ScoreOptions& options, engine::ScoreRows& rows,
               const std::stop_token& stop) const;

  private:
    struct Draft {
        size_t row;
        Sequence& sequence;
        engine::Answer answer;
        Utf8Stream stream;
        std::mt19937_64 random;
        double logprob = 0;
        int written = 0;
        int32_t last = -1;
        bool nonfinite = false;
    };

    int32_t choose(Draft& draft, const Selector::Rows& reported, const Selector::Rows& sampled, int64_t r, const at::Tensor& logits) const;
    void add(Draft& draft, int32_t token, float logprob, const Selector::Rows& reported, int64_t r, const engine::ScoreOptions& options) const;
    engine::TokenChoice choiceOf(int32_t id, float logprob) const { return {id, m_tokenizer.bytesOf(id), logprob}; }

    const Tokenizer& m_tokenizer;
    const Chat& m_chat;
    const engine::Task& m_task;
};

}  // namespace shortlist::torch_backend
