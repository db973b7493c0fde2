// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "engine/image/decoders.h"

namespace shortlist::test {

// A refusal by engine::Error is an answer; anything else ends the process. Large pictures are left to the limits' own tests: here
// they would only be slow.
template <typename Decode>
int decodeOrRefuse(const uint8_t* data, size_t size, Decode decode) {
    try {
        decode(std::span<const uint8_t>(data, size));
    } catch (const engine::Error&) {
    } catch (const std::bad_alloc&) {
    }
    return 0;
}

}  // namespace shortlist::test
