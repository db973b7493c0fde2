// SPDX-License-Identifier: Apache-2.0
// The switch, measured: the same images with logprobs off and on, interleaved A B B A, results checked before timing.
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "engine/decode.h"
#include "engine/engine.h"
#include "engine/modules.h"
#include "engine/scan.h"

namespace shortlist::cli {
namespace {

using Clock = std::chrono::steady_clock;
using Bytes = std::shared_ptr<const std::vector<uint8_t>>;

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const size_t half = values.size() / 2;
    return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

class Meter {
  public:
    Meter(const Options& options, std::vector<std::string> names, std::vector<Bytes> files)
        : m_names(std::move(names)), m_files(std::move(files)),
          m_engine(engineConfig(options), [this](engine::Outcome&& outcome) { take(std::move(outcome)); }, [](const engine::ModelStatus&) {}) {
        m_engine.loadModel(backendConfig(options));
    }

    // Images per second of one measurement. Throws when an image fails.
    double run(bool logprobs, int topK, int images) {
        engine::ScoreOptions score;
        score.logprobs = logprobs;
        score.top_k = topK;
        m_engine.setOptions(score);
        {
            const std::scoped_lock lock(m_mutex);
            m_outcomes.clear();
        }
        const auto begin = Clock::now();
        for (int i = 0; i < images; ++i) {
            const size_t file = static_cast<size_t>(i) % m_files.size();
            engine::Request request;
            request.id = static_cast<uint64_t>(i);
            request.path = m_names[file];
            request.bytes = m_files[file];
            m_engine.submit(std::move(request));
        }
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_outcomes.size() == static_cast<size_t>(images); });
        for (const engine::Outcome& outcome : m_outcomes)
            if (!outcome.ok())
                throw engine::Error(outcome.failure->kind, outcome.path + ": " + outcome.failure->message);
        return images / std::chrono::duration<double>(Clock::now() - begin).count();
    }

    // Best class of each image of the last run, by id.
    std::vector<int32_t> best() {
        const std::scoped_lock lock(m_mutex);
        std::vector<int32_t> classes(m_outcomes.size());
        for (const engine::Outcome& outcome : m_outcomes)
            classes[outcome.id] = outcome.candidates.front().index;
        return classes;
    }
    double meanTopkMs() {
        const std::scoped_lock lock(m_mutex);
        double sum = 0;
        for (const engine::Outcome& outcome : m_outcomes)
            sum += outcome.ms.topk;
        return sum / static_cast<double>(m_outcomes.size());
    }
    engine::ModelStatus status() const { return m_engine.modelStatus(); }

  private:
    void take(engine::Outcome&& outcome) {
        const std::scoped_lock lock(m_mutex);
        m_outcomes.push_back(std::move(outcome));
        m_changed.notify_all();
    }

    std::vector<std::string> m_names;
    std::vector<Bytes> m_files;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<engine::Outcome> m_outcomes;
    engine::Engine m_engine;  // last: its threads use what stands above
};

std::vector<std::string> imagePaths(const Options& options) {
    std::vector<std::string> paths = options.paths;
    if (paths.empty())
        engine::scanFolder(engine::resourceDirectory() + "/samples", false, [&](std::string path) { paths.push_back(std::move(path)); return true; },
                           [](const std::string&) {}, {});
    if (paths.empty())
        throw engine::Error(engine::ErrorKind::Unreadable, "There are no images to measure with: name some.");
    return paths;
}

nlohmann::ordered_json summary(const std::vector<double>& values) {
    return {{"best", *std::max_element(values.begin(), values.end())}, {"median", median(values)}};
}

nlohmann::ordered_json measure(Meter& meter, const Options& options) {
    meter.run(true, options.top_k, options.images);
    const auto withLogprobs = meter.best();
    meter.run(false, options.top_k, options.images);
    if (meter.best() != withLogprobs)
        throw engine::Error(engine::ErrorKind::Internal, "The best labels differ with logprobs off and on.");
    std::vector<double> off, on, topkOff, topkOn;
    for (int round = 0; round < options.rounds; ++round)
        for (const bool logprobs : {false, true, true, false}) {
            (logprobs ? on : off).push_back(meter.run(logprobs, options.top_k, options.images));
            (logprobs ? topkOn : topkOff).push_back(meter.meanTopkMs());
        }
    constexpr double kMicro = 1000;
    return {{"k", options.top_k},
            {"qps_off", summary(off)},
            {"qps_on", summary(on)},
            {"ratio", {{"best", *std::max_element(on.begin(), on.end()) / *std::max_element(off.begin(), off.end())}, {"median", median(on) / median(off)}}},
            {"topk_us_off", median(topkOff) * kMicro},
            {"topk_us_on", median(topkOn) * kMicro}};
}

}  // namespace

int bench(const Options& options) {
    const std::vector<std::string> paths = imagePaths(options);
    std::vector<Bytes> files;
    for (const std::string& path : paths)
        files.push_back(std::make_shared<const std::vector<uint8_t>>(engine::readFile(path)));
    Meter meter(options, paths, files);
    const nlohmann::ordered_json result = measure(meter, options);
    const auto info = meter.status().info;
    if (options.format == "text") {
        std::printf("QPS off %.1f, on %.1f, on/off %.3f (k %d, median of %d measurements of %d images each, %s on %s)\n",
                    result["qps_off"]["median"].get<double>(), result["qps_on"]["median"].get<double>(),
                    result["ratio"]["median"].get<double>(), options.top_k, 2 * options.rounds, options.images, info->name.c_str(),
                    info->device.c_str());
        return kOk;
    }
    const nlohmann::ordered_json report{{"schema", 1},       {"model", info->name},      {"dtype", info->dtype}, {"backend", info->backend},
                                        {"images", options.images}, {"rounds", options.rounds}, {"switch", {result}}};
    std::printf("%s\n", report.dump(1).c_str());
    return kOk;
}

}  // namespace shortlist::cli
