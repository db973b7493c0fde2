// SPDX-License-Identifier: Apache-2.0
// Interleaved timing: every round runs the sides in order and back (A B B A); best and median per side.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace shortlist::bench {

struct Timing {
    double best = 0;    // microseconds per call
    double median = 0;
};

struct Side {
    std::function<void(int64_t call)> run;  // `call` counts up: rotate the data with it
    std::vector<double> samples;
    std::function<void()> wait = {};  // until a device has done what was asked
    int64_t calls = 0;
    int64_t perSample = 1;

    // One sample; microseconds per call.
    double sample() {
        const auto begin = std::chrono::steady_clock::now();
        for (int64_t i = 0; i < perSample; ++i)
            run(calls++);
        if (wait)
            wait();
        return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / static_cast<double>(perSample);
    }
    Timing timing() {
        std::sort(samples.begin(), samples.end());
        return {samples.front(), samples[samples.size() / 2]};
    }
};

// Each sample lasts at least `sampleUs`.
inline void measureInterleaved(std::vector<Side*> sides, int rounds, double sampleUs) {
    for (Side* side : sides) {
        side->sample();
        while (side->perSample < (1 << 20) && side->sample() * static_cast<double>(side->perSample) < sampleUs)
            side->perSample *= 2;
    }
    for (int round = 0; round < rounds; ++round) {
        for (Side* side : sides)
            side->samples.push_back(side->sample());
        for (auto side = sides.rbegin(); side != sides.rend(); ++side)
            (*side)->samples.push_back((*side)->sample());
    }
}

}  // namespace shortlist::bench
