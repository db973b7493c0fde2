// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include <unistd.h>

#include "app/cli/commands.h"
#include "app/cli/ordered_writer.h"
#include "engine/engine.h"
#include "engine/records.h"
#include "engine/scan.h"

namespace shortlist::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLook{50};
std::atomic<bool> g_interrupted{false};

bool isSameFile(const std::string& output, const std::string& input) {
    std::error_code error;
    return fs::equivalent(output, input, error) && !error;
}

extern "C" void onInterrupt(int) {
    if (g_interrupted.exchange(true))
        _exit(kInterrupted);  // asked twice: at once
}

// A vision-language model that is to choose, and has nothing to choose from.
bool lacksLabels(const engine::ModelStatus& status) {
    return status.state == engine::ModelState::Ready && status.info->vision_language && status.info->labels.empty() && !status.info->answers;
}

// Feeds paths to the engine in order; ids count from 0.
class Feeder {
  public:
    Feeder(engine::Engine& engine, const OrderedWriter& writer, const std::string& output) : m_engine(engine), m_writer(writer), m_output(output) {
        std::error_code ignored;
        m_mayOverwrite = output != "-" && fs::exists(output, ignored);
    }

    uint64_t submitted() const { return m_submitted; }
    // The input that the output would replace; empty when there is none.
    const std::string& overwritten() const { return m_overwritten; }
    bool goesOn() const {
        if (!m_overwritten.empty() || g_interrupted || m_writer.broken())
            return false;
        const engine::ModelStatus status = m_engine.modelStatus();
        return status.state != engine::ModelState::Failed && !lacksLabels(status);
    }

    bool image(std::string path) {
        if (m_mayOverwrite && isSameFile(m_output, path)) {
            m_overwritten = path;
            return false;
        }
        engine::Request request;
        request.id = m_submitted;
        request.path = std::move(path);
        // Never stuck in a full queue: an interrupt or a dead model must be seen.
        while (goesOn() && !m_engine.trySubmit(request))
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        m_submitted += goesOn() ? 1 : 0;
        return goesOn();
    }

    void path(const std::string& given, bool recursive) {
        std::error_code ignored;
        if (!fs::is_directory(given, ignored)) {
            image(given);
            return;
        }
        const engine::ScanCounts counts = engine::scanFolder(
            given, recursive, [this](std::string found) { return image(std::move(found)); },
            [](const std::string& trouble) { std::fprintf(stderr, "shortlist-cli: %s\n", engine::printablePath(trouble).c_str()); }, {});
        if (goesOn() && counts.images == 0)
            std::fprintf(stderr, "shortlist-cli: no images in %s\n", engine::printablePath(given).c_str());
        if (counts.skipped > 0)
            std::fprintf(stderr, "shortlist-cli: %llu files in %s are no images and were skipped\n",
                         static_cast<unsigned long long>(counts.skipped), engine::printablePath(given).c_str());
    }

    void standardInput(char separator, bool recursive) {
        std::string line;
        while (goesOn() && std::getline(std::cin, line, separator))
            if (!line.empty())
                path(line, recursive);
    }

  private:
    engine::Engine& m_engine;
    const OrderedWriter& m_writer;
    const std::string m_output;
    std::string m_overwritten;
    bool m_mayOverwrite = false;
    uint64_t m_submitted = 0;
};

int refuseOutput(const std::string& output) {
    std::fprintf(stderr, "shortlist-cli: the output %s is also an input: choose another --output\n", engine::printablePath(output).c_str());
    return kUsage;
}

void waitWhileLoading(const engine::Engine& engine) {
    while (engine.modelStatus().state == engine::ModelState::Loading && !g_interrupted)
        std::this_thread::sleep_for(kLook);
}

engine::ScoreOptions scoreOptions(const Options& options) {
    engine::ScoreOptions score;
    score.top_k = std::max(2, options.top_k);  // the margin needs two
    score.logprobs = options.logprobs;
    score.calibrated = options.calibrated;
    score.inv_temperature = static_cast<float>(1.0 / options.temperature);
    return score;
}

int finish(engine::OutputFile& output, const OrderedWriter& writer) {
    if (writer.broken())
        throw engine::Error(engine::ErrorKind::Output, writer.error());
    output.finish();
    if (g_interrupted) {
        std::fprintf(stderr, "shortlist-cli: interrupted; what was finished is written\n");
        return kInterrupted;
    }
    return writer.failed() > 0 ? kSomeFailed : kOk;
}

}  // namespace

int classify(const Options& options) {
    for (const std::string& path : options.paths)
        if (options.output != "-" && isSameFile(options.output, path))
            return refuseOutput(options.output);
    std::signal(SIGINT, onInterrupt);
    std::signal(SIGTERM, onInterrupt);
    // A reader of standard output that goes away ends the program quietly, as it ends other tools; one of standard error does not
    // spoil a file.
    std::signal(SIGPIPE, options.output == "-" ? SIG_DFL : SIG_IGN);
    engine::OutputFile output(options.output);
    const bool progress = isatty(STDERR_FILENO) && !(options.output == "-" && isatty(STDOUT_FILENO));
    const auto format = options.format == "table" ? engine::RecordFormat::Table : options.format == "csv" ? engine::RecordFormat::Csv : engine::RecordFormat::Jsonl;
    OrderedWriter writer(output, format, options.top_k, progress);
    engine::Engine engine(
        engineConfig(options), [&](engine::Outcome&& outcome) { writer.add(std::move(outcome)); },
        [&](const engine::ModelStatus& status) {
            if (status.state == engine::ModelState::Ready && !lacksLabels(status))
                writer.open();
        });
    engine.setOptions(scoreOptions(options));
    engine.loadModel(backendConfig(options));
    if (options.decode == "fast")
        waitWhileLoading(engine);  // the model says how small an image may be
    Feeder feeder(engine, writer, options.output);
    for (const std::string& path : options.paths)
        path == "-" ? feeder.standardInput(options.nul_separated ? '\0' : '\n', options.recursive) : feeder.path(path, options.recursive);
    if (!feeder.overwritten().empty())
        return refuseOutput(feeder.overwritten());
    writer.setTotal(feeder.submitted());
    while (feeder.goesOn() && !writer.waitFor(feeder.submitted(), kLook)) {
    }
    waitWhileLoading(engine);  // nothing to classify: still say when the model is unusable
    const engine::ModelStatus status = engine.modelStatus();
    if (status.state == engine::ModelState::Failed)
        throw engine::Error(status.failure.kind, status.failure.message);
    if (lacksLabels(status))
        throw engine::Error(engine::ErrorKind::Usage, "The model " + status.info->name + " needs labels to choose from: name a file with --labels, or let it answer freely with --mode answer.");
    if (g_interrupted) {
        engine.cancel(0);
        writer.waitFor(feeder.submitted(), std::chrono::seconds(10));
    }
    if (progress)
        std::fprintf(stderr, "\r\033[K");
    return finish(output, writer);
}

}  // namespace shortlist::cli
