// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/text/tokenizer.h"

#include <algorithm>
#include <climits>
#include <filesystem>
#include <fstream>
#include <queue>

#include "engine/error.h"
#include "engine/torch/text/json_file.h"
#include "engine/torch/text/pretokenizer.h"
#include "engine/torch/text/utf8.h"

namespace shortlist::torch_backend {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int32_t kMaxId = 1 << 24;

[[noreturn]] void refuse(const std::string& what) { throw engine::Error(engine::ErrorKind::Model, "The tokenizer is not supported: " + what + "."); }

// GPT-2's alphabet: printable bytes stand for themselves, the others for characters from U+0100 on.
const std::vector<char32_t>& byteCharacters() {
    static const std::vector<char32_t> characters = [] {
        std::vector<char32_t> all(256);
        char32_t next = 0x100;
        for (char32_t b = 0; b < 256; ++b) {
            const bool printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            all[b] = printable ? b : next++;
        }
        return all;
    }();
    return characters;
}

std::string bytesOfToken(const std::string& token) {
    static const std::unordered_map<char32_t, char> bytes = [] {
        std::unordered_map<char32_t, char> all;
        for (size_t b = 0; b < 256; ++b)
            all[byteCharacters()[b]] = static_cast<char>(b);
        return all;
    }();
    std::string result;
    for (size_t at = 0; at < token.size();) {
        const auto found = bytes.find(nextCodePoint(token, at));
        if (found == bytes.end())
            refuse("the token \"" + token + "\" is not in byte-level form");
        result += found->second;
    }
    return result;
}

const json& part(const json& value, const char* key) {
    static const json kNull;
    const auto found = value.is_object() ? value.find(key) : value.end();
    return value.is_object() && found != value.end() ? *found : kNull;
}

// Every split and normalizer that is not the one known here changes the ids: they are refused, not guessed.
void checkPipeline(const json& tokenizer) {
    const json& model = part(tokenizer, "model");
    if (part(model, "type") != "BPE")
        refuse("the model type is " + part(model, "type").dump() + ", \"BPE\" is known");
    if (part(model, "byte_fallback") == true || part(model, "ignore_merges") == true)
        refuse("byte_fallback or ignore_merges is set");
    for (const char* text : {"continuing_subword_prefix", "end_of_word_suffix"})
        if (part(model, text).is_string() && part(model, text) != "")
            refuse(std::string(text) + " is set");
    if (part(part(tokenizer, "normalizer"), "type") != "NFC")
        refuse("the normalizer is " + part(tokenizer, "normalizer").dump() + ", NFC is known");
    const json& steps = part(part(tokenizer, "pre_tokenizer"), "pretokenizers");
    const bool known = steps.is_array() && steps.size() == 2 && part(steps[0], "type") == "Split" && part(part(steps[0], "pattern"), "Regex") == kQwen2Pattern &&
                       part(steps[0], "behavior") == "Isolated" && part(steps[0], "invert") != true && part(steps[1], "type") == "ByteLevel" &&
                       part(steps[1], "add_prefix_space") != true && part(steps[1], "use_regex") == false;
    if (!known)
        refuse("its pre_tokenizer is not Qwen2's");
}

}  // namespace

Tokenizer::Tokenizer(const json& tokenizer) { read(tokenizer); }

Tokenizer::Tokenizer(const std::string& directory) {
    const fs::path root(directory);
    if (fs::exists(root / "tokenizer.json")) {
        read(readJsonFile(root / "tokenizer.json"));
        return;
    }
    if (!fs::exists(root / "vocab.json") || !fs::exists(root / "merges.txt"))
        throw engine::Error(engine::ErrorKind::Model, "The model directory " + directory + " has no tokenizer: tokenizer.json, or vocab.json and merges.txt, are missing.");
    readVocabulary(readJsonFile(root / "vocab.json"));
    std::ifstream merges(root / "merges.txt");
    for (std::string line; std::getline(merges, line);) {
        if (line.ends_with('\r'))
            line.pop_back();
        const size_t space = line.find(' ');
        if (!line.starts_with("#version") && space != std::string::npos)
            addMerge(line.substr(0, space), line.substr(space + 1));
    }
    const json config = fs::exists(root / "tokenizer_config.json") ? readJsonFile(root / "tokenizer_config.json") : json();
    const json& added = part(config, "added_tokens_decoder");
    for (const auto& [id, token] : added.items())
        addToken(token.at("content"), std::stoi(id), token.value("special", false));
    m_vocabulary.clear();
}

void Tokenizer::read(const json& tokenizer) {
    try {
        checkPipeline(tokenizer);
        readVocabulary(tokenizer.at("model").at("vocab"));
        for (const json& merge : tokenizer.at("model").at("merges")) {
            const std::string text = merge.is_string() ? merge.get<std::string>() : "";
            const size_t space = text.find(' ');
            merge.is_string() ? addMerge(text.substr(0, space), text.substr(std::min(space, text.size() - 1) + 1)) : addMerge(merge.at(0), merge.at(1));
        }
        for (const json& token : part(tokenizer, "added_tokens")) {
            for (const char* flag : {"single_word", "lstrip", "rstrip"})
                if (token.value(flag, false))
                    refuse(std::string("an added token has ") + flag);
            addToken(token.at("content"), token.at("id"), token.value("special", false));
        }
        m_vocabulary.clear();
    } catch (const json::exception& error) {
        refuse(std::string("tokenizer.json holds a value of the wrong type: ") + error.what());
    }
}

void Tokenizer::setBytes(int32_t id, std::string bytes) {
    if (id < 0 || id >= kMaxId)
        refuse("the id " + std::to_string(id) + " is out of range");
    if (static_cast<size_t>(id) >= m_bytes.size())
        m_bytes.resize(static_cast<size_t>(id) + 1);
    m_bytes[static_cast<size_t>(id)] = std::move(bytes);
}

void Tokenizer::readVocabulary(const json& vocabulary) {
    m_vocabulary.reserve(vocabulary.size());
    for (const auto& [token, id] : vocabulary.items()) {
        m_vocabulary.emplace(token, id.get<int32_t>());
        setBytes(id.get<int32_t>(), bytesOfToken(token));
    }
    for (size_t b = 0; b < 256; ++b) {
        std::string character;
        appendUtf8(character, byteCharacters()[b]);
        const auto found = m_vocabulary.find(character);
        if (found == m_vocabulary.end())
            refuse("its vocabulary lacks a byte");
        m_byteIds[b] = found->second;
    }
}

void Tokenizer::addMerge(const std::string& left, const std::string& right) {
    const auto a = m_vocabulary.find(left), b = m_vocabulary.find(right), whole = m_vocabulary.find(left + right);
    if (a == m_vocabulary.end() || b == m_vocabulary.end() || whole == m_vocabulary.end())
        refuse("the merge \"" + left + " " + right + "\" is not in its vocabulary");
    m_merges.add(a->second, b->second, whole->second);
}

void Tokenizer::addToken(const std::string& text, int32_t id, bool special) {
    if (text.empty())
        refuse("an added token is empty");
    setBytes(id, text);
    m_added.push_back({text, id, special});
    std::stable_sort(m_added.begin(), m_added.end(), [](const Added& a, const Added& b) { return a.text.size() > b.text.size(); });
    if (m_addedStarts.find(text[0]) == std::string::npos)
        m_addedStarts += text[0];
}

const Tokenizer::Added* Tokenizer::addedAt(std::string_view text) const {
    for (const Added& added : m_added)
        if (text.starts_with(added.text))
            return &added;
    return nullptr;
}

std::vector<int32_t> Tokenizer::encode(std::string_view text, bool plain) const {
    std::vector<int32_t> ids;
    size_t begin = 0;
    for (size_t at = plain ? std::string_view::npos : text.find_first_of(m_addedStarts); at < text.size(); at = text.find_first_of(m_addedStarts, at)) {
        const Added* added = addedAt(text.substr(at));
        if (!added) {
            ++at;
            continue;
        }
        encodePlain(text.substr(begin, at - begin), ids);
        ids.push_back(added->id);
        begin = at += added->text.size();
    }
    encodePlain(text.substr(begin), ids);
    return ids;
}

void Tokenizer::encodePlain(std::string_view text, std::vector<int32_t>& ids) const {
    std::string valid;
    valid.reserve(text.size());
    for (size_t at = 0; at < text.size();)
        appendUtf8(valid, nextCodePoint(text, at));
    // Pieces come again and again: each is merged once.
    std::unordered_map<std::string_view, std::pair<size_t, size_t>> known;  // the ids of a piece within `ids`
    const std::string normal = nfc(valid);
    splitQwen2(normal, [&](std::string_view piece) {
        const size_t begin = ids.size();
        if (const auto found = known.find(piece); found != known.end()) {
            for (size_t i = 0; i < found->second.second; ++i)
                ids.push_back(ids[found->second.first + i]);
            return;
        }
        encodePiece(piece, ids);
        known.emplace(piece, std::pair(begin, ids.size() - begin));
    });
}

// The merge of the lowest rank first, of equal ranks the leftmost, looked for again after each: quick while a piece is short.
void Tokenizer::encodePiece(std::string_view piece, std::vector<int32_t>& ids) const {
    constexpr size_t kShort = 48;
    if (piece.size() > kShort)
        return encodeLongPiece(piece, ids);
    constexpr int32_t kNever = INT32_MAX;
    int32_t symbols[kShort], ranks[kShort], merged[kShort];  // ranks[i]: of symbols i and i + 1
    size_t count = piece.size();
    for (size_t i = 0; i < count; ++i)
        symbols[i] = m_byteIds[static_cast<uint8_t>(piece[i])];
    const auto look = [&](size_t i) {
        const MergeTable::Merge* merge = i + 1 < count ? m_merges.find(symbols[i], symbols[i + 1]) : nullptr;
        ranks[i] = merge ? merge->rank : kNever;
        merged[i] = merge ? merge->id : -1;
    };
    for (size_t i = 0; i < count; ++i)
        look(i);
    while (count > 1) {
        const auto best = static_cast<size_t>(std::min_element(ranks, ranks + count) - ranks);
        if (ranks[best] == kNever)
            break;
        symbols[best] = merged[best];
        --count;
        std::copy(symbols + best + 2, symbols + count + 1, symbols + best + 1);
        std::copy(ranks + best + 2, ranks + count + 1, ranks + best + 1);
        std::copy(merged + best + 2, merged + count + 1, merged + best + 1);
        look(best);
        if (best > 0)
            look(best - 1);
    }
    ids.insert(ids.end(), symbols, symbols + count);
}

// The same for any length in n log n: a heap of candidates over a linked list of symbols.
void Tokenizer::encodeLongPiece(std::string_view piece, std::vector<int32_t>& ids) const {
    struct Symbol {
        int32_t id, previous, next;  // positions; -1: none; id -1: merged into the one before
    };
    struct Candidate {
        int32_t rank, at, left, right, merged;
        bool operator<(const Candidate& other) const { return std::pair(rank, at) > std::pair(other.rank, other.at); }
    };
    std::vector<Symbol> symbols;
    const auto count = static_cast<int32_t>(piece.size());
    for (int32_t i = 0; i < count; ++i)
        symbols.push_back({m_byteIds[static_cast<uint8_t>(piece[static_cast<size_t>(i)])], i - 1, i + 1 < count ? i + 1 : -1});
    std::priority_queue<Candidate> candidates;
    const auto consider = [&](int32_t at) {
        const int32_t next = at < 0 ? -1 : symbols[static_cast<size_t>(at)].next;
        if (next < 0)
            return;
        const int32_t left = symbols[static_cast<size_t>(at)].id, right = symbols[static_cast<size_t>(next)].id;
        if (const MergeTable::Merge* merge = m_merges.find(left, right))
            candidates.push({merge->rank, at, left, right, merge->id});
    };
    for (int32_t i = 0; i < count; ++i)
        consider(i);
    while (!candidates.empty()) {
        const Candidate best = candidates.top();
        candidates.pop();
        Symbol& symbol = symbols[static_cast<size_t>(best.at)];
        if (symbol.id != best.left || symbol.next < 0 || symbols[static_cast<size_t>(symbol.next)].id != best.right)
            continue;  // one of the two was merged meanwhile
        Symbol& gone = symbols[static_cast<size_t>(symbol.next)];
        symbol.id = best.merged;
        symbol.next = gone.next;
        if (gone.next >= 0)
            symbols[static_cast<size_t>(gone.next)].previous = best.at;
        gone.id = -1;
        consider(symbol.previous);
        consider(best.at);
    }
    for (int32_t at = count > 0 ? 0 : -1; at >= 0; at = symbols[static_cast<size_t>(at)].next)
        ids.push_back(symbols[static_cast<size_t>(at)].id);
}

const std::string& Tokenizer::bytesOf(int32_t id) const {
    static const std::string kNone;
    return id >= 0 && id < size() ? m_bytes[static_cast<size_t>(id)] : kNone;
}

std::string Tokenizer::decode(std::span<const int32_t> ids, bool skipSpecial) const {
    Utf8Stream stream;
    std::string text;
    for (const int32_t id : ids)
        if (!skipSpecial || !isSpecial(id))
            text += stream.add(bytesOf(id));
    return text + stream.finish();
}

int32_t Tokenizer::addedToken(std::string_view text) const {
    const auto found = std::find_if(m_added.begin(), m_added.end(), [&](const Added& added) { return added.text == text; });
    return found == m_added.end() ? -1 : found->id;
}

bool Tokenizer::isSpecial(int32_t id) const {
    return std::any_of(m_added.begin(), m_added.end(), [&](const Added& added) { return added.id == id && added.special; });
}

}  // namespace shortlist::torch_backend
