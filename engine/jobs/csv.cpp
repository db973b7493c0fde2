// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cmath>

#include "engine/jobs/utf8.h"
#include "engine/records.h"

namespace shortlist::engine {
namespace {

constexpr const char* kEnd = "\r\n";

// Locale-independent; seven digits carry every fp32 value.
std::string number(double value) {
    if (!std::isfinite(value))
        return "";
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 7).ptr;
    return {text, end};
}

std::string cell(const std::string& bytes) {
    std::string text = toValidUtf8(bytes);
    if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos)
        text.insert(0, 1, '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string candidateCells(const Outcome& outcome, size_t rank) {
    if (!outcome.ok() || rank >= outcome.candidates.size())
        return ",,,";
    const float logprob = outcome.candidates[rank].logprob;
    // -inf has no number of its own, but its confidence is 0
    return "," + cell(outcome.label(rank)) + "," + number(logprob) + "," + number(std::exp(static_cast<double>(logprob)));
}

}  // namespace

std::string csvHeader(int topK) {
    std::string line = "path,status,error_kind,error_message,width,height,entropy,margin,out_of_set";
    for (int rank = 1; rank <= topK; ++rank)
        line += ",label_" + std::to_string(rank) + ",logprob_" + std::to_string(rank) + ",confidence_" + std::to_string(rank);
    return line + kEnd;
}

std::string csvRecord(const Outcome& outcome, int topK) {
    std::string line = cell(outcome.path);
    if (outcome.ok())
        line += ",ok,,," + std::to_string(outcome.width) + "," + std::to_string(outcome.height) + "," + number(outcome.entropy) + "," + number(outcome.margin()) + "," + (outcome.set ? number(outcome.set->out_of_set) : "");
    else
        line += std::string(",failed,") + errorKindName(outcome.failure->kind) + "," + cell(outcome.failure->message) + ",,,,,";
    for (int rank = 0; rank < topK; ++rank)
        line += candidateCells(outcome, static_cast<size_t>(rank));
    return line + kEnd;
}

std::string recordHeader(RecordFormat format, int topK) { return format == RecordFormat::Csv ? csvHeader(topK) : std::string(); }

std::string formatRecord(RecordFormat format, const Outcome& outcome, int topK) {
    switch (format) {
        case RecordFormat::Table: return tableRecord(outcome, topK);
        case RecordFormat::Jsonl: return jsonRecord(outcome, topK) + "\n";
        case RecordFormat::Csv: return csvRecord(outcome, topK);
    }
    return {};
}

}  // namespace shortlist::engine
