// SPDX-License-Identifier: Apache-2.0
// The program's log: English detail for engineers, to stderr, and the last of it kept for the window. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shortlist::engine::log {

enum class Level { Debug, Info, Warning, Error, Off };

void setLevel(Level level);
void write(Level level, std::string_view message);
// The last lines, oldest first, whatever the level shows.
std::vector<std::string> recent();
inline void debug(std::string_view message) { write(Level::Debug, message); }
inline void info(std::string_view message) { write(Level::Info, message); }
inline void warning(std::string_view message) { write(Level::Warning, message); }
inline void error(std::string_view message) { write(Level::Error, message); }

}  // namespace shortlist::engine::log
