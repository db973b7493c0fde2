// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "engine/decode.h"

namespace shortlist::engine {

// EXIF orientation 1..8 out of a TIFF structure ("II*\0" or "MM\0*" first); 1 when there is none or it lies.
// Bounded: reads at most 64 KiB and 64 entries of the first directory, follows no pointer but that one.
int exifOrientation(std::span<const uint8_t> tiff);

// Turns the pixels so that they show the scene upright; swaps width and height for 5..8.
void applyOrientation(DecodedImage& image, int orientation);

}  // namespace shortlist::engine
