// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace shortlist::engine {

enum class ImageFormat : uint8_t { Unknown, Jpeg, Png, Gif, Tiff, Webp, Bmp, Pnm, Heif };

// By magic bytes alone; the name of a file never counts.
ImageFormat sniff(std::span<const uint8_t> bytes);
const char* formatName(ImageFormat format);

}  // namespace shortlist::engine
