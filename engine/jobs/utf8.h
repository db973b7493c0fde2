// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace shortlist::engine {

// Every byte that belongs to no well-formed UTF-8 sequence becomes U+FFFD.
std::string toValidUtf8(const std::string& bytes);

}  // namespace shortlist::engine
