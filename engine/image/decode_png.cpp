// SPDX-License-Identifier: Apache-2.0
// PNG through the codecs module (cv::imdecode), opened by the first worker that needs it.
#include "engine/image/codecs_opencv.h"
#include "engine/image/decoders.h"
#include "engine/image/orientation.h"
#include "engine/modules.h"

namespace shortlist::engine {
namespace {

uint32_t bigEndian(std::span<const uint8_t> bytes, size_t at) {
    return static_cast<uint32_t>(bytes[at]) << 24 | static_cast<uint32_t>(bytes[at + 1]) << 16 |
           static_cast<uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

bool isChunk(std::span<const uint8_t> bytes, size_t at, std::string_view name) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data() + at + 4), 4) == name;
}

// Walks the chunks up to the pixels; eXIf comes before them in every file that has it there.
int orientationOf(std::span<const uint8_t> bytes) {
    for (size_t at = 8; at + 12 <= bytes.size();) {
        const size_t length = bigEndian(bytes, at);
        if (length > bytes.size() - at - 12 || isChunk(bytes, at, "IDAT"))
            return 1;
        if (isChunk(bytes, at, "eXIf"))
            return exifOrientation(bytes.subspan(at + 8, length));
        at += length + 12;
    }
    return 1;
}

CodecsDecode codecs() {
    static const auto function = [] {
        const std::string path = modulePath("shortlist_codecs");
        return reinterpret_cast<CodecsDecode>(moduleSymbol(openModule(path, false), path, kCodecsDecodeName));
    }();
    return function;
}

}  // namespace

DecodedImage decodePng(std::span<const uint8_t> bytes) {
    if (bytes.size() < 33 || !isChunk(bytes, 8, "IHDR"))
        throw Error(ErrorKind::BadImage, "The PNG has no complete header: the file is truncated.");
    const int64_t width = bigEndian(bytes, 16), height = bigEndian(bytes, 20);
    checkSize(width, height);
    DecodedImage image;
    image.width = static_cast<int32_t>(width);
    image.height = static_cast<int32_t>(height);
    image.pixels.resize(static_cast<size_t>(width * height * 3));
    char message[256] = "";
    if (codecs()(bytes.data(), bytes.size(), image.pixels.data(), image.width, image.height, message, sizeof message) != 0)
        throw Error(ErrorKind::BadImage, std::string("The PNG cannot be decoded: ") + message);
    applyOrientation(image, orientationOf(bytes));
    return image;
}

}  // namespace shortlist::engine
