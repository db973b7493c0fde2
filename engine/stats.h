// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/outcome.h"

namespace shortlist::engine {

// A snapshot. QPS = images per second over a sliding window, counted when the result is delivered; 0 when nothing
// was delivered in it. `qps_on` and `qps_off` are the last rates seen with the switch in that position.
struct Stats {
    double qps = 0;
    double qps_on = 0;
    double qps_off = 0;
    uint64_t submitted = 0;
    uint64_t delivered = 0;  // failures included
    uint64_t failed = 0;
    StageTimes mean;  // milliseconds per image, over the sliding window
    size_t queued = 0;
    size_t prepared = 0;
    size_t prepared_bytes = 0;
};

}  // namespace shortlist::engine
