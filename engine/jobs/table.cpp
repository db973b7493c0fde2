// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/jobs/utf8.h"
#include "engine/records.h"

namespace shortlist::engine {
namespace {

constexpr int kBarWidth = 24;
constexpr size_t kLabelColumn = 28;

std::string percent(double confidence) {
    if (std::isnan(confidence))
        return "     -";
    char text[16];
    std::snprintf(text, sizeof text, "%5.1f%%", 100 * confidence);
    return text;
}

std::string bar(double confidence) {
    const double share = std::isnan(confidence) ? 0 : confidence;
    std::string text;
    for (int i = 0; i < static_cast<int>(std::lround(share * kBarWidth)); ++i)
        text += "#";
    return text;
}

}  // namespace

std::string printablePath(const std::string& path) {
    std::string text;
    for (const char c : toValidUtf8(path)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            text += c;
            continue;
        }
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
        text += escaped;
    }
    return text;
}

std::string tableRecord(const Outcome& outcome, int topK) {
    const std::string path = printablePath(outcome.path);
    if (!outcome.ok())
        return path + "\n    " + errorKindName(outcome.failure->kind) + ": " + printablePath(outcome.failure->message) + "\n";
    std::string text = path + "\n";
    const size_t shown = std::min(outcome.candidates.size(), static_cast<size_t>(topK));
    for (size_t rank = 0; rank < shown; ++rank) {
        const double confidence = outcome.confidence(rank);
        std::string label = printablePath(outcome.label(rank));
        label.resize(std::max(label.size(), kLabelColumn), ' ');
        char number[32];
        std::snprintf(number, sizeof number, "%4zu  ", rank + 1);
        std::string line = number + percent(confidence) + "  " + label + " " + bar(confidence);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    if (outcome.set && !std::isnan(outcome.set->out_of_set))
        text += "      " + percent(outcome.set->out_of_set) + "  (none of the labels" + (outcome.set->unscored_mass > 0 ? ", at most)\n" : ")\n");
    return text;
}

}  // namespace shortlist::engine
