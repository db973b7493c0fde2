// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace shortlist::kernels {

// Thrown by every kernel before any output is written; the message names the argument that is wrong.
class __attribute__((visibility("default"))) Error : public std::runtime_error {
  public:
    explicit Error(const std::string& message) : std::runtime_error(message) {}
};

inline void require(bool condition, const char* message) {
    if (!condition)
        throw Error(message);
}

}  // namespace shortlist::kernels
