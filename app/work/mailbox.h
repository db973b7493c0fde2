// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <QObject>
#include <QSocketNotifier>
#include <mutex>
#include <utility>
#include <vector>

namespace shortlist::app {

// Values from worker threads for the GUI thread. The producer locks a mutex and writes to an eventfd; no QObject, event
// or functor is touched by two threads. Owned by the GUI thread, outlives its producers.
template <typename T>
class Mailbox {
  public:
    Mailbox() : m_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), m_notifier(m_fd, QSocketNotifier::Read) {}
    ~Mailbox() {
        m_notifier.setEnabled(false);
        ::close(m_fd);
    }
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;

    // Any thread.
    void put(T value) {
        const std::scoped_lock lock(m_mutex);
        m_values.push_back(std::move(value));
        if (m_values.size() == 1)
            ::eventfd_write(m_fd, 1);
    }

    // GUI thread: everything that waits, in order.
    std::vector<T> take() {
        const std::scoped_lock lock(m_mutex);
        eventfd_t ignored = 0;
        ::eventfd_read(m_fd, &ignored);
        return std::exchange(m_values, {});
    }

    // Activated on the GUI thread when something waits.
    QSocketNotifier& notifier() { return m_notifier; }

  private:
    const int m_fd;
    QSocketNotifier m_notifier;
    std::mutex m_mutex;
    std::vector<T> m_values;
};

}  // namespace shortlist::app
