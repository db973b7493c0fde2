// SPDX-License-Identifier: Apache-2.0
// In place of decode_heif.cpp where libheif was not found.
#include "engine/image/decoders.h"

namespace shortlist::engine {

DecodedImage decodeHeif(std::span<const uint8_t>) {
    throw Error(ErrorKind::Unsupported, "HEIC and AVIF images need the package libheif-dev: install it and build again, or save the image as JPEG.");
}

}  // namespace shortlist::engine
