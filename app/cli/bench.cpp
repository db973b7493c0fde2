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
using Json = nlohmann::ordered_json;

constexpr double engine::StageTimes::*kStages[] = {&engine::StageTimes::decode, &engine::StageTimes::wait, &engine::StageTimes::preprocess,
                                                   &engine::StageTimes::model, &engine::StageTimes::topk};
constexpr const char* kStageNames[] = {"decode", "wait", "preprocess", "model", "topk"};

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
    double run(const engine::ScoreOptions& score, int images) {
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
    // Mean of the last run, in milliseconds an image.
    engine::StageTimes meanTimes() {
        const std::scoped_lock lock(m_mutex);
        engine::StageTimes sum;
        for (const engine::Outcome& outcome : m_outcomes)
            for (auto stage : kStages)
                sum.*stage += outcome.ms.*stage / static_cast<double>(m_outcomes.size());
        return sum;
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

// One way to select: its rates and the mean stage times of each measurement.
struct Way {
    engine::ScoreOptions options;
    std::vector<double> qps;
    std::vector<engine::StageTimes> times;

    double medianUs(double engine::StageTimes::*stage) const {
        std::vector<double> values;
        for (const engine::StageTimes& time : times)
            values.push_back(time.*stage * 1000);
        return median(values);
    }
    Json rate() const { return {{"best", *std::max_element(qps.begin(), qps.end())}, {"median", median(qps)}}; }
};

Json ratio(const Way& a, const Way& b) {
    return {{"best", *std::max_element(a.qps.begin(), a.qps.end()) / *std::max_element(b.qps.begin(), b.qps.end())}, {"median", median(a.qps) / median(b.qps)}};
}

// Off, on, and on as libtorch itself would do it (log_softmax, topk), interleaved forwards and back.
Json measure(Meter& meter, const Options& options, int k) {
    Way off, on, eager;
    on.options.top_k = eager.options.top_k = off.options.top_k = k;
    off.options.logprobs = false;
    eager.options.eager = true;
    meter.run(on.options, options.images);
    const auto withLogprobs = meter.best();
    for (const Way* way : {&off, &eager}) {
        meter.run(way->options, options.images);
        if (meter.best() != withLogprobs)
            throw engine::Error(engine::ErrorKind::Internal, "The best labels differ with logprobs off, on and eager.");
    }
    for (int round = 0; round < options.rounds; ++round)
        for (Way* way : {&off, &on, &eager, &eager, &on, &off}) {
            way->qps.push_back(meter.run(way->options, options.images));
            way->times.push_back(meter.meanTimes());
        }
    Json stages;
    for (size_t i = 0; i < std::size(kStages); ++i)
        stages[kStageNames[i]] = on.medianUs(kStages[i]);
    const double offUs = off.medianUs(&engine::StageTimes::topk), onUs = on.medianUs(&engine::StageTimes::topk);
    return {{"k", k},
            {"qps_off", off.rate()},
            {"qps_on", on.rate()},
            {"ratio", ratio(on, off)},
            {"topk_us_off", offUs},
            {"topk_us_on", onUs},
            {"added_us", onUs - offUs},
            {"added_share", (onUs - offUs) * median(off.qps) / 1e6},
            {"stages_us", stages},
            {"eager", {{"qps", eager.rate()}, {"ratio", ratio(eager, off)}, {"topk_us", eager.medianUs(&engine::StageTimes::topk)}}}};
}

void printText(const Json& row, const Options& options, const engine::ModelInfo& info) {
    std::printf("k %-3d QPS off %.1f, on %.1f, on/off %.3f; logprobs add %.2f us an image (%.3f %%), libtorch's log_softmax and topk %.2f us\n", row["k"].get<int>(),
                row["qps_off"]["median"].get<double>(), row["qps_on"]["median"].get<double>(), row["ratio"]["median"].get<double>(), row["added_us"].get<double>(),
                100 * row["added_share"].get<double>(), row["eager"]["topk_us"].get<double>() - row["topk_us_off"].get<double>());
    if (row["k"] == options.bench_k.back())
        std::printf("medians of %d measurements of %d images each, %s on %s\n", 2 * options.rounds, options.images, info.name.c_str(), info.device.c_str());
}

}  // namespace

int bench(const Options& options) {
    const std::vector<std::string> paths = imagePaths(options);
    std::vector<Bytes> files;
    for (const std::string& path : paths)
        files.push_back(std::make_shared<const std::vector<uint8_t>>(engine::readFile(path)));
    Meter meter(options, paths, files);
    Json results = Json::array();
    for (const int k : options.bench_k) {
        results.push_back(measure(meter, options, k));
        if (options.format == "text")
            printText(results.back(), options, *meter.status().info);
    }
    if (options.format == "text")
        return kOk;
    const auto info = meter.status().info;
    const Json report{{"schema", 1},       {"model", info->name},      {"dtype", info->dtype}, {"backend", info->backend},
                      {"images", options.images}, {"rounds", options.rounds}, {"switch", results}};
    std::printf("%s\n", report.dump(1).c_str());
    return kOk;
}

}  // namespace shortlist::cli
