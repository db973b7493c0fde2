// SPDX-License-Identifier: Apache-2.0
// The first frame of a GIF through giflib, on its logical screen as Pillow's GifImagePlugin places it: outside the frame stands
// the transparent index, or 0; transparency itself is dropped by convert("RGB").
#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "engine/image/decoders.h"

namespace shortlist::engine {
namespace {

struct Source {
    std::span<const uint8_t> bytes;
    size_t at = 0;
};

int readBytes(GifFileType* gif, GifByteType* to, int count) {
    auto& source = *static_cast<Source*>(gif->UserData);
    const size_t got = std::min(static_cast<size_t>(std::max(count, 0)), source.bytes.size() - source.at);
    std::memcpy(to, source.bytes.data() + source.at, got);
    source.at += got;
    return static_cast<int>(got);
}

struct Closer {
    void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

[[noreturn]] void refuse(int error) {
    const char* reason = GifErrorString(error);
    throw Error(ErrorKind::BadImage, std::string("The GIF cannot be decoded: ") + (reason ? reason : "it is truncated") + ".");
}

// The graphics control block names the transparent index.
int transparentIndex(const GifByteType* block) {
    constexpr int kLength = 4;
    return block && block[0] >= kLength && (block[1] & 1) ? block[4] : -1;
}

// Reads records up to the first picture; the index its screen begins with.
int seekPicture(GifFileType* gif) {
    int transparent = -1;
    while (true) {
        GifRecordType type;
        if (DGifGetRecordType(gif, &type) == GIF_ERROR)
            refuse(gif->Error);
        if (type == IMAGE_DESC_RECORD_TYPE)
            break;
        if (type == TERMINATE_RECORD_TYPE)
            throw Error(ErrorKind::BadImage, "The GIF holds no picture.");
        int code = 0;
        GifByteType* block = nullptr;
        if (type != EXTENSION_RECORD_TYPE || DGifGetExtension(gif, &code, &block) == GIF_ERROR)
            refuse(gif->Error);
        if (code == GRAPHICS_EXT_FUNC_CODE)
            transparent = transparentIndex(block);
        while (block)
            if (DGifGetExtensionNext(gif, &block) == GIF_ERROR)
                refuse(gif->Error);
    }
    if (DGifGetImageDesc(gif) == GIF_ERROR)
        refuse(gif->Error);
    return transparent;
}

// Rows in the order in which an interlaced file stores them.
std::vector<int> rowOrder(int height, bool interlaced) {
    std::vector<int> rows;
    constexpr int kStart[] = {0, 4, 2, 1}, kStep[] = {8, 8, 4, 2};
    for (int pass = 0; pass < (interlaced ? 4 : 1); ++pass)
        for (int y = interlaced ? kStart[pass] : 0; y < height; y += interlaced ? kStep[pass] : 1)
            rows.push_back(y);
    return rows;
}

void paint(const std::vector<uint8_t>& indices, const ColorMapObject* colours, std::vector<uint8_t>& rgb) {
    for (size_t i = 0; i < indices.size(); ++i) {
        const int index = indices[i];
        const bool known = colours && index < colours->ColorCount;
        const GifColorType colour = known ? colours->Colors[index] : colours ? GifColorType{0, 0, 0} : GifColorType{indices[i], indices[i], indices[i]};
        rgb[3 * i] = colour.Red;
        rgb[3 * i + 1] = colour.Green;
        rgb[3 * i + 2] = colour.Blue;
    }
}

}  // namespace

DecodedImage decodeGif(std::span<const uint8_t> bytes) {
    Source source{bytes};
    int error = 0;
    const std::unique_ptr<GifFileType, Closer> gif(DGifOpen(&source, readBytes, &error));
    if (!gif)
        refuse(error);
    checkSize(gif->SWidth, gif->SHeight);
    const int transparent = seekPicture(gif.get());
    const GifImageDesc& frame = gif->Image;
    // A frame may reach beyond its screen: the image is then as large as both.
    const int64_t width = std::max<int64_t>(gif->SWidth, int64_t{frame.Left} + frame.Width), height = std::max<int64_t>(gif->SHeight, int64_t{frame.Top} + frame.Height);
    checkSize(width, height);
    std::vector<uint8_t> indices(static_cast<size_t>(width * height), static_cast<uint8_t>(std::max(0, transparent)));
    for (const int y : rowOrder(frame.Height, frame.Interlace)) {
        uint8_t* row = indices.data() + (int64_t{frame.Top} + y) * width + frame.Left;
        if (DGifGetLine(gif.get(), row, frame.Width) == GIF_ERROR)
            refuse(gif->Error);
    }
    DecodedImage image;
    image.width = static_cast<int32_t>(width);
    image.height = static_cast<int32_t>(height);
    image.pixels.resize(indices.size() * 3);
    paint(indices, frame.ColorMap ? frame.ColorMap : gif->SColorMap, image.pixels);
    return image;
}

}  // namespace shortlist::engine
