// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace shortlist::torch_backend {

// The pattern whose pieces splitQwen2 finds, as tokenizer.json spells it.
constexpr const char* kQwen2Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

// Cuts text into the pieces that merges never cross, by a scanner in place of a regular expression: linear in time, no stack. `text`
// must be valid UTF-8. Reference: tokenizers, Split(kQwen2Pattern, "isolated").
void splitQwen2(std::string_view text, const std::function<void(std::string_view)>& piece);

// Normalization form C of valid UTF-8 (utf8proc).
std::string nfc(const std::string& text);

}  // namespace shortlist::torch_backend
