// SPDX-License-Identifier: Apache-2.0
// One function per decoder behind decodeImage; each checks the header against the limits before it takes memory.
#pragma once

#include <span>

#include "engine/decode.h"

namespace shortlist::engine {

DecodedImage decodeJpeg(std::span<const uint8_t> bytes);
DecodedImage decodePng(std::span<const uint8_t> bytes);

// Throws Error(TooLarge) or Error(BadImage) unless width x height is inside the limits.
void checkSize(int64_t width, int64_t height);

}  // namespace shortlist::engine
