// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/text/utf8.h"

#include <algorithm>

namespace shortlist::torch_backend {
namespace {

// What may follow a first byte: how many bytes, and the range of the second (Unicode, table 3-7).
struct Lead {
    int more = -1;  // -1: no first byte
    uint8_t low = 0x80, high = 0xBF;
};

Lead leadOf(uint8_t byte) {
    if (byte < 0x80)
        return {0};
    if (byte >= 0xC2 && byte <= 0xDF)
        return {1};
    if (byte >= 0xE0 && byte <= 0xEF)
        return {2, static_cast<uint8_t>(byte == 0xE0 ? 0xA0 : 0x80), static_cast<uint8_t>(byte == 0xED ? 0x9F : 0xBF)};
    if (byte >= 0xF0 && byte <= 0xF4)
        return {3, static_cast<uint8_t>(byte == 0xF0 ? 0x90 : 0x80), static_cast<uint8_t>(byte == 0xF4 ? 0x8F : 0xBF)};
    return {};
}

// How many bytes at the end begin a sequence that could still become whole.
size_t unfinishedTail(std::string_view text) {
    for (size_t length = 1; length <= std::min<size_t>(3, text.size()); ++length) {
        const std::string_view tail = text.substr(text.size() - length);
        const Lead lead = leadOf(static_cast<uint8_t>(tail[0]));
        if (lead.more < static_cast<int>(length))
            continue;
        const auto second = length > 1 ? static_cast<uint8_t>(tail[1]) : lead.low;
        const bool third = length < 3 || (static_cast<uint8_t>(tail[2]) & 0xC0) == 0x80;
        if (second >= lead.low && second <= lead.high && third)
            return length;
    }
    return 0;
}

}  // namespace

char32_t nextCodePoint(std::string_view text, size_t& at) {
    const auto byte = static_cast<uint8_t>(text[at++]);
    Lead lead = leadOf(byte);
    if (lead.more <= 0)
        return lead.more == 0 ? byte : kReplacement;
    char32_t value = byte & (0x3F >> lead.more);
    for (int left = lead.more; left > 0; --left) {
        const auto next = at < text.size() ? static_cast<uint8_t>(text[at]) : uint8_t{0};
        if (next < lead.low || next > lead.high)
            return kReplacement;
        lead.low = 0x80, lead.high = 0xBF;
        value = value << 6 | (next & 0x3F);
        ++at;
    }
    return value;
}

void appendUtf8(std::string& text, char32_t c) {
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    } else if (c < 0x10000) {
        text += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    } else {
        text += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
                 static_cast<char>(0x80 | (c & 0x3F))};
    }
}

std::string Utf8Stream::add(std::string_view bytes) {
    m_pending += bytes;
    const size_t ready = m_pending.size() - unfinishedTail(m_pending);
    std::string text;
    for (size_t at = 0; at < ready;)
        appendUtf8(text, nextCodePoint(std::string_view(m_pending).substr(0, ready), at));
    m_pending.erase(0, ready);
    return text;
}

std::string Utf8Stream::finish() {
    std::string text;
    for (size_t at = 0; at < m_pending.size();)
        appendUtf8(text, nextCodePoint(m_pending, at));
    m_pending.clear();
    return text;
}

}  // namespace shortlist::torch_backend
