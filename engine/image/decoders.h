// SPDX-License-Identifier: Apache-2.0
// One function per decoder behind decodeImage; each checks the header against the limits before it takes memory.
#pragma once

#include <span>

#include "engine/decode.h"

namespace shortlist::engine {

DecodedImage decodeJpeg(std::span<const uint8_t> bytes, const DecodeOptions& options);
DecodedImage decodePng(std::span<const uint8_t> bytes);
DecodedImage decodeBmp(std::span<const uint8_t> bytes);
DecodedImage decodeWebp(std::span<const uint8_t> bytes);
DecodedImage decodePnm(std::span<const uint8_t> bytes);
DecodedImage decodeGif(std::span<const uint8_t> bytes);
DecodedImage decodeTiff(std::span<const uint8_t> bytes);
DecodedImage decodeHeif(std::span<const uint8_t> bytes);

// Throws Error(TooLarge) or Error(BadImage) unless width x height is inside the limits.
void checkSize(int64_t width, int64_t height);

// CMYK, 4 bytes a pixel, to RGB with Pillow's rounding (Convert.c cmyk2rgb). `inverted`: as Adobe stores it in a JPEG.
std::vector<uint8_t> cmykToRgb(const std::vector<uint8_t>& cmyk, bool inverted);

}  // namespace shortlist::engine
