// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace shortlist::bench {

// On the default stream. `bytes` is a multiple of 16; `out` holds kReadBlocks floats.
constexpr int kReadBlocks = 1056;
void launchRead(const void* data, size_t bytes, float* out);
void launchEmpty();

}  // namespace shortlist::bench
