// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/text/labels.h"

#include <algorithm>

#include "engine/error.h"

namespace shortlist::torch_backend {
namespace {

[[noreturn]] void refuse(const std::string& sentence) { throw engine::Error(engine::ErrorKind::Usage, sentence); }

}  // namespace

LabelTrie::LabelTrie(const std::vector<Label>& labels, const std::function<std::vector<int32_t>(const std::string&)>& encode)
    : m_nodes(1), m_ends(labels.size()) {
    for (size_t label = 0; label < labels.size(); ++label)
        for (const std::string& variant : labels[label].variants)
            insert(labels, label, variant, encode(variant));
    orderByDepth();
}

// Renumbers the nodes so that every subtree is a run of numbers: nodes that are scored together then share their ancestors.
void LabelTrie::orderByDepth() {
    std::vector<int32_t> order, waiting = {0}, place(m_nodes.size());
    while (!waiting.empty()) {
        const int32_t at = waiting.back();
        waiting.pop_back();
        place[static_cast<size_t>(at)] = static_cast<int32_t>(order.size());
        order.push_back(at);
        waiting.insert(waiting.end(), node(at).children.rbegin(), node(at).children.rend());
    }
    std::vector<Node> nodes;
    for (const int32_t at : order) {
        nodes.push_back(std::move(m_nodes[static_cast<size_t>(at)]));
        Node& moved = nodes.back();
        moved.parent = moved.parent < 0 ? -1 : place[static_cast<size_t>(moved.parent)];
        for (int32_t& child : moved.children)
            child = place[static_cast<size_t>(child)];
    }
    m_nodes = std::move(nodes);
    for (std::vector<int32_t>& ends : m_ends)
        for (int32_t& end : ends)
            end = place[static_cast<size_t>(end)];
}

void LabelTrie::insert(const std::vector<Label>& labels, size_t label, const std::string& variant, const std::vector<int32_t>& tokens) {
    if (tokens.empty())
        refuse("The label \"" + variant + "\" has no tokens: the model cannot answer with it.");
    if (tokens.size() > kMaxTokens)
        refuse("The label \"" + variant.substr(0, 40) + "...\" has " + std::to_string(tokens.size()) + " tokens; at most " + std::to_string(kMaxTokens) + " are allowed.");
    int32_t at = 0;
    for (const int32_t token : tokens) {
        if (node(at).label >= 0)
            refuse("The labels \"" + labels[static_cast<size_t>(node(at).label)].name + "\" and \"" + variant + "\" cannot be told apart: one's tokens begin the other's.");
        at = childOf(at, token);
    }
    Node& end = m_nodes[static_cast<size_t>(at)];
    if (end.label == static_cast<int32_t>(label))
        return;  // two spellings of it that the tokenizer makes one
    if (end.label >= 0 || !end.children.empty()) {
        const std::string other = end.label >= 0 ? labels[static_cast<size_t>(end.label)].name : "a longer one";
        refuse("The labels \"" + other + "\" and \"" + variant + "\" have the same tokens: take one of them away.");
    }
    end.label = static_cast<int32_t>(label);
    m_ends[label].push_back(at);
}

int32_t LabelTrie::childOf(int32_t parent, int32_t token) {
    for (const int32_t child : node(parent).children)
        if (node(child).token == token)
            return child;
    const auto child = static_cast<int32_t>(m_nodes.size());
    m_nodes.push_back({token, parent, node(parent).depth + 1, -1, {}});
    m_nodes[static_cast<size_t>(parent)].children.push_back(child);
    return child;
}

size_t LabelTrie::innerCount() const {
    return static_cast<size_t>(std::count_if(m_nodes.begin(), m_nodes.end(), [](const Node& node) { return !node.children.empty(); }));
}

}  // namespace shortlist::torch_backend
