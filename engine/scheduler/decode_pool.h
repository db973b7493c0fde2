// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "engine/decode.h"
#include "engine/engine.h"
#include "engine/scheduler/bounded_queue.h"

namespace shortlist::engine {

struct Prepared {
    Request request;
    DecodedImage image;
    double decode_ms = 0;
    std::chrono::steady_clock::time_point ready;
};

// Threads that turn requests into pixels; one more than asked for is reserved for interactive requests, so that they
// overtake a folder whose images are large. Owned by the engine. A request that cannot be decoded, or whose job was
// cancelled, goes to `fail` instead of the queue; nothing else leaves a worker.
class DecodePool {
  public:
    using Fail = std::function<void(Request&&, Failure, double decodeMs)>;
    using IsCancelled = std::function<bool(uint64_t job)>;
    using Options = std::function<DecodeOptions()>;  // of the moment

    DecodePool(int threads, BoundedQueue<Request>& requests, BoundedQueue<Prepared>& prepared, Fail fail,
               IsCancelled isCancelled, Options options, std::function<void()> handled);
    // Stops and joins the workers: a value that a stopping worker holds is failed as cancelled.
    void stop();

  private:
    void run(std::stop_token stop, bool urgentOnly);
    void handle(Request&& request, std::stop_token stop);

    BoundedQueue<Request>& m_requests;
    BoundedQueue<Prepared>& m_prepared;
    Fail m_fail;
    IsCancelled m_isCancelled;
    Options m_options;
    std::function<void()> m_handled;  // after each request, whatever became of it
    std::vector<std::jthread> m_threads;
};

}  // namespace shortlist::engine
