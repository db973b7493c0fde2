// SPDX-License-Identifier: Apache-2.0
#include "engine/image/orientation.h"

#include <algorithm>
#include <utility>

#include "engine/image/byte_reader.h"

namespace shortlist::engine {
namespace {

constexpr size_t kMaxBytes = 64 * 1024;
constexpr uint32_t kMaxEntries = 64;
constexpr uint32_t kOrientationTag = 0x0112;
constexpr uint32_t kShort = 3;

}  // namespace

int exifOrientation(std::span<const uint8_t> tiff) {
    const ByteReader reader(tiff.first(std::min(tiff.size(), kMaxBytes)), !tiff.empty() && tiff[0] == 'M');
    if (!reader.has(0, 8) || tiff[0] != tiff[1] || (tiff[0] != 'I' && tiff[0] != 'M') || reader.u16(2) != 42)
        return 1;
    const size_t directory = reader.u32(4);
    if (!reader.has(directory, 2))
        return 1;
    const uint32_t entries = std::min(reader.u16(directory), kMaxEntries);
    for (uint32_t i = 0; i < entries; ++i) {
        const size_t at = directory + 2 + 12 * static_cast<size_t>(i);
        if (!reader.has(at, 12))
            return 1;
        if (reader.u16(at) != kOrientationTag)
            continue;
        const uint32_t value = reader.u16(at + 8);
        return reader.u16(at + 2) == kShort && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

void applyOrientation(DecodedImage& image, int orientation) {
    if (orientation < 2 || orientation > 8)
        return;
    const int32_t w = image.width, h = image.height;
    const bool transposed = orientation >= 5;
    const int32_t outWidth = transposed ? h : w, outHeight = transposed ? w : h;
    std::vector<uint8_t> turned(image.pixels.size());
    // For every upright pixel (x, y): where it stands in the stored image.
    for (int32_t y = 0; y < outHeight; ++y) {
        for (int32_t x = 0; x < outWidth; ++x) {
            int32_t sx = transposed ? y : x, sy = transposed ? x : y;
            if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
                sx = w - 1 - sx;
            if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
                sy = h - 1 - sy;
            const uint8_t* from = image.pixels.data() + 3 * (static_cast<size_t>(sy) * static_cast<size_t>(w) + static_cast<size_t>(sx));
            std::copy_n(from, 3, turned.data() + 3 * (static_cast<size_t>(y) * static_cast<size_t>(outWidth) + static_cast<size_t>(x)));
        }
    }
    if (transposed)
        std::swap(image.full_width, image.full_height);
    image.pixels = std::move(turned);
    image.width = outWidth;
    image.height = outHeight;
}

}  // namespace shortlist::engine
