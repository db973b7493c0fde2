// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace shortlist::torch_backend {

// To the log of the program that opened the module.
void logWarning(const std::string& message);

}  // namespace shortlist::torch_backend
