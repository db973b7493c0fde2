// SPDX-License-Identifier: Apache-2.0
// The first page of a TIFF through libtiff: 1 to 16 bits of grey, palette, RGB or CMYK, strips or tiles, samples together or
// apart. Any error that libtiff reports refuses the image.
#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

#include "engine/image/decoders.h"
#include "engine/image/orientation.h"

namespace shortlist::engine {
namespace {

constexpr uint16_t kMaxSamples = 32;
constexpr int64_t kMaxRowBytes = int64_t{1} << 30;

struct Source {
    std::span<const uint8_t> bytes;
    uint64_t at = 0;
    std::string error;
};

tmsize_t readBytes(thandle_t handle, void* to, tmsize_t count) {
    auto& source = *static_cast<Source*>(handle);
    const uint64_t left = source.at < source.bytes.size() ? source.bytes.size() - source.at : 0;
    const auto got = static_cast<size_t>(std::min<uint64_t>(left, static_cast<uint64_t>(std::max<tmsize_t>(count, 0))));
    std::memcpy(to, source.bytes.data() + (got ? source.at : 0), got);
    source.at += got;
    return static_cast<tmsize_t>(got);
}

uint64_t seek(thandle_t handle, uint64_t offset, int whence) {
    auto& source = *static_cast<Source*>(handle);
    source.at = offset + (whence == SEEK_CUR ? source.at : whence == SEEK_END ? source.bytes.size() : 0);
    return source.at;
}

int onError(TIFF*, void* user, const char*, const char* format, va_list arguments) {
    auto& source = *static_cast<Source*>(user);
    char text[256];
    std::vsnprintf(text, sizeof text, format, arguments);
    if (source.error.empty())
        source.error = text;
    return 1;  // handled: not to stderr
}
int onWarning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

struct Closer {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffPointer = std::unique_ptr<TIFF, Closer>;

TiffPointer open(Source& source) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, onError, &source);
    TIFFOpenOptionsSetWarningHandlerExtR(options, onWarning, nullptr);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, kMaxRowBytes);
    TiffPointer tiff(TIFFClientOpenExt(
        "image", "rm", &source, readBytes, [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; }, seek, [](thandle_t) { return 0; },
        [](thandle_t handle) -> uint64_t { return static_cast<Source*>(handle)->bytes.size(); }, nullptr, nullptr, options));
    TIFFOpenOptionsFree(options);
    return tiff;
}

[[noreturn]] void refuse(const std::string& reason) { throw Error(ErrorKind::BadImage, "The TIFF cannot be decoded: " + reason + "."); }

struct Page {
    uint32_t width = 0, height = 0;
    uint16_t bits = 1, samples = 1, photometric = 0, planar = PLANARCONFIG_CONTIG, format = SAMPLEFORMAT_UINT, compression = 1, orientation = 1;
    int used = 1;  // samples a pixel that make its colour: 1, 3 or 4

    size_t pixels() const { return static_cast<size_t>(width) * height; }
};

Page readPage(TIFF* tiff) {
    Page page;
    if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page.width) || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page.height))
        refuse("its size is missing");
    checkSize(page.width, page.height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &page.bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &page.samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &page.planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &page.format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &page.compression);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &page.orientation);
    if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &page.photometric))
        page.photometric = page.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    if (page.photometric == PHOTOMETRIC_YCBCR && page.compression == COMPRESSION_JPEG) {
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        page.photometric = PHOTOMETRIC_RGB;
    }
    page.used = page.photometric == PHOTOMETRIC_RGB ? 3 : page.photometric == PHOTOMETRIC_SEPARATED ? 4 : 1;
    const bool known = page.photometric <= PHOTOMETRIC_PALETTE || page.photometric == PHOTOMETRIC_SEPARATED;
    const bool depth = page.bits == 1 || page.bits == 2 || page.bits == 4 || page.bits == 8 || page.bits == 16;
    const bool palette = page.photometric == PHOTOMETRIC_PALETTE && page.bits > 8;
    if (!known || !depth || palette || page.samples < page.used || page.samples > kMaxSamples || page.format != SAMPLEFORMAT_UINT)
        throw Error(ErrorKind::Unsupported, "This kind of TIFF is not read (photometric " + std::to_string(page.photometric) + ", " + std::to_string(page.samples) + " samples of " +
                                                std::to_string(page.bits) + " bits): save it as 8-bit RGB.");
    return page;
}

// Sample `index` of a row as libtiff hands it over, in 8 bits; a palette index stays what it is.
uint8_t sampleAt(const uint8_t* row, size_t index, const Page& page) {
    if (page.bits == 8)
        return row[index];
    if (page.bits == 16) {
        uint16_t value;
        std::memcpy(&value, row + 2 * index, 2);
        return static_cast<uint8_t>(value >> 8);  // the high byte, as Pillow takes it for colour
    }
    const size_t bit = index * page.bits;
    const int mask = (1 << page.bits) - 1, value = row[bit / 8] >> (8 - page.bits - bit % 8) & mask;
    return static_cast<uint8_t>(page.photometric == PHOTOMETRIC_PALETTE ? value : value * 255 / mask);
}

// `count` pixels of a row that begins with pixel `x` of line y; one plane when samples lie apart.
void takeRow(const uint8_t* row, const Page& page, uint32_t x, uint32_t y, uint32_t count, int plane, std::vector<uint8_t>& samples) {
    uint8_t* to = samples.data() + (static_cast<size_t>(y) * page.width + x) * static_cast<size_t>(page.used);
    const bool apart = page.planar == PLANARCONFIG_SEPARATE;
    for (size_t i = 0; i < count; ++i, to += page.used) {
        if (apart) {
            to[plane] = sampleAt(row, i, page);
            continue;
        }
        for (int s = 0; s < page.used; ++s)
            to[s] = sampleAt(row, i * page.samples + static_cast<size_t>(s), page);
    }
}

std::vector<uint8_t> rowBuffer(tmsize_t bytes) {
    if (bytes <= 0 || bytes > kMaxRowBytes)
        refuse("its rows do not have a possible size");
    return std::vector<uint8_t>(static_cast<size_t>(bytes));
}

void readStrips(TIFF* tiff, const Page& page, int plane, std::vector<uint8_t>& samples) {
    std::vector<uint8_t> row = rowBuffer(TIFFScanlineSize(tiff));
    const size_t bits = static_cast<size_t>(page.width) * page.bits * (page.planar == PLANARCONFIG_SEPARATE ? 1 : page.samples);
    if (row.size() < (bits + 7) / 8)
        refuse("its rows are too short for its width");
    for (uint32_t y = 0; y < page.height; ++y) {
        if (TIFFReadScanline(tiff, row.data(), y, static_cast<uint16_t>(plane)) < 0)
            refuse("a row cannot be read");
        takeRow(row.data(), page, 0, y, page.width, plane, samples);
    }
}

void readTiles(TIFF* tiff, const Page& page, int plane, std::vector<uint8_t>& samples) {
    uint32_t tileWidth = 0, tileHeight = 0;
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tileWidth);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tileHeight);
    const auto rowBytes = static_cast<size_t>(std::max<tmsize_t>(0, TIFFTileRowSize(tiff)));
    std::vector<uint8_t> tile = rowBuffer(TIFFTileSize(tiff));
    const size_t bits = static_cast<size_t>(tileWidth) * page.bits * (page.planar == PLANARCONFIG_SEPARATE ? 1 : page.samples);
    if (tileWidth == 0 || tileHeight == 0 || rowBytes < (bits + 7) / 8 || tile.size() / tileHeight < rowBytes)
        refuse("its tiles do not have a possible size");
    for (uint32_t y = 0; y < page.height; y += tileHeight)
        for (uint32_t x = 0; x < page.width; x += tileWidth) {
            if (TIFFReadTile(tiff, tile.data(), x, y, 0, static_cast<uint16_t>(plane)) < 0)
                refuse("a tile cannot be read");
            for (uint32_t j = 0; j < std::min(tileHeight, page.height - y); ++j)
                takeRow(tile.data() + j * rowBytes, page, x, y + j, std::min(tileWidth, page.width - x), plane, samples);
        }
}

std::vector<uint8_t> greyToRgb(const std::vector<uint8_t>& grey, bool inverted) {
    std::vector<uint8_t> rgb(grey.size() * 3);
    for (size_t i = 0; i < grey.size(); ++i)
        std::fill_n(rgb.begin() + static_cast<std::ptrdiff_t>(3 * i), 3, static_cast<uint8_t>(inverted ? 255 - grey[i] : grey[i]));
    return rgb;
}

std::vector<uint8_t> paletteToRgb(TIFF* tiff, const Page& page, const std::vector<uint8_t>& indices) {
    uint16_t* channels[3] = {};
    if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &channels[0], &channels[1], &channels[2]))
        refuse("its palette is missing");
    std::vector<uint8_t> rgb(indices.size() * 3);
    for (size_t i = 0; i < indices.size(); ++i)
        for (size_t c = 0; c < 3; ++c)
            rgb[3 * i + c] = static_cast<uint8_t>(channels[c][indices[i]] >> 8);
    return rgb;
}

}  // namespace

DecodedImage decodeTiff(std::span<const uint8_t> bytes) {
    Source source{bytes, 0, {}};
    const TiffPointer tiff = open(source);
    if (!tiff)
        refuse(source.error.empty() ? "its header is damaged" : source.error);
    const Page page = readPage(tiff.get());
    std::vector<uint8_t> samples(page.pixels() * static_cast<size_t>(page.used));
    const int planes = page.planar == PLANARCONFIG_SEPARATE ? page.used : 1;
    for (int plane = 0; plane < planes; ++plane)
        TIFFIsTiled(tiff.get()) ? readTiles(tiff.get(), page, plane, samples) : readStrips(tiff.get(), page, plane, samples);
    if (!source.error.empty())
        refuse(source.error);
    DecodedImage image;
    image.width = static_cast<int32_t>(page.width);
    image.height = static_cast<int32_t>(page.height);
    switch (page.photometric) {
        case PHOTOMETRIC_RGB: image.pixels = std::move(samples); break;
        case PHOTOMETRIC_SEPARATED: image.pixels = cmykToRgb(samples, false); break;
        case PHOTOMETRIC_PALETTE: image.pixels = paletteToRgb(tiff.get(), page, samples); break;
        default: image.pixels = greyToRgb(samples, page.photometric == PHOTOMETRIC_MINISWHITE); break;
    }
    applyOrientation(image, page.orientation);
    return image;
}

}  // namespace shortlist::engine
