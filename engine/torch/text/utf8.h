// SPDX-License-Identifier: Apache-2.0
// UTF-8 as code points. Standard library only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shortlist::torch_backend {

constexpr char32_t kReplacement = 0xFFFD;

// The code point that begins at `at`, which moves behind it. Bytes that are no UTF-8 give U+FFFD, one for each maximal subpart of a
// sequence (Unicode, chapter 3.9), as Python's errors="replace" does.
char32_t nextCodePoint(std::string_view text, size_t& at);

void appendUtf8(std::string& text, char32_t codePoint);

// Turns chunks of bytes into text: a sequence that a chunk leaves unfinished waits for the next one.
class Utf8Stream {
  public:
    // The complete characters that are known now.
    std::string add(std::string_view bytes);
    // What is left, as U+FFFD where it is unfinished.
    std::string finish();

  private:
    std::string m_pending;
};

}  // namespace shortlist::torch_backend
