// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/torch/text/tokenizer.h"

namespace shortlist::torch_backend {

// A conversation of Qwen2-VL with one image: the default system sentence, the image, the prompt, and what the assistant answers. The format is
// built in; the directory's template is only checked for it. Immutable once made.
class Chat {
  public:
    // Around the tokens that stand for the image.
    struct Prompt {
        std::vector<int32_t> before, after;
    };

    // Reads chat_template.jinja, else chat_template.json, else tokenizer_config.json of the directory, and the end tokens of
    // generation_config.json. A marker that the template lacks becomes a note. Throws engine::Error(Model) when the vocabulary lacks one.
    Chat(const std::string& directory, const Tokenizer& tokenizer, std::vector<std::string>& notes);

    // Markers inside the prompt are plain text.
    Prompt render(const std::string& prompt) const;
    // The tokens of an answer up to and including the end of the turn, as they follow the prompt. Throws engine::Error(Usage) for text
    // that would change the tokens before it.
    std::vector<int32_t> answer(const std::string& text) const;
    // Tokens that end an answer.
    const std::set<int32_t>& ends() const { return m_ends; }

  private:
    int32_t marker(const char* text) const;
    std::vector<int32_t> plain(const std::string& text) const { return m_tokenizer.encode(text, true); }

    const Tokenizer& m_tokenizer;
    int32_t m_turn = 0, m_endOfTurn = 0, m_visionStart = 0, m_visionEnd = 0;
    std::set<int32_t> m_ends;
};

}  // namespace shortlist::torch_backend
