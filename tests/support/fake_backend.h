// SPDX-License-Identifier: Apache-2.0
// A backend whose answers, delays and failures the test decides. Its logits depend on the image's first pixel only.
#pragma once

#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <thread>

#include "engine/engine.h"

namespace shortlist::test {

// Shared between a test and the backend that lives on the inference thread.
struct FakeControl {
    std::atomic<int> delayMs{0};        // per batch
    std::atomic<int> loadDelayMs{0};
    std::atomic<int> throwAfter{-1};    // batches until every further one throws; -1: never
    std::atomic<int> memoryFor{1000};   // images that fit; more throw OutOfMemory
    std::atomic<bool> nonfinite{false};
    std::atomic<bool> failLoad{false};
    std::atomic<bool> untilStopped{false};  // a batch ends when it is told to stop, as a large model does between its layers
    std::atomic<int> loads{0}, tasks{0};  // models made, tasks changed
    std::atomic<int> batches{0};
    std::atomic<int> largestBatch{0};
    std::atomic<int> batchesOff{0};     // with the switch off
};

class FakeBackend : public engine::Backend {
  public:
    explicit FakeBackend(std::shared_ptr<FakeControl> control) : m_control(std::move(control)) {
        m_info.name = "fake";
        m_info.dtype = "fp32";
        m_info.backend = "fake";
        m_info.device = "cpu";
        m_info.labels = {"red", "green", "blue", "grey"};
    }

    const engine::ModelInfo& info() const override { return m_info; }

    engine::ScoreRows classify(std::span<const engine::PreparedImage> images, const engine::ScoreOptions& options, std::stop_token stop) override {
        const int batch = m_control->batches++;
        m_control->batchesOff += options.logprobs ? 0 : 1;
        m_control->largestBatch = std::max(m_control->largestBatch.load(), static_cast<int>(images.size()));
        std::this_thread::sleep_for(std::chrono::milliseconds(m_control->delayMs));
        while (m_control->untilStopped && !stop.stop_requested())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (stop.stop_requested())
            throw engine::Error(engine::ErrorKind::Cancelled, "Cancelled.");
        if (static_cast<int>(images.size()) > m_control->memoryFor)
            throw engine::Error(engine::ErrorKind::OutOfMemory, "Fake memory is full.");
        if (m_control->throwAfter >= 0 && batch >= m_control->throwAfter)
            throw engine::Error(engine::ErrorKind::Backend, "The fake backend failed as told.");
        engine::ScoreRows rows;
        rows.k = options.logprobs ? std::min(options.top_k, 4) : 1;
        for (const engine::PreparedImage& image : images)
            addRow(rows, image, options);
        return rows;
    }

    void setTask(const engine::Task& task) override {
        if (task.prompt == "bad")
            throw engine::Error(engine::ErrorKind::Usage, "The fake backend cannot be asked that.");
        ++m_control->tasks;
    }

  private:
    void addRow(engine::ScoreRows& rows, const engine::PreparedImage& image, const engine::ScoreOptions& options) const {
        constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
        constexpr float kConfidences[] = {0.7f, 0.2f, 0.06f, 0.04f};
        const bool bad = m_control->nonfinite;
        const int best = image.pixels[0] > 128 ? 0 : image.pixels[1] > 128 ? 1 : image.pixels[2] > 128 ? 2 : 3;
        for (int j = 0; j < rows.k; ++j) {
            rows.ids.push_back(bad ? -1 : (best + j) % 4);
            rows.logprobs.push_back(bad || !options.logprobs ? kNan : std::log(kConfidences[j]));
        }
        rows.logsumexp.push_back(options.logprobs ? 3.0f : kNan);
        rows.entropy.push_back(options.logprobs ? 0.85f : kNan);
        rows.nonfinite.push_back(bad);
    }

    std::shared_ptr<FakeControl> m_control;
    engine::ModelInfo m_info;
};

inline engine::BackendMaker fakeMaker(std::shared_ptr<FakeControl> control) {
    return [control](const engine::BackendConfig&, std::string&) -> std::unique_ptr<engine::Backend> {
        std::this_thread::sleep_for(std::chrono::milliseconds(control->loadDelayMs));
        if (control->failLoad)
            throw engine::Error(engine::ErrorKind::Model, "The fake model is damaged.");
        ++control->loads;
        return std::make_unique<FakeBackend>(control);
    };
}

}  // namespace shortlist::test
