// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/text/pretokenizer.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "engine/error.h"
#include "engine/torch/text/utf8.h"

namespace shortlist::torch_backend {
namespace {

enum class Kind : uint8_t { Letter, Number, Newline, Space, Other, End };

bool isWhiteSpace(char32_t c) {  // Unicode's White_Space
    return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

Kind kindOf(char32_t c) {
    if (c == '\r' || c == '\n')
        return Kind::Newline;
    if (isWhiteSpace(c))
        return Kind::Space;
    if (c < 0x80)
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? Kind::Letter : c >= '0' && c <= '9' ? Kind::Number : Kind::Other;
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO: return Kind::Letter;
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_NL:
        case UTF8PROC_CATEGORY_NO: return Kind::Number;
        default: return Kind::Other;
    }
}

// One character of the text and what it is.
struct Cursor {
    size_t at = 0;    // where it begins
    size_t next = 0;  // where the one after it begins
    char32_t c = 0;
    Kind kind = Kind::End;
};

class Scanner {
  public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    // The end of the piece that begins at `begin`: the alternatives of the pattern, in their order.
    size_t pieceEnd(size_t begin) const {
        const Cursor first = read(begin), second = read(first.next);
        if (first.c == '\'')
            if (const size_t end = contraction(second))
                return end;
        if (first.kind == Kind::Letter)
            return run(first.next, Kind::Letter);
        if (second.kind == Kind::Letter && (first.kind == Kind::Space || first.kind == Kind::Other))
            return run(second.next, Kind::Letter);
        if (first.kind == Kind::Number)
            return first.next;
        if (first.kind == Kind::Other)
            return run(run(first.next, Kind::Other), Kind::Newline);
        if (first.c == ' ' && second.kind == Kind::Other)
            return run(run(second.next, Kind::Other), Kind::Newline);
        return whiteSpace(begin);
    }

  private:
    Cursor read(size_t at) const {
        Cursor cursor{at, at};
        if (at >= m_text.size())
            return cursor;
        cursor.c = nextCodePoint(m_text, cursor.next);
        cursor.kind = kindOf(cursor.c);
        return cursor;
    }

    size_t run(size_t at, Kind kind) const {
        for (Cursor cursor = read(at); cursor.kind == kind; cursor = read(cursor.next))
            at = cursor.next;
        return at;
    }

    // 's 't 're 've 'm 'll 'd in any case; U+017F is a form of s. 0: none of them.
    size_t contraction(const Cursor& first) const {
        const auto folded = [](char32_t c) { return c == 0x17F ? U's' : c < 0x80 ? c | 0x20 : c; };
        const char32_t a = folded(first.c);
        if (first.kind == Kind::End)
            return 0;
        if (a == 's' || a == 't' || a == 'm' || a == 'd')
            return first.next;
        const Cursor second = read(first.next);
        const char32_t b = folded(second.c);
        const bool two = (a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l');
        return two && second.kind != Kind::End ? second.next : 0;
    }

    // \s*[\r\n]+ | \s+(?!\S) | \s+ : up to the last line break of the run; else the run, but its last character where more text follows.
    size_t whiteSpace(size_t begin) const {
        size_t end = begin, last = begin, lineEnd = 0;
        for (Cursor cursor = read(begin); cursor.kind == Kind::Space || cursor.kind == Kind::Newline; cursor = read(cursor.next)) {
            last = cursor.at;
            end = cursor.next;
            if (cursor.kind == Kind::Newline)
                lineEnd = end;
        }
        if (lineEnd > 0)
            return lineEnd;
        return end < m_text.size() && last > begin ? last : end;
    }

    std::string_view m_text;
};

}  // namespace

void splitQwen2(std::string_view text, const std::function<void(std::string_view)>& piece) {
    const Scanner scanner(text);
    for (size_t at = 0; at < text.size();) {
        const size_t end = scanner.pieceEnd(at);
        piece(text.substr(at, end - at));
        at = end;
    }
}

std::string nfc(const std::string& text) {
    if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return text;
    utf8proc_uint8_t* composed = nullptr;
    const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &composed,
                                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(composed, &std::free);
    if (length < 0)
        throw engine::Error(engine::ErrorKind::Internal, std::string("The text cannot be normalised: ") + utf8proc_errmsg(length));
    return {reinterpret_cast<const char*>(composed), static_cast<size_t>(length)};
}

}  // namespace shortlist::torch_backend
