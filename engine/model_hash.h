// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace shortlist::engine {

// SHA-256, hexadecimal, over the contents of the files in the given order; kept per path, size and time of change for
// the life of the process. Empty when a file cannot be read or all of them exceed kHashAtOnce bytes together: such a
// hash would delay the first result.
std::string hashWeights(const std::vector<std::string>& files);

constexpr size_t kHashAtOnce = 64u << 20;

}  // namespace shortlist::engine
