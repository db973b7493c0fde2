// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/options.h"

namespace shortlist::cli {

// Each runs one subcommand and returns the exit status; messages go to stderr. Throws engine::Error only for what run()
// turns into a status.
int classify(const Options& options);
int bench(const Options& options);

// The whole program.
int run(int argc, const char* const* argv);

}  // namespace shortlist::cli
