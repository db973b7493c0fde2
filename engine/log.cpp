// SPDX-License-Identifier: Apache-2.0
#include "engine/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace shortlist::engine::log {
namespace {

spdlog::level::level_enum toSpdlog(Level level) {
    switch (level) {
        case Level::Debug: return spdlog::level::debug;
        case Level::Info: return spdlog::level::info;
        case Level::Warning: return spdlog::level::warn;
        case Level::Error: return spdlog::level::err;
        case Level::Off: return spdlog::level::off;
    }
    return spdlog::level::info;
}

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = spdlog::stderr_color_mt("shortlist");
        made->set_pattern("%H:%M:%S.%e %^%l%$ %v");
        made->set_level(spdlog::level::warn);
        return made;
    }();
    return *instance;
}

}  // namespace

void setLevel(Level level) { logger().set_level(toSpdlog(level)); }
void write(Level level, std::string_view message) { logger().log(toSpdlog(level), "{}", message); }

}  // namespace shortlist::engine::log
