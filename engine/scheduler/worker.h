// SPDX-License-Identifier: Apache-2.0
// What the decode workers and the inference thread have in common.
#pragma once

#include <sys/resource.h>

#include <chrono>

#include "engine/outcome.h"

namespace shortlist::engine {

// Puts the calling thread below the GUI thread (Linux: PRIO_PROCESS 0 is the thread).
inline void lowerPriority() {
    constexpr int kWorkerNice = 5;
    setpriority(PRIO_PROCESS, 0, kWorkerNice);
}

inline double milliseconds(std::chrono::steady_clock::duration d) { return std::chrono::duration<double, std::milli>(d).count(); }

inline Failure cancelled() { return {ErrorKind::Cancelled, "Cancelled."}; }

}  // namespace shortlist::engine
