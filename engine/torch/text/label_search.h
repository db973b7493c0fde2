// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "engine/torch/text/labels.h"

namespace shortlist::torch_backend {

enum class SearchMode : uint8_t { Auto, All, Best };

// Finds the labels with the highest joint logprob. It asks for nodes, the model answers with the logprobs of their children's tokens:
//
//   for (nodes = search.next(); !nodes.empty(); nodes = search.next())
//       for each node: search.answer(node, logprobs of its children, in their order);
//
// All asks for every inner node. Best asks for the most probable frontier nodes first: the logprob of a prefix bounds every label below
// it, so the search ends when nothing unscored can come among the k best and the frontier's mass is at most 0.1 % of the scored one. The k best and
// their logprobs are the same in both. Auto is All up to kAllUpTo nodes.
class LabelSearch {
  public:
    static constexpr size_t kAllUpTo = 512;
    static constexpr size_t kChunk = 16;  // nodes that Best asks for at once
    static constexpr double kOpenShare = 1e-3;

    LabelSearch(const LabelTrie& trie, SearchMode mode, size_t k);

    // Inner nodes whose children are to be scored now; parents come before their children. Empty: finished.
    std::vector<int32_t> next();
    // logprobs: natural logarithms of the children's tokens after this node's prefix, in the order of node.children; -inf is legal.
    void answer(int32_t node, std::span<const float> logprobs);

    // Logprob of a label, summed over its tokens and its variants; a lower bound until complete(label).
    double logprob(size_t label) const { return m_labels[label].logprob; }
    bool complete(size_t label) const { return m_labels[label].open == 0; }
    // Complete labels, the most probable first, ties by lower index; at most k.
    std::vector<size_t> ranking() const;
    double scoredMass() const;
    // How much probability is left on prefixes that were not followed: 0 when all labels were scored.
    double openMass() const;
    size_t opened() const { return m_opened; }

  private:
    struct State {
        double logprob;       // of the variants that are scored
        int32_t open = 0;     // variants that are not
    };

    auto frontierOrder() const;
    bool isDecided() const;
    // The most that a label can still reach.
    double upperBound(size_t label) const;

    const LabelTrie& m_trie;
    bool m_all;
    size_t m_k;
    std::vector<State> m_labels;
    std::vector<double> m_prefix;    // logprob of a node's prefix; NaN: not known yet
    std::vector<int32_t> m_frontier;  // inner nodes with a known prefix that were not asked for, a heap by it
    size_t m_opened = 0;
    bool m_started = false;
};

}  // namespace shortlist::torch_backend
