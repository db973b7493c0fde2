// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace shortlist::engine {

constexpr uint64_t kHashAtOnce = 64u << 20;  // more would delay the first result

// SHA-256, hexadecimal, over the contents of the files in the given order; kept per path, size and time of change for
// the life of the process. Empty when a file cannot be read or all of them exceed `limit` bytes together.
std::string hashWeights(const std::vector<std::string>& files, uint64_t limit = kHashAtOnce);

}  // namespace shortlist::engine
