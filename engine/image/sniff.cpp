// SPDX-License-Identifier: Apache-2.0
#include "engine/image/sniff.h"

#include <algorithm>
#include <string_view>

namespace shortlist::engine {
namespace {

struct Magic {
    size_t offset;
    std::string_view bytes;
    ImageFormat format;
};

using namespace std::string_view_literals;
constexpr Magic kMagics[] = {
    {0, "\xff\xd8\xff"sv, ImageFormat::Jpeg},       {0, "\x89PNG\r\n\x1a\n"sv, ImageFormat::Png},
    {0, "GIF87a"sv, ImageFormat::Gif},              {0, "GIF89a"sv, ImageFormat::Gif},
    {0, "II*\0"sv, ImageFormat::Tiff},              {0, "MM\0*"sv, ImageFormat::Tiff},
    {8, "WEBP"sv, ImageFormat::Webp},               {0, "BM"sv, ImageFormat::Bmp},
    {4, "ftypheic"sv, ImageFormat::Heif},           {4, "ftypheix"sv, ImageFormat::Heif},
    {4, "ftyphevc"sv, ImageFormat::Heif},           {4, "ftypmsf1"sv, ImageFormat::Heif},
    {4, "ftypmif1"sv, ImageFormat::Heif},           {4, "ftypavif"sv, ImageFormat::Heif},
};

}  // namespace

ImageFormat sniff(std::span<const uint8_t> bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    // P1 .. P6 is a weak magic: what follows has to be white space.
    if (text.size() >= 3 && text[0] == 'P' && text[1] >= '1' && text[1] <= '6' && std::string_view(" \t\r\n#").find(text[2]) != std::string_view::npos)
        return ImageFormat::Pnm;
    const auto* found = std::find_if(std::begin(kMagics), std::end(kMagics), [&](const Magic& magic) {
        return text.size() >= magic.offset + magic.bytes.size() &&
               text.substr(magic.offset, magic.bytes.size()) == magic.bytes;
    });
    return found == std::end(kMagics) ? ImageFormat::Unknown : found->format;
}

const char* formatName(ImageFormat format) {
    switch (format) {
        case ImageFormat::Jpeg: return "JPEG";
        case ImageFormat::Png: return "PNG";
        case ImageFormat::Gif: return "GIF";
        case ImageFormat::Tiff: return "TIFF";
        case ImageFormat::Webp: return "WebP";
        case ImageFormat::Bmp: return "BMP";
        case ImageFormat::Pnm: return "PNM";
        case ImageFormat::Heif: return "HEIF";
        case ImageFormat::Unknown: break;
    }
    return "unknown";
}

}  // namespace shortlist::engine
