// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <mutex>

#include "engine/stats.h"

namespace shortlist::engine {

// Counts what is delivered. Thread-safe. Time is passed in, so that tests need no clock.
class StatsWindow {
  public:
    using Time = std::chrono::steady_clock::time_point;

    void submitted();
    void withdrawn();  // the last submitted() was refused after all
    // One delivered outcome; cancelled ones and failures count as delivered but not for the rate.
    void delivered(const Outcome& outcome, Time now);
    // Rates and stage means over the last kWindow, queue depths left to the caller.
    Stats snapshot(Time now) const;

    static constexpr std::chrono::milliseconds kWindow{3000};

  private:
    struct Event {
        Time time;  // of its first outcome
        uint32_t count;
        StageTimes sums;
    };

    double rate(Time now) const;
    void expire(Time now);

    mutable std::mutex m_mutex;
    std::deque<Event> m_events;
    bool m_logprobs = true;
    Stats m_totals;
};

}  // namespace shortlist::engine
