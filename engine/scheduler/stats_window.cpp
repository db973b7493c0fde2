// SPDX-License-Identifier: Apache-2.0
#include "engine/scheduler/stats_window.h"

namespace shortlist::engine {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kBucket{20};  // events closer than this are one, so that the window stays small
constexpr milliseconds kSettled{500};  // a rate per switch position needs at least this much of it

double seconds(std::chrono::steady_clock::duration d) { return std::chrono::duration<double>(d).count(); }

void add(StageTimes& sum, const StageTimes& one) {
    sum.decode += one.decode;
    sum.wait += one.wait;
    sum.preprocess += one.preprocess;
    sum.model += one.model;
    sum.topk += one.topk;
}

StageTimes scaled(const StageTimes& sum, double factor) {
    return {sum.decode * factor, sum.wait * factor, sum.preprocess * factor, sum.model * factor, sum.topk * factor};
}

}  // namespace

void StatsWindow::submitted() {
    const std::scoped_lock lock(m_mutex);
    if (m_totals.submitted == m_totals.delivered)
        m_events.clear();
    ++m_totals.submitted;
}

void StatsWindow::withdrawn() {
    const std::scoped_lock lock(m_mutex);
    --m_totals.submitted;
}

void StatsWindow::expire(Time now) {
    while (!m_events.empty() && now - m_events.front().time > kWindow)
        m_events.pop_front();
}

// From the first event in the window to now. What that event counts was worked on before it, so it is left out; loading a
// model or a pause before the first image therefore never lowers the rate.
double StatsWindow::rate(Time now) const {
    uint64_t count = 0;
    const Event* first = nullptr;
    for (const Event& event : m_events) {
        if (now - event.time > kWindow)
            continue;
        if (first)
            count += event.count;
        else
            first = &event;
    }
    const double span = first ? seconds(now - first->time) : 0;
    return span > 0 ? static_cast<double>(count) / span : 0;
}

void StatsWindow::delivered(const Outcome& outcome, Time now) {
    const std::scoped_lock lock(m_mutex);
    ++m_totals.delivered;
    if (!outcome.ok()) {
        ++m_totals.failed;
        return;
    }
    if (outcome.logprobs != m_logprobs) {
        m_logprobs = outcome.logprobs;
        m_events.clear();
    }
    expire(now);
    if (m_events.empty() || now - m_events.back().time > kBucket)
        m_events.push_back({now, 0, {}});
    Event& last = m_events.back();
    ++last.count;
    add(last.sums, outcome.ms);
    if (now - m_events.front().time >= kSettled)
        (m_logprobs ? m_totals.qps_on : m_totals.qps_off) = rate(now);
}

Stats StatsWindow::snapshot(Time now) const {
    const std::scoped_lock lock(m_mutex);
    Stats stats = m_totals;
    const bool idle = m_totals.submitted == m_totals.delivered;
    stats.qps = idle ? 0 : rate(now);
    StageTimes sums;
    uint64_t count = 0;
    for (const Event& event : m_events) {
        count += event.count;
        add(sums, event.sums);
    }
    if (count > 0)
        stats.mean = scaled(sums, 1.0 / static_cast<double>(count));
    return stats;
}

}  // namespace shortlist::engine
