// SPDX-License-Identifier: Apache-2.0
// The boundary of the codecs module: one C function, so that OpenCV's imgcodecs loads only when it is needed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace shortlist::engine {

// Decodes `data` into rgb[height * width * 3]; the caller has read width and height from the header. Returns 0, or
// writes a sentence into `message` and returns 1. Throws nothing.
using CodecsDecode = int (*)(const uint8_t* data, size_t size, uint8_t* rgb, int32_t width, int32_t height,
                             char* message, size_t capacity);
constexpr const char* kCodecsDecodeName = "shortlist_codecs_decode_v1";

}  // namespace shortlist::engine
