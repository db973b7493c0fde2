// SPDX-License-Identifier: Apache-2.0
// PNG, BMP, WebP and PNM through the codecs module (cv::imdecode), opened by the first worker that needs it. What the header
// says is read here first.
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "engine/image/byte_reader.h"
#include "engine/image/codecs_opencv.h"
#include "engine/image/decoders.h"
#include "engine/image/orientation.h"
#include "engine/modules.h"

namespace shortlist::engine {
namespace {

struct Size {
    int64_t width = 0, height = 0;
};

CodecsDecode codecs() {
    static const auto function = [] {
        const std::string path = modulePath("shortlist_codecs");
        return reinterpret_cast<CodecsDecode>(moduleSymbol(openModule(path, false), path, kCodecsDecodeName));
    }();
    return function;
}

[[noreturn]] void refuse(const char* format, const std::string& reason) {
    throw Error(ErrorKind::BadImage, "The " + std::string(format) + " cannot be decoded: " + reason);
}

DecodedImage decodeWithCodecs(std::span<const uint8_t> bytes, const char* format, Size size) {
    checkSize(size.width, size.height);
    if (bytes.size() > static_cast<size_t>(std::numeric_limits<int32_t>::max()))
        throw Error(ErrorKind::TooLarge, "The file is over 2 GiB.");
    DecodedImage image;
    image.width = static_cast<int32_t>(size.width);
    image.height = static_cast<int32_t>(size.height);
    image.pixels.resize(static_cast<size_t>(size.width * size.height * 3));
    char message[256] = "";
    if (codecs()(bytes.data(), bytes.size(), image.pixels.data(), image.width, image.height, message, sizeof message) != 0)
        refuse(format, message);
    return image;
}

// Walks the chunks up to the pixels; eXIf comes before them in every file that has it there.
int pngOrientation(std::span<const uint8_t> bytes) {
    const ByteReader reader(bytes, true);
    for (size_t at = 8; reader.has(at, 12);) {
        const size_t length = reader.u32(at);
        if (!reader.has(at + 12, length) || reader.isText(at + 4, "IDAT"))
            return 1;
        if (reader.isText(at + 4, "eXIf"))
            return exifOrientation(bytes.subspan(at + 8, length));
        at += length + 12;
    }
    return 1;
}

// A RIFF chunk inside `bytes`; empty when there is none of that name.
std::span<const uint8_t> riffChunk(std::span<const uint8_t> bytes, size_t at, std::string_view name) {
    const ByteReader reader(bytes, false);
    while (reader.has(at, 8)) {
        const size_t length = reader.u32(at + 4);
        if (reader.isText(at, name))
            return bytes.subspan(at + 8, std::min(length, bytes.size() - at - 8));
        at += 8 + length + length % 2;
    }
    return {};
}

// Canvas of the extended format, or the size of the one picture in it.
Size webpSize(std::span<const uint8_t> bytes) {
    const ByteReader reader(bytes, false);
    if (reader.isText(12, "VP8X") && reader.has(24, 6))
        return {(reader.u32(24) & 0xffffff) + 1, (reader.u16(27) | static_cast<uint32_t>(bytes[29]) << 16) + 1};
    if (reader.isText(12, "VP8L") && reader.has(21, 4)) {
        const uint32_t bits = reader.u32(21);
        return {(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1};
    }
    if (reader.isText(12, "VP8 ") && reader.has(26, 4))
        return {reader.u16(26) & 0x3fff, reader.u16(28) & 0x3fff};
    throw Error(ErrorKind::BadImage, "The WebP has no complete header: the file is truncated.");
}

// The first picture of an animation as a file of its own; its place on the canvas.
struct WebpFrame {
    std::vector<uint8_t> file;
    int32_t x = 0, y = 0;
    Size size;
};

WebpFrame firstWebpFrame(std::span<const uint8_t> animation) {
    constexpr size_t kFrameHeader = 16;
    const std::span<const uint8_t> frame = riffChunk(animation, 12, "ANMF");
    const ByteReader reader(frame, false);
    if (!reader.has(0, kFrameHeader + 8))
        throw Error(ErrorKind::BadImage, "The WebP animation has no first frame: the file is truncated.");
    const auto u24 = [&](size_t at) { return reader.u16(at) | static_cast<uint32_t>(frame[at + 2]) << 16; };
    WebpFrame first{{}, static_cast<int32_t>(2 * u24(0)), static_cast<int32_t>(2 * u24(3)), {u24(6) + 1, u24(9) + 1}};
    for (const char* name : {"VP8 ", "VP8L"}) {
        const auto picture = riffChunk(frame, kFrameHeader, name);
        if (picture.empty())
            continue;
        const auto u32 = [&](size_t value) {
            for (int i = 0; i < 4; ++i)
                first.file.push_back(static_cast<uint8_t>(value >> (8 * i)));
        };
        const auto text = [&](const char* four) { first.file.insert(first.file.end(), four, four + 4); };
        text("RIFF"), u32(12 + picture.size() + picture.size() % 2), text("WEBP"), text(name), u32(picture.size());
        first.file.insert(first.file.end(), picture.begin(), picture.end());
        first.file.resize(first.file.size() + picture.size() % 2);
        return first;
    }
    throw Error(ErrorKind::BadImage, "The first frame of the WebP animation holds no picture.");
}

DecodedImage onCanvas(const DecodedImage& frame, const WebpFrame& place, Size canvas) {
    if (place.x + frame.width > canvas.width || place.y + frame.height > canvas.height)
        refuse("WebP", "its first frame does not fit its canvas.");
    DecodedImage image;
    image.width = static_cast<int32_t>(canvas.width);
    image.height = static_cast<int32_t>(canvas.height);
    image.pixels.resize(static_cast<size_t>(canvas.width * canvas.height * 3));
    for (int32_t y = 0; y < frame.height; ++y)
        std::copy_n(frame.pixels.begin() + 3 * static_cast<int64_t>(y) * frame.width, 3 * static_cast<int64_t>(frame.width),
                    image.pixels.begin() + 3 * ((static_cast<int64_t>(place.y) + y) * canvas.width + place.x));
    return image;
}

// Width, height, and for all but P1 and P4 the largest value; comments run from # to the end of the line.
Size pnmSize(std::span<const uint8_t> bytes) {
    int64_t numbers[2] = {0, 0};
    size_t at = 2;
    for (int64_t& number : numbers) {
        bool comment = false, digits = false;
        for (; at < bytes.size(); ++at) {
            const char c = static_cast<char>(bytes[at]);
            comment = c == '\n' ? false : comment || c == '#';
            const bool digit = !comment && c >= '0' && c <= '9';
            if (digits && !digit)
                break;
            if (!digit)
                continue;
            digits = true;
            number = std::min<int64_t>(10 * number + (c - '0'), int64_t{1} << 40);
        }
    }
    return {numbers[0], numbers[1]};
}

}  // namespace

DecodedImage decodePng(std::span<const uint8_t> bytes) {
    const ByteReader reader(bytes, true);
    if (!reader.has(0, 33) || !reader.isText(12, "IHDR"))
        throw Error(ErrorKind::BadImage, "The PNG has no complete header: the file is truncated.");
    DecodedImage image = decodeWithCodecs(bytes, "PNG", {reader.u32(16), reader.u32(20)});
    applyOrientation(image, pngOrientation(bytes));
    return image;
}

DecodedImage decodeBmp(std::span<const uint8_t> bytes) {
    constexpr uint32_t kOs2Header = 12;
    const ByteReader reader(bytes, false);
    if (!reader.has(0, 26))
        throw Error(ErrorKind::BadImage, "The BMP has no complete header: the file is truncated.");
    const bool os2 = reader.u32(14) == kOs2Header;
    if (os2)
        return decodeWithCodecs(bytes, "BMP", {reader.u16(18), reader.u16(20)});
    const int64_t width = static_cast<int32_t>(reader.u32(18)), height = static_cast<int32_t>(reader.u32(22));
    return decodeWithCodecs(bytes, "BMP", {width, std::abs(height)});  // negative: stored from the top
}

DecodedImage decodeWebp(std::span<const uint8_t> bytes) {
    constexpr uint8_t kAnimated = 2;
    const Size size = webpSize(bytes);
    checkSize(size.width, size.height);
    DecodedImage image;
    if (ByteReader(bytes, false).isText(12, "VP8X") && (bytes[20] & kAnimated)) {
        const WebpFrame frame = firstWebpFrame(bytes);
        image = onCanvas(decodeWithCodecs(frame.file, "WebP", frame.size), frame, size);
    } else {
        image = decodeWithCodecs(bytes, "WebP", size);
    }
    const std::span<const uint8_t> exif = riffChunk(bytes, 12, "EXIF");
    const bool prefixed = ByteReader(exif, false).isText(0, std::string_view("Exif\0\0", 6));
    applyOrientation(image, exifOrientation(prefixed ? exif.subspan(6) : exif));
    return image;
}

DecodedImage decodePnm(std::span<const uint8_t> bytes) { return decodeWithCodecs(bytes, "PNM", pnmSize(bytes)); }

}  // namespace shortlist::engine
