// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/options.h"
#include "engine/engine.h"

namespace shortlist::cli {

// Each runs one subcommand and returns the exit status; messages go to stderr. Throws engine::Error only for what run()
// turns into a status.
int classify(const Options& options);
int bench(const Options& options);
int modelInfo(const Options& options);

// What both ask of the engine and its model.
inline engine::EngineConfig engineConfig(const Options& options) {
    engine::EngineConfig config;
    config.decode_threads = options.decode_threads;
    config.max_batch = options.reproducible ? 1 : options.batch;
    config.decode = options.decode == "fast" ? engine::DecodeMode::Fast : options.decode == "exact" ? engine::DecodeMode::Exact : engine::DecodeMode::Auto;
    return config;
}
inline engine::BackendConfig backendConfig(const Options& options) { return {options.model, options.device, options.dtype, options.threads, options.task}; }

// The whole program.
int run(int argc, const char* const* argv);

}  // namespace shortlist::cli
