// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/backend_loader.h"
#include "engine/decode.h"
#include "tests/support/cases_model.h"

namespace shortlist::test {

inline engine::PreparedImage viewOf(const engine::DecodedImage& image) {
    return {image.pixels.data(), image.width, image.height, 3 * static_cast<int64_t>(image.width), image.full_width, image.full_height};
}

}  // namespace shortlist::test
