// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/backend.h"

namespace shortlist::cli {

// The exit statuses of the program.
enum Exit : int { kOk = 0, kSomeFailed = 1, kUsage = 2, kModelUnusable = 3, kOutputUnusable = 4, kInterrupted = 130 };

enum class Command { Classify, Bench, ModelInfo };

struct Options {
    Command command = Command::Classify;
    std::vector<std::string> paths;
    bool nul_separated = false;  // of the list on standard input
    std::string model = "everyday";
    std::string device = "auto";
    std::string dtype = "auto";
    int top_k = 5;
    bool logprobs = true;
    int batch = 0;  // 0: auto
    engine::Task task;  // of a vision-language model
    double temperature = 1.0;
    bool calibrated = true;
    int threads = 0;
    int decode_threads = 0;
    std::string format;  // table, jsonl or csv; bench, models info: text or json
    std::string output = "-";
    bool recursive = true;
    std::string decode = "auto";
    bool reproducible = false;
    std::string shell;  // of the completion
    std::string log_level = "warning";
    std::vector<int> bench_k = {1, 5, 20};
    int rounds = 5;       // bench
    int images = 200;     // bench: per round
};

// What parseOptions wants printed when there is nothing to run: --help, --version, or a usage error.
struct EarlyExit {
    int status = kOk;
    std::string text;
};

// Throws nothing; on EarlyExit the options are not usable.
std::optional<EarlyExit> parseOptions(int argc, const char* const* argv, Options& options);

}  // namespace shortlist::cli
