// SPDX-License-Identifier: Apache-2.0
// Entry point of the module shortlist_torch. Nothing but engine::Error leaves it.
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>
#include <nlohmann/json.hpp>

#include <new>

#include "engine/torch/backend.h"
#include "engine/torch/host_log.h"
#include "engine/torch/nn/cpu_memory.h"
#include "engine/torch/vlm/vlm_backend.h"

namespace shortlist::torch_backend {

static const engine::Host* g_host = nullptr;  // outlives every backend

void logWarning(const std::string& message) {
    constexpr int kWarning = 2;
    if (g_host && g_host->log)
        g_host->log(g_host->context, kWarning, message);
}

namespace {

using engine::Error;
using engine::ErrorKind;

std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

// Runs `call` and turns what torch, the kernels and the JSON reader throw into engine::Error.
template <typename Call>
auto translated(ErrorKind kind, Call call) -> decltype(call()) {
    try {
        return call();
    } catch (const Error&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw Error(ErrorKind::OutOfMemory, "There is not enough memory: close other programs or use a smaller model.");
    } catch (const c10::OutOfMemoryError& error) {
        throw Error(ErrorKind::OutOfMemory, "The device has not enough memory: " + firstLine(error.what_without_backtrace()));
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        const bool memory = text.find("allocate memory") != std::string::npos;
        throw Error(memory ? ErrorKind::OutOfMemory : kind, firstLine(text));
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorKind::Model, std::string("The model's configuration holds a value of the wrong type: ") + error.what());
    } catch (const std::exception& error) {
        throw Error(kind, error.what());
    }
}

class GuardedBackend : public engine::Backend {
  public:
    explicit GuardedBackend(std::unique_ptr<engine::Backend> backend) : m_backend(std::move(backend)) {}
    const engine::ModelInfo& info() const override { return m_backend->info(); }
    engine::ScoreRows classify(std::span<const engine::PreparedImage> images, const engine::ScoreOptions& options,
                               std::stop_token stop) override {
        return translated(ErrorKind::Backend, [&] { return m_backend->classify(images, options, stop); });
    }
    void setTask(const engine::Task& task) override {
        translated(ErrorKind::Model, [&] { m_backend->setTask(task); });
    }

  private:
    std::unique_ptr<engine::Backend> m_backend;
};

constexpr size_t kKeptMemory = 256u << 20;  // activations of a batch that lasts a quarter of a second, or of a large model between its layers

std::unique_ptr<engine::Backend> open(const engine::BackendConfig& config) {
    if (config.threads > 0)
        at::set_num_threads(config.threads);
    keepFreedMemory(kKeptMemory);
    ModelDirectory directory = readModelDirectory(config.model_directory);
    if (isQwen2Vl(directory.config))
        return std::make_unique<VlmBackend>(config, std::move(directory));
    auto classifier = std::make_unique<TorchBackend>(config, directory);
    if (!config.task_optional)
        classifier->setTask(config.task);
    return classifier;
}

std::unique_ptr<engine::Backend> create(const engine::BackendConfig& config) {
    return translated(ErrorKind::Model, [&] { return std::make_unique<GuardedBackend>(open(config)); });
}

}  // namespace
}  // namespace shortlist::torch_backend

extern "C" __attribute__((visibility("default"))) shortlist::engine::BackendModule shortlist_backend_v1(
    const shortlist::engine::Host* host) {
    const bool fits = host && host->abi == shortlist::engine::kBackendAbi;
    shortlist::torch_backend::g_host = fits ? host : nullptr;
    return {shortlist::engine::kBackendAbi, fits ? shortlist::torch_backend::create : nullptr};
}
