// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/error.h"

namespace shortlist::engine {

constexpr int32_t kMaxSide = 65535;
constexpr int64_t kMaxPixels = 400'000'000;

// RGB, 3 bytes a pixel, rows contiguous, orientation applied.
struct DecodedImage {
    std::vector<uint8_t> pixels;
    int32_t width = 0;
    int32_t height = 0;
    std::vector<std::string> notes;  // what the decoder repaired
    int32_t full_width = 0;          // as the header states them, after orientation; larger than width and height in `fast`
    int32_t full_height = 0;
    int32_t reduction = 1;           // 1, 2, 4 or 8
};

// `fast`: a JPEG is scaled while it is decoded (DCT scaling) by the largest 1/2^n that leaves its short side at least twice
// `fast_short_side`, the side that the model resizes to. 0: `exact`.
struct DecodeOptions {
    int32_t fast_short_side = 0;
};

// The whole file. Throws Error(Unreadable) when it is missing, no regular file, or cannot be read.
std::vector<uint8_t> readFile(const std::string& path);

// Full decode by the file's magic bytes; levels as Pillow's convert("RGB"). Throws Error: Unsupported (no known
// magic), TooLarge (over the limits above), BadImage (the decoder refuses it, truncation included).
DecodedImage decodeImage(std::span<const uint8_t> bytes, const DecodeOptions& options = {});

}  // namespace shortlist::engine
