// SPDX-License-Identifier: Apache-2.0
#include "app/cli/ordered_writer.h"

#include <cstdio>
#include <utility>

namespace shortlist::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kProgressEvery{200};

}  // namespace

OrderedWriter::OrderedWriter(engine::OutputFile& output, engine::RecordFormat format, int topK, bool progress)
    : m_output(output), m_format(format), m_topK(topK), m_progress(progress), m_begin(Clock::now()) {}

void OrderedWriter::add(engine::Outcome&& outcome) {
    const std::scoped_lock lock(m_mutex);
    ++m_taken;
    const uint64_t id = outcome.id;
    m_waiting.emplace(id, std::move(outcome));
    drain();
    m_changed.notify_all();
}

void OrderedWriter::open() {
    const std::scoped_lock lock(m_mutex);
    if (!std::exchange(m_open, true)) {
        m_begin = Clock::now();
        put(engine::recordHeader(m_format, m_topK));
    }
    drain();
}

bool OrderedWriter::waitFor(uint64_t count, std::chrono::milliseconds limit) {
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, limit, [&] { return m_taken >= count; });
}

std::string OrderedWriter::error() const {
    const std::scoped_lock lock(m_mutex);
    return m_error;
}

uint64_t OrderedWriter::failed() const {
    const std::scoped_lock lock(m_mutex);
    return m_failed;
}

void OrderedWriter::drain() {
    while (m_open && !m_waiting.empty() && m_waiting.begin()->first == m_next) {
        write(m_waiting.begin()->second);
        m_waiting.erase(m_waiting.begin());
        ++m_next;
    }
    if (m_open && m_progress && Clock::now() - m_shown > kProgressEvery)
        showProgress();
}

void OrderedWriter::write(const engine::Outcome& outcome) {
    if (!outcome.ok() && outcome.failure->kind == engine::ErrorKind::Cancelled)
        return;  // only after an interrupt: what was finished is written
    m_failed += outcome.ok() ? 0 : 1;
    put(engine::formatRecord(m_format, outcome, m_topK));
}

void OrderedWriter::put(const std::string& text) {
    if (m_broken)
        return;
    try {
        m_output.write(text);
        if (m_waiting.size() <= 1)
            m_output.flush();  // nothing else is ready: a reader sees this one now
    } catch (const std::exception& error) {
        m_error = error.what();
        m_broken = true;
    }
}

std::string OrderedWriter::timeLeft(double rate) const {
    if (m_total <= m_next || rate <= 0)
        return "";
    const auto seconds = static_cast<uint64_t>(static_cast<double>(m_total - m_next) / rate) + 1;
    return ", " + (seconds < 90 ? std::to_string(seconds) + " s" : std::to_string((seconds + 30) / 60) + " min") + " left";
}

void OrderedWriter::setTotal(uint64_t total) {
    const std::scoped_lock lock(m_mutex);
    m_total = total;
}

void OrderedWriter::showProgress() {
    m_shown = Clock::now();
    const double seconds = std::chrono::duration<double>(m_shown - m_begin).count();
    if (seconds > 0)
        std::fprintf(stderr, "\r%llu images, %.1f images/s%s \033[K", static_cast<unsigned long long>(m_next), static_cast<double>(m_next) / seconds,
                     timeLeft(static_cast<double>(m_next) / seconds).c_str());
}

}  // namespace shortlist::cli
