// SPDX-License-Identifier: Apache-2.0
// Results as text, the same for the command line and the window.
#pragma once

#include <memory>
#include <string>

#include "engine/outcome.h"

namespace shortlist::engine {

// One line of JSON without the newline: record schema 1. At most `topK` candidates. Bytes of the path that are no UTF-8
// become U+FFFD and `path_b64` holds the raw bytes.
std::string jsonRecord(const Outcome& outcome, int topK);

// One line of CSV (RFC 4180, C locale, with its CRLF): path, status, error_kind, error_message, width, height, entropy, margin,
// out_of_set, then label, logprob and confidence of `topK` candidates; what does not exist is an empty cell. A text that a
// spreadsheet could take for a formula (= + - @) gets an apostrophe in front.
std::string csvHeader(int topK);
std::string csvRecord(const Outcome& outcome, int topK);

// A few lines for people: the path, then rank, percent, label, bar. Control characters are escaped.
std::string tableRecord(const Outcome& outcome, int topK);

// The path as it may be shown: control characters as \xNN, broken UTF-8 as U+FFFD.
std::string printablePath(const std::string& path);

enum class RecordFormat { Table, Jsonl, Csv };

// What comes before the first record, and one record, newlines included.
std::string recordHeader(RecordFormat format, int topK);
std::string formatRecord(RecordFormat format, const Outcome& outcome, int topK);

// A text file that appears whole or not at all: written beside its place, synced, renamed by finish(). Without finish()
// nothing remains. "-" is standard output. Throws Error(Output).
class OutputFile {
  public:
    explicit OutputFile(const std::string& path);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    void write(const std::string& text);
    void flush();
    void finish();

  private:
    [[noreturn]] void fail(const char* what) const;

    std::string m_path;  // links resolved
    std::string m_temporary;
    std::string m_buffer;
    int m_fd = -1;
    uint64_t m_written = 0;
};

}  // namespace shortlist::engine
