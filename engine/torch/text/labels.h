// SPDX-License-Identifier: Apache-2.0
// The labels of a closed set as tokens.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/label_list.h"

namespace shortlist::torch_backend {

using engine::Label;

// The token sequences of all variants as a tree. Node 0 is the root: what comes after the prompt; parents come before their children, and a
// subtree is a run of numbers.
class LabelTrie {
  public:
    struct Node {
        int32_t token = -1;   // on the way to it
        int32_t parent = -1;
        int32_t depth = 0;    // tokens from the root
        int32_t label = -1;   // that ends here; then there are no children
        std::vector<int32_t> children;
    };
    static constexpr size_t kMaxTokens = 1024;  // of one variant

    // `encode` gives the tokens of an answer, the end-of-turn token included. Throws engine::Error(Usage): an empty encoding, one of more
    // than kMaxTokens, two labels with the same one; the message names them.
    LabelTrie(const std::vector<Label>& labels, const std::function<std::vector<int32_t>(const std::string&)>& encode);

    const std::vector<Node>& nodes() const { return m_nodes; }
    const Node& node(int32_t index) const { return m_nodes[static_cast<size_t>(index)]; }
    size_t labelCount() const { return m_ends.size(); }
    // The nodes where the variants of a label end, the name's first.
    const std::vector<int32_t>& endsOf(size_t label) const { return m_ends[label]; }
    // Nodes whose children must be scored.
    size_t innerCount() const;

  private:
    void orderByDepth();
    int32_t childOf(int32_t parent, int32_t token);
    void insert(const std::vector<Label>& labels, size_t label, const std::string& variant, const std::vector<int32_t>& tokens);

    std::vector<Node> m_nodes;
    std::vector<std::vector<int32_t>> m_ends;
};

}  // namespace shortlist::torch_backend
