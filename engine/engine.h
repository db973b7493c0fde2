// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/backend.h"
#include "engine/outcome.h"
#include "engine/stats.h"

namespace shortlist::engine {

// One image to classify. `bytes` holds an encoded image that has no file (pasted data); then `path` is only a name.
struct Request {
    uint64_t id = 0;
    uint64_t job = 0;
    std::string path;
    std::shared_ptr<const std::vector<uint8_t>> bytes;
    bool interactive = false;  // overtakes everything that is not
};

enum class ModelState : uint8_t { None, Loading, Ready, Failed };

struct ModelStatus {
    ModelState state = ModelState::None;
    std::shared_ptr<const ModelIdentity> identity;  // the one that its outcomes carry
    std::shared_ptr<const ModelInfo> info;  // of the model in use; stays the old one when a new one fails
    std::string device_note;                // why CUDA is not used, empty when it is or was not asked for
    Failure failure;                        // meaningful when Failed
};

// Makes the backend; runs on the inference thread. The default opens the libtorch module.
using BackendMaker = std::function<std::unique_ptr<Backend>(const BackendConfig&, std::string& deviceNote)>;

// auto: exact, unless the model's directory asks for fast. Fast needs a model that is ready; what is decoded before is exact.
enum class DecodeMode : uint8_t { Auto, Exact, Fast };

struct EngineConfig {
    int decode_threads = 0;        // 0: one per core
    int max_batch = 0;             // 0: chosen so that a batch lasts <= batch_ms
    double batch_ms = 250;
    size_t prepared_bytes = 256u << 20;  // decoded images waiting for the model
    size_t queued_requests = 1u << 16;
    DecodeMode decode = DecodeMode::Auto;
    BackendMaker maker;            // empty: the libtorch module
    // Answer mode: what a request's answer is so far; called on the inference thread for every token.
    std::function<void(uint64_t request, const Answer& soFar)> partial;
};

// Decode pool and inference thread behind one bounded queue each. Thread-safe: every function may be called from
// any thread. The sinks are called on engine threads, one call at a time per thread, and must not block for long.
// Every accepted request gets exactly one outcome, cancelled ones too. The destructor cancels what is left.
class Engine {
  public:
    using OutcomeSink = std::function<void(Outcome&&)>;
    using ModelSink = std::function<void(const ModelStatus&)>;

    Engine(EngineConfig config, OutcomeSink outcomes, ModelSink model);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Replaces the model, or, where only the task differs, what it is asked; requests wait until the first one is ready. Answers through the model sink. When loading
    // fails the old model stays in use; without one, waiting requests fail with the same message.
    void loadModel(BackendConfig config);
    ModelStatus modelStatus() const;

    // Takes effect with the next batch.
    void setOptions(const ScoreOptions& options);
    ScoreOptions options() const;

    // Blocks while the queue is full; false when the engine stops.
    bool submit(Request request);
    // Never blocks; false when the queue is full.
    bool trySubmit(Request request);
    // Requests of that job that were not scored yet end as `cancelled`, within one batch.
    void cancel(uint64_t job);

    Stats stats() const;

  private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace shortlist::engine
