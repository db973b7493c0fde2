// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "app/cli/commands.h"
#include "engine/error.h"
#include "engine/log.h"

namespace shortlist::cli {
namespace {

engine::log::Level levelOf(const std::string& name) {
    using engine::log::Level;
    if (name == "debug")
        return Level::Debug;
    if (name == "info")
        return Level::Info;
    if (name == "warning")
        return Level::Warning;
    return name == "error" ? Level::Error : Level::Off;
}

int statusOf(engine::ErrorKind kind) {
    switch (kind) {
        case engine::ErrorKind::Output: return kOutputUnusable;
        case engine::ErrorKind::Usage: return kUsage;
        case engine::ErrorKind::Unreadable:
        case engine::ErrorKind::Unsupported:
        case engine::ErrorKind::BadImage:
        case engine::ErrorKind::TooLarge:
        case engine::ErrorKind::Nonfinite: return kSomeFailed;
        default: return kModelUnusable;
    }
}

}  // namespace

int run(int argc, const char* const* argv) {
    Options options;
    if (const auto early = parseOptions(argc, argv, options)) {
        std::fputs(early->text.c_str(), early->status == kOk ? stdout : stderr);
        return early->status;
    }
    engine::log::setLevel(levelOf(options.log_level));
    try {
        switch (options.command) {
            case Command::Classify: return classify(options);
            case Command::Bench: return bench(options);
            case Command::ModelInfo: return modelInfo(options);
        }
        return kUsage;
    } catch (const engine::Error& error) {
        std::fprintf(stderr, "shortlist-cli: %s\n", error.what());
        return statusOf(error.kind());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "shortlist-cli: %s\n", error.what());
        return kModelUnusable;
    }
}

}  // namespace shortlist::cli
