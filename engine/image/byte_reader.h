// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace shortlist::engine {

// Numbers out of a header of either byte order. Callers ask has() before they read.
class ByteReader {
  public:
    ByteReader(std::span<const uint8_t> bytes, bool bigEndian) : m_bytes(bytes), m_big(bigEndian) {}

    bool has(size_t at, size_t count) const { return at <= m_bytes.size() && count <= m_bytes.size() - at; }
    bool isText(size_t at, std::string_view text) const {
        return has(at, text.size()) && std::string_view(reinterpret_cast<const char*>(m_bytes.data()) + at, text.size()) == text;
    }
    uint32_t u16(size_t at) const {
        const uint32_t a = m_bytes[at], b = m_bytes[at + 1];
        return m_big ? a << 8 | b : b << 8 | a;
    }
    uint32_t u32(size_t at) const { return m_big ? u16(at) << 16 | u16(at + 2) : u16(at + 2) << 16 | u16(at); }

  private:
    std::span<const uint8_t> m_bytes;
    bool m_big;
};

}  // namespace shortlist::engine
