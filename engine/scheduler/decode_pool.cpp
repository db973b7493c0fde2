// SPDX-License-Identifier: Apache-2.0
#include "engine/scheduler/decode_pool.h"

#include <new>

#include "engine/scheduler/worker.h"

namespace shortlist::engine {

DecodePool::DecodePool(int threads, BoundedQueue<Request>& requests, BoundedQueue<Prepared>& prepared, Fail fail,
                       IsCancelled isCancelled, Options options, std::function<void()> handled)
    : m_requests(requests),
      m_prepared(prepared),
      m_fail(std::move(fail)),
      m_isCancelled(std::move(isCancelled)),
      m_options(std::move(options)),
      m_handled(std::move(handled)) {
    for (int i = 0; i <= threads; ++i)
        m_threads.emplace_back([this, reserved = i == threads](std::stop_token stop) { run(stop, reserved); });
}

void DecodePool::stop() {
    for (auto& thread : m_threads)
        thread.request_stop();
    m_threads.clear();
}

void DecodePool::run(std::stop_token stop, bool urgentOnly) {
    lowerPriority();
    while (!stop.stop_requested())
        if (auto request = m_requests.pop(stop, urgentOnly)) {
            handle(std::move(*request), stop);
            m_handled();
        }
}

void DecodePool::handle(Request&& request, std::stop_token stop) {
    const auto begin = std::chrono::steady_clock::now();
    Prepared prepared;
    Failure failure;
    try {
        if (m_isCancelled(request.job))
            throw Error(cancelled().kind, cancelled().message);
        prepared.image = request.bytes ? decodeImage(*request.bytes, m_options()) : decodeImage(readFile(request.path), m_options());
        prepared.ready = std::chrono::steady_clock::now();
        prepared.decode_ms = milliseconds(prepared.ready - begin);
        prepared.request = request;
        const size_t bytes = prepared.image.pixels.size();
        if (m_prepared.push(std::move(prepared), bytes, request.interactive, stop))
            return;
        failure = cancelled();
    } catch (const Error& error) {
        failure = {error.kind(), error.what()};
    } catch (const std::bad_alloc&) {
        failure = {ErrorKind::OutOfMemory, "There is not enough memory to decode this image: close other programs."};
    } catch (const std::exception& error) {
        failure = {ErrorKind::Internal, error.what()};
    }
    m_fail(std::move(request), std::move(failure), milliseconds(std::chrono::steady_clock::now() - begin));
}

}  // namespace shortlist::engine
