// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/torch/text/merge_table.h"

namespace shortlist::torch_backend {

// Byte-level byte pair encoding (Sennrich et al., 2016; GPT-2's bytes) as Qwen2 uses it: NFC, kQwen2Pattern, merges by rank. Immutable once
// made; const functions may be called from any thread. Reference: huggingface/tokenizers.
class Tokenizer {
  public:
    // tokenizer.json of the directory, or vocab.json and merges.txt with the added tokens of tokenizer_config.json. Throws
    // engine::Error(Model): neither is there, or something in it is not supported, by name.
    explicit Tokenizer(const std::string& directory);
    // The contents of tokenizer.json.
    explicit Tokenizer(const nlohmann::json& tokenizer);

    // Ids of any bytes; what is no UTF-8 counts as U+FFFD. Added tokens ("<|im_end|>") are found in the text, unless `plain`.
    std::vector<int32_t> encode(std::string_view text, bool plain = false) const;
    // The bytes of one token; a single token may be part of a character. Empty for an unknown id.
    const std::string& bytesOf(int32_t id) const;
    std::string decode(std::span<const int32_t> ids, bool skipSpecial = false) const;

    // -1: there is no added token of that text.
    int32_t addedToken(std::string_view text) const;
    bool isSpecial(int32_t id) const;
    // One more than the largest id.
    int32_t size() const { return static_cast<int32_t>(m_bytes.size()); }

  private:
    struct Added {
        std::string text;
        int32_t id;
        bool special;
    };

    void read(const nlohmann::json& tokenizer);
    void readVocabulary(const nlohmann::json& vocabulary);
    void addMerge(const std::string& left, const std::string& right);
    void addToken(const std::string& text, int32_t id, bool special);
    void setBytes(int32_t id, std::string bytes);
    void encodePlain(std::string_view text, std::vector<int32_t>& ids) const;
    void encodePiece(std::string_view piece, std::vector<int32_t>& ids) const;
    const Added* addedAt(std::string_view text) const;
    void encodeLongPiece(std::string_view piece, std::vector<int32_t>& ids) const;

    std::unordered_map<std::string, int32_t> m_vocabulary;  // by GPT-2's characters; only while it is read
    std::vector<std::string> m_bytes;                       // by id
    MergeTable m_merges;
    int32_t m_byteIds[256] = {};
    std::vector<Added> m_added;  // the longest first
    std::string m_addedStarts;   // their first bytes
};

}  // namespace shortlist::torch_backend
