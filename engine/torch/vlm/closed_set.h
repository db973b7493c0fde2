// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/backend.h"
#include "engine/torch/models/qwen2_vl.h"
#include "engine/torch/selection.h"
#include "engine/torch/text/chat.h"
#include "engine/torch/text/label_search.h"

namespace shortlist::torch_backend {

// The labels that a vision-language model may answer with, as a tree of tokens, and their exact joint logprobs after a prefilled prompt. The
// nodes that a search asks for run together, each seeing the prompt and its own ancestors (tree attention: Miao et al., SpecInfer, 2023).
class ClosedSet {
  public:
    // Throws engine::Error(Usage) for labels that cannot be told apart or encoded, by name.
    ClosedSet(const std::vector<Label>& labels, const Chat& chat, engine::Task::Search search);

    const std::vector<std::string>& names() const { return m_names; }
    // Of the longest label, its end of turn included.
    int64_t longest() const { return m_longest; }

    // One row an image. Fills everything of `rows` that stands for scores. Throws engine::Error(Cancelled).
    void score(Decoder& decoder, Selector& selector, Qwen2Vl::Prefilled& prefilled, const engine::ScoreOptions& options, engine::ScoreRows& rows,
               const std::stop_token& stop) const;

  private:
    // The search for one image.
    struct Tree {
        Sequence& sequence;
        LabelSearch search;
        int64_t prompt;                              // rows of it in the cache
        std::unordered_map<int32_t, int64_t> place;  // of nodes in the cache
        bool nonfinite = false;
    };
    // Nodes of one tree that are scored together.
    struct Chunk {
        Tree* tree;
        std::vector<int32_t> asked;  // ascending
        std::vector<int32_t> fed;    // those and the ancestors that are not in the cache, ascending: parents first
    };

    Chunk chunkOf(Tree& tree, std::vector<int32_t> asked) const;
    at::Tensor maskOf(const Chunk& chunk, at::Device device) const;
    void expand(Decoder& decoder, Selector& selector, std::vector<Chunk>& chunks, const std::stop_token& stop) const;
    void answer(Decoder& decoder, Selector& selector, const at::Tensor& states, const std::vector<std::pair<Tree*, int32_t>>& nodes) const;
    void report(const Tree& tree, size_t k, const engine::ScoreOptions& options, engine::ScoreRows& rows) const;

    std::vector<std::string> m_names;
    std::unique_ptr<LabelTrie> m_trie;
    SearchMode m_search;
    int64_t m_longest = 0;
};

}  // namespace shortlist::torch_backend
