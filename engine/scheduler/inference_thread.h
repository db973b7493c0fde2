// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/scheduler/batcher.h"
#include "engine/scheduler/decode_pool.h"

namespace shortlist::engine {

// Owns the backend and every call to it. Takes prepared images, groups them into batches, delivers outcomes. Owned by
// the engine; loadModel, setOptions, options and status may be called from any thread. Nothing escapes it: an error
// of the backend becomes the outcome of each image of the batch.
class InferenceThread {
  public:
    struct Hooks {
        Engine::OutcomeSink deliver;
        Engine::ModelSink modelChanged;
        DecodePool::IsCancelled isCancelled;
        std::function<bool()> moreComing;  // requests accepted that are not prepared yet
    };

    InferenceThread(const EngineConfig& config, BoundedQueue<Prepared>& prepared, Hooks hooks);
    void start();
    // A job that was cancelled: should its batch be running, that stops.
    void stopJob(uint64_t job);
    void stop();  // joins; the backend is destroyed on its own thread

    void loadModel(BackendConfig config);
    ModelStatus status() const;
    void setOptions(const ScoreOptions& options);
    ScoreOptions options() const;

  private:
    void run(std::stop_token stop);
    class RunningBatch;

    void load(const BackendConfig& config);
    void identify();
    std::optional<BackendConfig> takeLoad();
    bool waitsForModel() const;
    std::vector<Prepared> collect(Prepared first, std::stop_token stop);
    void score(std::vector<Prepared> batch, std::stop_token stop);
    void scoreOnce(std::vector<Prepared>& batch, std::stop_token stop);
    void failAll(std::vector<Prepared>& batch, const Failure& failure);
    void setStatus(ModelStatus status);

    const EngineConfig m_config;
    BoundedQueue<Prepared>& m_prepared;
    Hooks m_hooks;
    std::unique_ptr<Backend> m_backend;  // inference thread only, likewise the next three
    std::shared_ptr<const ModelIdentity> m_identity;
    BackendConfig m_loaded;
    BatchSizer m_sizer;

    mutable std::mutex m_mutex;  // guards what follows
    std::condition_variable_any m_loadAsked;
    std::optional<BackendConfig> m_pendingLoad;
    ModelStatus m_status;
    ScoreOptions m_options;
    std::optional<uint64_t> m_runningJob;
    std::stop_source m_runningStop;

    std::jthread m_thread;
};

}  // namespace shortlist::engine
