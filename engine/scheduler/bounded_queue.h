// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace shortlist::engine {

// A queue of values with two lanes, bounded in items and bytes. Urgent values come out first and never wait for
// room: a person sends few. Any thread may call anything; nothing throws but T's own moves.
template <typename T>
class BoundedQueue {
  public:
    BoundedQueue(size_t maxItems, size_t maxBytes) : m_maxItems(maxItems), m_maxBytes(maxBytes) {}

    // Waits for room; false (value dropped) when `stop` is requested first. A value larger than the whole bound
    // is let in when the queue is empty.
    bool push(T value, size_t bytes, bool urgent, std::stop_token stop) {
        std::unique_lock lock(m_mutex);
        if (!urgent && !m_room.wait(lock, stop, [&] { return hasRoom(bytes); }))
            return false;
        return insert(std::move(value), bytes, urgent);
    }

    // Never waits; false when there is no room. `value` is moved from only on success.
    bool tryPush(T& value, size_t bytes, bool urgent) {
        std::unique_lock lock(m_mutex);
        return (urgent || hasRoom(bytes)) && insert(std::move(value), bytes, urgent);
    }

    // Waits for a value; nothing when `stop` is requested or wake() was called. `urgentOnly` leaves the other lane.
    std::optional<T> pop(std::stop_token stop, bool urgentOnly = false) {
        std::unique_lock lock(m_mutex);
        m_filled.wait(lock, stop, [&] { return m_woken || available(urgentOnly); });
        m_woken = false;
        return take(urgentOnly);
    }

    // Waits no longer than until `deadline`.
    std::optional<T> popUntil(std::chrono::steady_clock::time_point deadline, std::stop_token stop) {
        std::unique_lock lock(m_mutex);
        m_filled.wait_until(lock, stop, deadline, [&] { return m_woken || available(false); });
        return take(false);
    }

    std::optional<T> tryPop() {
        std::unique_lock lock(m_mutex);
        return take(false);
    }

    // Makes one pop() return, empty-handed if need be.
    void wake() {
        std::unique_lock lock(m_mutex);
        m_woken = true;
        m_filled.notify_all();
    }

    size_t size() const {
        std::unique_lock lock(m_mutex);
        return m_urgent.size() + m_normal.size();
    }
    size_t bytes() const {
        std::unique_lock lock(m_mutex);
        return m_bytes;
    }

  private:
    struct Item {
        T value;
        size_t bytes;
    };

    bool hasRoom(size_t bytes) const {
        return m_normal.size() < m_maxItems && (m_bytes + bytes <= m_maxBytes || m_normal.empty());
    }
    bool available(bool urgentOnly) const { return !m_urgent.empty() || (!urgentOnly && !m_normal.empty()); }

    bool insert(T value, size_t bytes, bool urgent) {
        (urgent ? m_urgent : m_normal).push_back({std::move(value), bytes});
        m_bytes += bytes;
        m_filled.notify_all();  // waiters differ in what they accept
        return true;
    }

    std::optional<T> take(bool urgentOnly) {
        if (!available(urgentOnly))
            return std::nullopt;
        auto& lane = m_urgent.empty() ? m_normal : m_urgent;
        Item item = std::move(lane.front());
        lane.pop_front();
        m_bytes -= item.bytes;
        m_room.notify_all();  // the next value may be larger than the one that left
        return std::move(item.value);
    }

    const size_t m_maxItems;
    const size_t m_maxBytes;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_room;
    std::condition_variable_any m_filled;
    std::deque<Item> m_urgent;
    std::deque<Item> m_normal;
    size_t m_bytes = 0;
    bool m_woken = false;
};

}  // namespace shortlist::engine
