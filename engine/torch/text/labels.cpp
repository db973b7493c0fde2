// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/text/labels.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

#include "engine/error.h"

namespace shortlist::torch_backend {
namespace {

[[noreturn]] void refuse(const std::string& sentence) { throw engine::Error(engine::ErrorKind::Model, sentence); }

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r";
    const size_t begin = text.find_first_not_of(kBlanks);
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// Calls `each` for the parts of a text between separators.
template <typename Each>
void split(std::string_view text, char separator, Each each) {
    for (size_t begin = 0; begin <= text.size();) {
        const size_t end = std::min(text.find(separator, begin), text.size());
        each(text.substr(begin, end - begin));
        begin = end + 1;
    }
}

std::string withoutCaseAndSpaces(const std::string& text) {
    std::string plain;
    for (const char c : text)
        if (!std::isspace(static_cast<unsigned char>(c)))
            plain += static_cast<char>(static_cast<unsigned char>(c) < 0x80 ? std::tolower(c) : c);
    return plain;
}

}  // namespace

std::vector<Label> parseLabels(std::string_view text) {
    std::vector<Label> labels;
    std::unordered_map<std::string, size_t> owners;  // of each variant
    size_t line = 0;
    split(text, '\n', [&](std::string_view whole) {
        ++line;
        const std::string_view content = trimmed(whole);
        if (content.empty() || content.front() == '#')
            return;
        Label label;
        split(content, '|', [&](std::string_view part) {
            const std::string variant(trimmed(part));
            if (variant.empty())
                refuse("Line " + std::to_string(line) + " of the labels, \"" + std::string(content) + "\", has a variant without a name.");
            const auto [owner, isNew] = owners.try_emplace(variant, labels.size());
            if (!isNew && owner->second != labels.size())
                refuse("The label \"" + variant + "\" stands twice: as \"" + labels[owner->second].name + "\" and in line " + std::to_string(line) + ". Take one of them away.");
            if (isNew)
                label.variants.push_back(variant);
        });
        label.name = label.variants.front();
        labels.push_back(std::move(label));
    });
    if (labels.empty())
        refuse("There are no labels: write one a line.");
    return labels;
}

std::vector<std::pair<size_t, size_t>> nearlyEqualLabels(const std::vector<Label>& labels) {
    std::unordered_map<std::string, size_t> first;
    std::vector<std::pair<size_t, size_t>> pairs;
    for (size_t i = 0; i < labels.size(); ++i)
        for (const std::string& variant : labels[i].variants) {
            const auto [found, isNew] = first.try_emplace(withoutCaseAndSpaces(variant), i);
            if (!isNew && found->second != i && (pairs.empty() || pairs.back() != std::pair(found->second, i)))
                pairs.emplace_back(found->second, i);
        }
    return pairs;
}

LabelTrie::LabelTrie(const std::vector<Label>& labels, const std::function<std::vector<int32_t>(const std::string&)>& encode)
    : m_nodes(1), m_ends(labels.size()) {
    for (size_t label = 0; label < labels.size(); ++label)
        for (const std::string& variant : labels[label].variants)
            insert(labels, label, variant, encode(variant));
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
