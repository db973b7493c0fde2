// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

namespace shortlist::kernels {

// Calls body(0) .. body(parts - 1) on at most `threads` threads, the caller among them, and returns when all are done.
// One pool for the process, made at first use; one call at a time uses it, a second one runs alone on its caller. An
// exception of the body ends the call early and leaves it.
void parallelFor(int threads, int64_t parts, const std::function<void(int64_t part)>& body);

}  // namespace shortlist::kernels
