// SPDX-License-Identifier: Apache-2.0
// The manual page and the completion files, made from the options that --help shows: one source.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace shortlist::cli {

// roff for man(1).
std::string manualPage(const CLI::App& app);

// For "bash", "zsh" or "fish".
std::string completionFile(const CLI::App& app, const std::string& shell);

}  // namespace shortlist::cli
