// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace shortlist::kernels {
namespace {

class Pool {
  public:
    explicit Pool(int helpers) {
        for (int i = 0; i < helpers; ++i)
            m_helpers.emplace_back([this](std::stop_token stop) { run(stop); });
    }
    ~Pool() {
        for (auto& helper : m_helpers)
            helper.request_stop();
        m_wake.notify_all();
    }
    int helpers() const { return static_cast<int>(m_helpers.size()); }

    void call(int threads, int64_t parts, const std::function<void(int64_t)>& body) {
        {
            const std::scoped_lock lock(m_mutex);
            m_body = &body;
            m_parts = parts;
            m_next = 0;
            m_seats = threads - 1;
            ++m_round;
        }
        m_wake.notify_all();
        work();
        std::unique_lock lock(m_mutex);
        m_seats = 0;  // whoever has not begun comes too late
        m_done.wait(lock, [this] { return m_busy == 0; });
        m_body = nullptr;
        if (const auto error = std::exchange(m_error, nullptr))
            std::rethrow_exception(error);
    }

  private:
    void work() {
        try {
            for (int64_t part = m_next++; part < m_parts; part = m_next++)
                (*m_body)(part);
        } catch (...) {
            m_next = m_parts;
            const std::scoped_lock lock(m_mutex);
            m_error = std::current_exception();
        }
    }

    void run(std::stop_token stop) {
        uint64_t seen = 0;
        std::unique_lock lock(m_mutex);
        while (m_wake.wait(lock, stop, [&] { return m_round != seen; })) {
            seen = m_round;
            if (m_seats == 0)
                continue;
            --m_seats;
            ++m_busy;
            lock.unlock();
            work();
            lock.lock();
            if (--m_busy == 0)
                m_done.notify_one();
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::condition_variable m_done;
    const std::function<void(int64_t)>* m_body = nullptr;
    int64_t m_parts = 0;
    std::atomic<int64_t> m_next{0};
    int m_seats = 0, m_busy = 0;
    uint64_t m_round = 0;
    std::exception_ptr m_error;
    std::vector<std::jthread> m_helpers;  // last: they use what stands above
};

}  // namespace

void parallelFor(int threads, int64_t parts, const std::function<void(int64_t)>& body) {
    static std::mutex mutex;
    static std::unique_ptr<Pool> pool;
    const int wanted = static_cast<int>(std::min<int64_t>(threads, parts));
    std::unique_lock lock(mutex, std::try_to_lock);
    if (wanted <= 1 || !lock) {
        for (int64_t part = 0; part < parts; ++part)
            body(part);
        return;
    }
    if (!pool || pool->helpers() < wanted - 1)
        pool = std::make_unique<Pool>(std::max(wanted, threads) - 1);
    pool->call(wanted, parts, body);
}

}  // namespace shortlist::kernels
