// SPDX-License-Identifier: Apache-2.0
// The closed set that a vision-language model may answer with, as people write it. Standard library only.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shortlist::engine {

// One label: the name that is shown and the answers that mean it, the name first. Its probability is the sum over them.
struct Label {
    std::string name;
    std::vector<std::string> variants;
};

// One label a line, `#` begins a comment line, variants are separated by "|". Spaces around a variant do not count, a variant that
// stands twice in its line counts once. Throws engine::Error(Usage): no label, a line without a name, a variant that two lines have.
std::vector<Label> parseLabels(std::string_view text);

// Pairs of labels that differ only by case or by spaces, as indices: legal, and seldom meant.
std::vector<std::pair<size_t, size_t>> nearlyEqualLabels(const std::vector<Label>& labels);

// The same lines, each label with its capitalised, or else its lower-case, spelling as a variant, unless that would be one of another label.
// Letters of ASCII only.
std::string withCapitalVariants(std::string_view text);

}  // namespace shortlist::engine
