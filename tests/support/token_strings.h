// SPDX-License-Identifier: Apache-2.0
// The strings of tests/parity/make_tokenizer_goldens.py, and the hash of the ids of a block of them.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/torch/text/utf8.h"
#include "tests/support/hash_noise.h"

namespace shortlist::test {

class TokenStrings {
  public:
    // `golden` is token_strings.json.
    explicit TokenStrings(const nlohmann::json& golden)
        : m_pieces(golden["pieces"].get<std::vector<std::string>>()), m_soup(golden["soup"].get<std::vector<std::string>>()),
          m_base(points(golden["base"])), m_marks(points(golden["marks"])) {}

    std::string at(uint32_t index) const {
        uint64_t used = 0;
        const auto below = [&](size_t limit) { return hashBits(index, used++) % limit; };
        const uint32_t kind = index % 8;
        std::string text;
        if (kind == 4) {
            for (size_t left = 1 + below(20); left > 0; --left)
                text += m_soup[below(m_soup.size())];
            return text;
        }
        if (kind != 5)
            for (size_t left = 1 + below(12); left > 0; --left) {
                text += m_pieces[below(m_pieces.size())];
                if (below(3) == 0)
                    text += ' ';
            }
        if (kind == 5 || kind == 7)
            for (size_t left = 1 + below(16); left > 0; --left) {
                torch_backend::appendUtf8(text, m_base[below(m_base.size())]);
                if (below(4) == 0)
                    torch_backend::appendUtf8(text, m_marks[below(m_marks.size())]);
            }
        if (kind == 6)
            for (size_t left = 1 + below(4); left > 0; --left) {
                const size_t place = below(text.size());
                text[place] = static_cast<char>(below(256));
            }
        if (kind == 6 && !isKnown(text))
            return "a younger character";
        return text;
    }

  private:
    // All of Unicode 9: the tables of two libraries differ in what came later.
    bool isKnown(const std::string& text) const {
        for (size_t at = 0; at < text.size();) {
            const char32_t c = torch_backend::nextCodePoint(text, at);
            if (c >= 0x100 && !std::binary_search(m_base.begin(), m_base.end(), c) && !std::binary_search(m_marks.begin(), m_marks.end(), c))
                return false;
        }
        return true;
    }
    static std::vector<char32_t> points(const nlohmann::json& ranges) {
        std::vector<char32_t> all;
        for (const auto& range : ranges)
            for (char32_t c = range[0]; c <= range[1].get<char32_t>(); ++c)
                all.push_back(c);
        return all;
    }

    std::vector<std::string> m_pieces, m_soup;
    std::vector<char32_t> m_base, m_marks;
};

inline uint32_t hashIds(uint32_t value, const std::vector<int32_t>& ids) {
    for (const int32_t id : ids)
        value = (value ^ static_cast<uint32_t>(id)) * 0x01000193u;
    return (value ^ 0xFFFFFFFFu) * 0x01000193u;
}

}  // namespace shortlist::test
