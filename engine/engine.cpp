// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "engine/scheduler/inference_thread.h"
#include "engine/scheduler/stats_window.h"
#include "engine/scheduler/worker.h"

namespace shortlist::engine {
namespace {

constexpr size_t kQueuedBytes = 64u << 20;  // of paths and pasted images
constexpr size_t kPreparedItems = 256;

size_t requestBytes(const Request& request) {
    return sizeof(Request) + request.path.size() + (request.bytes ? request.bytes->size() : 0);
}

int decodeThreads(int asked) { return asked > 0 ? asked : std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

// What a fast decode must leave twice of; 0: nothing is resized.
int32_t shortSideAfterResize(const ModelInfo& info) {
    const Preprocessing& plan = info.preprocessing;
    return plan.resize == Preprocessing::Resize::None ? 0 : std::min(plan.resize_width, plan.resize_height);
}

}  // namespace

class Engine::Impl {
  public:
    Impl(EngineConfig config, OutcomeSink outcomes, ModelSink model)
        : m_sink(std::move(outcomes)),
          m_modelSink(std::move(model)),
          m_decode(config.decode),
          m_requests(config.queued_requests, kQueuedBytes),
          m_prepared(kPreparedItems, config.prepared_bytes),
          m_inference(config, m_prepared,
                      {[this](Outcome&& outcome) { deliver(std::move(outcome)); }, [this](const ModelStatus& status) { takeModel(status); },
                       [this](uint64_t job) { return isCancelled(job); }, [this] { return m_undecoded > 0; }}),
          m_pool(decodeThreads(config.decode_threads), m_requests, m_prepared,
                 [this](Request&& request, Failure failure, double ms) { fail(std::move(request), std::move(failure), ms); },
                 [this](uint64_t job) { return isCancelled(job); }, [this] { return DecodeOptions{m_fastShortSide}; }, [this] { --m_undecoded; }) {
        m_inference.start();
    }

    ~Impl() {
        m_stop.request_stop();
        m_pool.stop();
        m_inference.stop();
        while (auto request = m_requests.tryPop())
            fail(std::move(*request), cancelled(), 0);
        while (auto prepared = m_prepared.tryPop())
            fail(std::move(prepared->request), cancelled(), prepared->decode_ms);
    }

    bool submit(Request request, bool wait) {
        const size_t bytes = requestBytes(request);
        const bool urgent = request.interactive;
        ++m_undecoded;
        m_stats.submitted();
        if (wait ? m_requests.push(std::move(request), bytes, urgent, m_stop.get_token())
                 : m_requests.tryPush(request, bytes, urgent))
            return true;
        --m_undecoded;
        m_stats.withdrawn();
        return false;
    }

    void cancel(uint64_t job) {
        {
            const std::scoped_lock lock(m_mutex);
            m_cancelled.insert(job);
        }
        m_inference.stopJob(job);
    }

    Stats stats() const {
        Stats stats = m_stats.snapshot(std::chrono::steady_clock::now());
        stats.queued = m_requests.size();
        stats.prepared = m_prepared.size();
        stats.prepared_bytes = m_prepared.bytes();
        return stats;
    }

    InferenceThread& inference() { return m_inference; }

  private:
    bool isCancelled(uint64_t job) const {
        const std::scoped_lock lock(m_mutex);
        return m_cancelled.contains(job);
    }

    void takeModel(const ModelStatus& status) {
        if (status.state == ModelState::Ready) {
            const bool fast = m_decode == DecodeMode::Fast || (m_decode == DecodeMode::Auto && status.info->fast_decode);
            m_fastShortSide = fast ? shortSideAfterResize(*status.info) : 0;
        }
        m_modelSink(status);
    }

    void deliver(Outcome&& outcome) {
        m_stats.delivered(outcome, std::chrono::steady_clock::now());
        m_sink(std::move(outcome));
    }

    void fail(Request&& request, Failure failure, double decodeMs) {
        Outcome outcome;
        outcome.id = request.id;
        outcome.job = request.job;
        outcome.path = std::move(request.path);
        outcome.ms.decode = decodeMs;
        outcome.failure = std::move(failure);
        deliver(std::move(outcome));
    }

    OutcomeSink m_sink;
    ModelSink m_modelSink;
    const DecodeMode m_decode;
    std::atomic<int32_t> m_fastShortSide{0};
    std::stop_source m_stop;
    mutable std::mutex m_mutex;
    std::set<uint64_t> m_cancelled;
    std::atomic<int64_t> m_undecoded{0};
    StatsWindow m_stats;
    BoundedQueue<Request> m_requests;
    BoundedQueue<Prepared> m_prepared;
    InferenceThread m_inference;
    DecodePool m_pool;
};

Engine::Engine(EngineConfig config, OutcomeSink outcomes, ModelSink model)
    : m_impl(std::make_unique<Impl>(std::move(config), std::move(outcomes), std::move(model))) {}
Engine::~Engine() = default;

void Engine::loadModel(BackendConfig config) { m_impl->inference().loadModel(std::move(config)); }
ModelStatus Engine::modelStatus() const { return m_impl->inference().status(); }
void Engine::setOptions(const ScoreOptions& options) { m_impl->inference().setOptions(options); }
ScoreOptions Engine::options() const { return m_impl->inference().options(); }
bool Engine::submit(Request request) { return m_impl->submit(std::move(request), true); }
bool Engine::trySubmit(Request request) { return m_impl->submit(std::move(request), false); }
void Engine::cancel(uint64_t job) { m_impl->cancel(job); }
Stats Engine::stats() const { return m_impl->stats(); }

}  // namespace shortlist::engine
