// SPDX-License-Identifier: Apache-2.0
#include "engine/log.h"

#include <spdlog/sinks/ringbuffer_sink.h>
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

constexpr size_t kKeptLines = 500;
constexpr const char* kPattern = "%H:%M:%S.%e %^%l%$ %v";

struct Sinks {
    std::shared_ptr<spdlog::sinks::stderr_color_sink_mt> terminal = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> kept = std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(kKeptLines);
    spdlog::logger logger{"shortlist", {terminal, kept}};

    Sinks() {
        logger.set_pattern(kPattern);
        logger.set_level(spdlog::level::debug);
        terminal->set_level(spdlog::level::warn);
    }
};

Sinks& sinks() {
    static Sinks instance;
    return instance;
}

}  // namespace

void setLevel(Level level) { sinks().terminal->set_level(toSpdlog(level)); }
void write(Level level, std::string_view message) { sinks().logger.log(toSpdlog(level), "{}", message); }
std::vector<std::string> recent() { return sinks().kept->last_formatted(); }

}  // namespace shortlist::engine::log
