// SPDX-License-Identifier: Apache-2.0
// The closed set that a vision-language model may answer with.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace shortlist::torch_backend {

// One label: the name that is shown and the answers that mean it, the name first. Its probability is the sum over them.
struct Label {
    std::string name;
    std::vector<std::string> variants;
};

// One label a line, `#` begins a comment line, variants are separated by "|". Spaces around a variant do not count, a variant that
// stands twice in its line counts once. Throws engine::Error(Model): no label, a line without a name, a variant that two lines have.
std::vector<Label> parseLabels(std::string_view text);

// Pairs of labels that differ only by case or by spaces, as indices: legal, and seldom meant.
std::vector<std::pair<size_t, size_t>> nearlyEqualLabels(const std::vector<Label>& labels);

// The token sequences of all variants as a tree. Node 0 is the root: what comes after the prompt.
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

    // `encode` gives the tokens of an answer, the end-of-turn token included. Throws engine::Error(Model): an empty encoding, one of more
    // than kMaxTokens, two labels with the same one; the message names them.
    LabelTrie(const std::vector<Label>& labels, const std::function<std::vector<int32_t>(const std::string&)>& encode);

    const std::vector<Node>& nodes() const { return m_nodes; }
    const Node& node(int32_t index) const { return m_nodes[static_cast<size_t>(index)]; }
    size_t labelCount() const { return m_ends.size(); }
    // The nodes where the variants of a label end.
    const std::vector<int32_t>& endsOf(size_t label) const { return m_ends[label]; }
    // Nodes whose children must be scored.
    size_t innerCount() const;

  private:
    int32_t childOf(int32_t parent, int32_t token);
    void insert(const std::vector<Label>& labels, size_t label, const std::string& variant, const std::vector<int32_t>& tokens);

    std::vector<Node> m_nodes;
    std::vector<std::vector<int32_t>> m_ends;
};

}  // namespace shortlist::torch_backend
