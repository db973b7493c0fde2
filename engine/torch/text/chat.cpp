// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/text/chat.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/error.h"
#include "engine/torch/text/json_file.h"

namespace shortlist::torch_backend {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kSystem = "You are a helpful assistant.";
constexpr const char* kMarkers[] = {"<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|image_pad|>", "<|vision_end|>", kSystem};

[[noreturn]] void refuse(const std::string& sentence) { throw engine::Error(engine::ErrorKind::Model, sentence); }

json readObject(const fs::path& path) {
    json parsed = readJsonFile(path);
    if (!parsed.is_object())
        refuse("The file " + path.string() + " is no JSON object.");
    return parsed;
}

// The template of a JSON file: a text, or a list of named ones of which the default counts.
std::string templateIn(const json& config) {
    const auto found = config.find("chat_template");
    if (found == config.end())
        return "";
    if (found->is_string())
        return found->get<std::string>();
    if (found->is_array())
        for (const json& entry : *found)
            if (entry.is_object() && entry.value("name", "") == "default" && entry.contains("template") && entry["template"].is_string())
                return entry["template"].get<std::string>();
    return "";
}

std::string readTemplate(const fs::path& directory) {
    if (std::ifstream file(directory / "chat_template.jinja"); file)
        return {std::istreambuf_iterator<char>(file), {}};
    for (const char* name : {"chat_template.json", "tokenizer_config.json"})
        if (fs::exists(directory / name))
            if (std::string text = templateIn(readObject(directory / name)); !text.empty())
                return text;
    return "";
}

void append(std::vector<int32_t>& to, const std::vector<int32_t>& tokens) { to.insert(to.end(), tokens.begin(), tokens.end()); }

}  // namespace

Chat::Chat(const std::string& directory, const Tokenizer& tokenizer, std::vector<std::string>& notes) : m_tokenizer(tokenizer) {
    m_turn = marker("<|im_start|>"), m_endOfTurn = marker("<|im_end|>");
    m_visionStart = marker("<|vision_start|>"), m_visionEnd = marker("<|vision_end|>");
    m_ends = {m_endOfTurn};
    if (const int32_t end = tokenizer.addedToken("<|endoftext|>"); end >= 0)
        m_ends.insert(end);
    const std::string text = readTemplate(directory);
    if (text.empty())
        notes.emplace_back("no chat template in the directory: Qwen2-VL's own is used");
    for (const char* wanted : kMarkers)
        if (!text.empty() && text.find(wanted) == std::string::npos)
            notes.push_back(std::string("the chat template lacks ") + wanted + ": Qwen2-VL's own format is used");
    const fs::path generation = fs::path(directory) / "generation_config.json";
    if (!fs::exists(generation))
        return;
    const json config = readObject(generation);
    const json ends = config.value("eos_token_id", json());
    for (const json& id : ends.is_array() ? ends : json::array({ends}))
        if (id.is_number_integer() && id.get<int64_t>() >= 0 && id.get<int64_t>() < tokenizer.size())
            m_ends.insert(id.get<int32_t>());
}

int32_t Chat::marker(const char* text) const {
    const int32_t id = m_tokenizer.addedToken(text);
    if (id < 0)
        refuse(std::string("The tokenizer has no token ") + text + ": it is not Qwen2-VL's. Take the tokenizer files of the model.");
    return id;
}

Chat::Prompt Chat::render(const std::string& prompt) const {
    Prompt tokens;
    tokens.before = {m_turn};
    append(tokens.before, plain(std::string("system\n") + kSystem));
    tokens.before.push_back(m_endOfTurn);
    append(tokens.before, plain("\n"));
    tokens.before.push_back(m_turn);
    append(tokens.before, plain("user\n"));
    tokens.before.push_back(m_visionStart);
    tokens.after = {m_visionEnd};
    append(tokens.after, plain(prompt));
    tokens.after.push_back(m_endOfTurn);
    append(tokens.after, plain("\n"));
    tokens.after.push_back(m_turn);
    append(tokens.after, plain("assistant\n"));
    return tokens;
}

std::vector<int32_t> Chat::answer(const std::string& text) const {
    const std::vector<int32_t> before = plain("assistant\n");
    std::vector<int32_t> tokens = plain("assistant\n" + text);
    if (tokens.size() < before.size() || !std::equal(before.begin(), before.end(), tokens.begin()))
        throw engine::Error(engine::ErrorKind::Usage, "The label \"" + text + "\" begins with a line break or a space that merges with what stands before it: take that away.");
    tokens.erase(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(before.size()));
    if (!tokens.empty())
        tokens.push_back(m_endOfTurn);
    return tokens;
}

}  // namespace shortlist::torch_backend
