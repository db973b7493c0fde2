// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "engine/outcome.h"
#include "engine/records.h"

namespace shortlist::cli {

// Takes outcomes in any order from engine threads and writes their records in the order of their ids (0, 1, ...).
// Nothing is written before open(): a model that cannot be loaded leaves no records. After a write error it only
// counts; the error is kept for the main thread.
class OrderedWriter {
  public:
    OrderedWriter(engine::OutputFile& output, engine::RecordFormat format, int topK, bool progress);

    void add(engine::Outcome&& outcome);
    void open();
    // True when `count` outcomes were taken; waits up to `limit`.
    bool waitFor(uint64_t count, std::chrono::milliseconds limit);
    bool broken() const { return m_broken; }
    std::string error() const;
    uint64_t failed() const;
    // How many there will be, once that is known: the progress line then tells the time left.
    void setTotal(uint64_t total);

  private:
    void drain();
    void write(const engine::Outcome& outcome);
    void put(const std::string& text);
    std::string timeLeft(double rate) const;
    void showProgress();

    engine::OutputFile& m_output;
    const engine::RecordFormat m_format;
    const int m_topK;
    const bool m_progress;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<uint64_t, engine::Outcome> m_waiting;
    uint64_t m_next = 0;
    uint64_t m_taken = 0;
    uint64_t m_failed = 0;
    uint64_t m_total = 0;  // 0: not known yet
    bool m_open = false;
    std::atomic<bool> m_broken{false};
    std::string m_error;
    std::chrono::steady_clock::time_point m_begin;
    std::chrono::steady_clock::time_point m_shown;
};

}  // namespace shortlist::cli
