// SPDX-License-Identifier: Apache-2.0
#include "engine/label_list.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

#include "engine/error.h"

namespace shortlist::engine {
namespace {

[[noreturn]] void refuse(const std::string& sentence) { throw Error(ErrorKind::Usage, sentence); }

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
    if (text.starts_with("\xEF\xBB\xBF"))  // what some editors put in front of UTF-8
        text.remove_prefix(3);
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

std::string withCapitalVariants(std::string_view text) {
    std::vector<Label> labels = parseLabels(text);
    std::unordered_map<std::string, size_t> owners;
    for (size_t i = 0; i < labels.size(); ++i)
        for (const std::string& variant : labels[i].variants)
            owners.emplace(variant, i);
    std::string lines;
    for (size_t i = 0; i < labels.size(); ++i) {
        std::string other = labels[i].name;
        const auto first = static_cast<unsigned char>(other[0]);
        other[0] = static_cast<char>(first >= 0x80 ? first : std::islower(first) ? std::toupper(first) : std::tolower(first));
        if (owners.emplace(other, i).second)
            labels[i].variants.push_back(other);
        for (size_t v = 0; v < labels[i].variants.size(); ++v)
            lines += (v ? " | " : "") + labels[i].variants[v];
        lines += "\n";
    }
    return lines;
}

}  // namespace shortlist::engine
