// SPDX-License-Identifier: Apache-2.0
#include "engine/scheduler/inference_thread.h"

#include <algorithm>
#include <new>

#include "engine/backend_loader.h"
#include "engine/log.h"
#include "engine/model_hash.h"
#include "engine/scheduler/worker.h"

namespace shortlist::engine {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kGatherFor{4};  // how long a batch waits for images still being decoded

Outcome describe(const Prepared& prepared, Clock::time_point scored) {
    Outcome outcome;
    outcome.id = prepared.request.id;
    outcome.job = prepared.request.job;
    outcome.path = prepared.request.path;
    outcome.width = prepared.image.full_width;
    outcome.height = prepared.image.full_height;
    if (prepared.image.reduction > 1)
        outcome.decode = "1/" + std::to_string(prepared.image.reduction);
    outcome.notes = prepared.image.notes;
    outcome.ms.decode = prepared.decode_ms;
    outcome.ms.wait = milliseconds(scored - prepared.ready);
    return outcome;
}

void fillScores(Outcome& outcome, const ScoreRows& rows, size_t r, size_t images, const ScoreOptions& options) {
    outcome.logprobs = options.logprobs;
    outcome.temperature = 1.0f / options.inv_temperature;
    const double share = 1.0 / static_cast<double>(images);
    outcome.ms.preprocess = rows.preprocess_ms * share;
    outcome.ms.model = rows.model_ms * share;
    outcome.ms.topk = rows.topk_ms * share;
    if (rows.nonfinite[r]) {
        outcome.failure = Failure{ErrorKind::Nonfinite,
                                  "The model answered with numbers that are not finite: its weights may be damaged, or the "
                                  "number type is too small for it (try --dtype fp32)."};
        return;
    }
    const auto k = static_cast<size_t>(rows.k);
    for (size_t j = r * k; j < (r + 1) * k; ++j) {
        outcome.candidates.push_back({rows.ids[j], rows.logprobs[j]});
        if (!rows.set_confidence.empty())
            outcome.candidates.back().set_confidence = rows.set_confidence[j], outcome.candidates.back().mean_logprob = rows.mean_logprobs[j];
    }
    if (!rows.out_of_set.empty())
        outcome.set = SetMass{rows.out_of_set[r], rows.unscored_mass[r]};
    if (!rows.answers.empty())
        outcome.answer = rows.answers[r];
    outcome.logsumexp = rows.logsumexp[r];
    outcome.entropy = rows.entropy[r];
}

}  // namespace

InferenceThread::InferenceThread(const EngineConfig& config, BoundedQueue<Prepared>& prepared, Hooks hooks)
    : m_config(config), m_prepared(prepared), m_hooks(std::move(hooks)), m_sizer(config.max_batch, config.batch_ms) {}

void InferenceThread::start() {
    m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
}

void InferenceThread::stop() {
    m_thread.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

void InferenceThread::loadModel(BackendConfig config) {
    ModelStatus status;
    {
        const std::scoped_lock lock(m_mutex);
        m_pendingLoad = std::move(config);
        m_status.state = ModelState::Loading;
        status = m_status;
    }
    m_hooks.modelChanged(status);
    m_loadAsked.notify_all();
    m_prepared.wake();
}

ModelStatus InferenceThread::status() const {
    const std::scoped_lock lock(m_mutex);
    return m_status;
}

void InferenceThread::setStatus(ModelStatus status) {
    {
        const std::scoped_lock lock(m_mutex);
        if (m_pendingLoad)
            status.state = ModelState::Loading;
        m_status = status;
    }
    m_hooks.modelChanged(status);
}

void InferenceThread::setOptions(const ScoreOptions& options) {
    const std::scoped_lock lock(m_mutex);
    m_options = options;
}

ScoreOptions InferenceThread::options() const {
    const std::scoped_lock lock(m_mutex);
    return m_options;
}

std::optional<BackendConfig> InferenceThread::takeLoad() {
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_pendingLoad, std::nullopt);
}

// Before the first model is ready, images stay in the queue; after a failure they are answered with it.
bool InferenceThread::waitsForModel() const {
    const std::scoped_lock lock(m_mutex);
    return !m_backend && m_status.state != ModelState::Failed;
}

void InferenceThread::run(std::stop_token stop) {
    lowerPriority();
    while (!stop.stop_requested()) {
        if (auto config = takeLoad())
            load(*config);
        if (waitsForModel()) {
            std::unique_lock lock(m_mutex);
            m_loadAsked.wait(lock, stop, [this] { return m_pendingLoad.has_value(); });
            continue;
        }
        auto first = m_prepared.pop(stop);
        if (!first)
            continue;
        if (auto config = takeLoad())
            load(*config);  // asked for while this thread slept: what was submitted after it gets the new model
        auto batch = collect(std::move(*first), stop);
        score(std::move(batch), stop);
    }
    m_backend.reset();
}

void InferenceThread::load(const BackendConfig& config) {
    ModelStatus status = this->status();
    status.state = ModelState::Failed;
    try {
        std::string note;
        if (m_backend && m_loaded.sameModel(config) && m_loaded.task != config.task) {
            if (!config.task_optional || m_backend->info().vision_language)
                m_backend->setTask(config.task);
            note = status.device_note;
        } else {
            m_backend = m_config.maker ? m_config.maker(config, note) : makeBackend(config, note);
            m_sizer = BatchSizer(m_config.max_batch, m_config.batch_ms);
        }
        m_loaded = config;
        identify();
        const ModelInfo& info = m_backend->info();
        status.state = ModelState::Ready;
        status.identity = m_identity;
        status.info = std::make_shared<const ModelInfo>(info);
        status.device_note = std::move(note);
        log::info("model " + info.directory + " ready on " + info.device);
    } catch (const Error& error) {
        status.failure = {error.kind(), error.what()};
    } catch (const std::bad_alloc&) {
        status.failure = {ErrorKind::OutOfMemory, "There is not enough memory for this model: close other programs."};
    } catch (const std::exception& error) {
        status.failure = {ErrorKind::Model, std::string("The model cannot be loaded: ") + error.what()};
    }
    if (status.state == ModelState::Failed)
        log::error(status.failure.message);
    setStatus(std::move(status));
}

// What the next outcomes carry; a backend may change its number type while it works.
void InferenceThread::identify() {
    const ModelInfo& info = m_backend->info();
    m_identity = std::make_shared<const ModelIdentity>(
        ModelIdentity{info.name, hashWeights(info.weight_files), info.dtype, info.backend, info.labels, info.sigmoid, info.record_notes});
}

// One job's batch stops between the layers of a large model when the job is cancelled; a batch of several jobs goes on.
class InferenceThread::RunningBatch {
  public:
    RunningBatch(InferenceThread& thread, const std::vector<Prepared>& batch, std::stop_token stop)
        : m_thread(thread), m_onStop(std::move(stop), [this] { m_source.request_stop(); }) {
        const uint64_t job = batch.front().request.job;
        const bool one = std::all_of(batch.begin(), batch.end(), [&](const Prepared& p) { return p.request.job == job; });
        const std::scoped_lock lock(thread.m_mutex);
        thread.m_runningJob = one ? std::optional(job) : std::nullopt;
        thread.m_runningStop = m_source;
        if (one && thread.m_hooks.isCancelled(job))
            m_source.request_stop();
    }
    ~RunningBatch() {
        const std::scoped_lock lock(m_thread.m_mutex);
        m_thread.m_runningJob.reset();
    }
    std::stop_token token() const { return m_source.get_token(); }

  private:
    InferenceThread& m_thread;
    std::stop_source m_source;
    std::stop_callback<std::function<void()>> m_onStop;
};

void InferenceThread::stopJob(uint64_t job) {
    const std::scoped_lock lock(m_mutex);
    if (m_runningJob == job)
        m_runningStop.request_stop();
}

std::vector<Prepared> InferenceThread::collect(Prepared first, std::stop_token stop) {
    std::vector<Prepared> batch;
    const bool alone = first.request.interactive;  // a person waits for this one
    batch.push_back(std::move(first));
    const auto deadline = Clock::now() + kGatherFor;
    while (!alone && static_cast<int>(batch.size()) < m_sizer.limit()) {
        auto next = m_prepared.tryPop();
        if (!next && m_hooks.moreComing() && Clock::now() < deadline)
            next = m_prepared.popUntil(deadline, stop);
        if (!next)
            break;
        batch.push_back(std::move(*next));
    }
    return batch;
}

void InferenceThread::score(std::vector<Prepared> batch, std::stop_token stop) {
    std::vector<Prepared> dropped;
    const auto middle = std::stable_partition(batch.begin(), batch.end(),
                                              [&](const Prepared& p) { return !m_hooks.isCancelled(p.request.job); });
    std::move(middle, batch.end(), std::back_inserter(dropped));
    batch.erase(middle, batch.end());
    failAll(dropped, cancelled());
    if (batch.empty())
        return;
    if (!m_backend) {
        failAll(batch, stop.stop_requested() ? cancelled() : status().failure);
        return;
    }
    try {
        scoreOnce(batch, stop);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::OutOfMemory && m_sizer.outOfMemory(batch.size())) {
            log::warning("out of memory with " + std::to_string(batch.size()) + " images; the batch is halved");
            std::vector<Prepared> second(std::make_move_iterator(batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2)),
                                         std::make_move_iterator(batch.end()));
            batch.resize(batch.size() / 2);
            score(std::move(batch), stop);
            score(std::move(second), stop);
            return;
        }
        failAll(batch, {error.kind(), error.what()});
    } catch (const std::bad_alloc&) {
        failAll(batch, {ErrorKind::OutOfMemory, "There is not enough memory to classify this image."});
    } catch (const std::exception& error) {
        failAll(batch, {ErrorKind::Backend, error.what()});
    }
}

void InferenceThread::scoreOnce(std::vector<Prepared>& batch, std::stop_token stop) {
    ScoreOptions options = this->options();
    if (options.calibrated)
        options.inv_temperature /= m_backend->info().temperature;
    std::vector<PreparedImage> images;
    for (const Prepared& p : batch)
        images.push_back({p.image.pixels.data(), p.image.width, p.image.height, 3 * static_cast<int64_t>(p.image.width),
                          p.image.full_width, p.image.full_height});
    const auto begin = Clock::now();
    if (m_config.partial)
        options.partial = [&](size_t row, const Answer& soFar) { m_config.partial(batch[row].request.id, soFar); };
    const RunningBatch running(*this, batch, stop);
    const std::string dtype = m_backend->info().dtype;
    const ScoreRows rows = m_backend->classify(images, options, running.token());
    if (m_backend->info().dtype != dtype) {
        identify();
        ModelStatus status = this->status();
        status.identity = m_identity;
        status.info = std::make_shared<const ModelInfo>(m_backend->info());
        setStatus(std::move(status));
    }
    m_sizer.finished(batch.size(), milliseconds(Clock::now() - begin));
    for (size_t r = 0; r < batch.size(); ++r) {
        Outcome outcome = describe(batch[r], begin);
        outcome.model = m_identity;
        outcome.notes.insert(outcome.notes.end(), m_identity->notes.begin(), m_identity->notes.end());
        fillScores(outcome, rows, r, batch.size(), options);
        m_hooks.deliver(std::move(outcome));
    }
}

void InferenceThread::failAll(std::vector<Prepared>& batch, const Failure& failure) {
    for (const Prepared& prepared : batch) {
        Outcome outcome = describe(prepared, Clock::now());
        outcome.model = m_identity;
        outcome.failure = failure;
        m_hooks.deliver(std::move(outcome));
    }
}

}  // namespace shortlist::engine
