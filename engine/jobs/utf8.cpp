// SPDX-License-Identifier: Apache-2.0
#include "engine/jobs/utf8.h"

#include <nlohmann/json.hpp>

namespace shortlist::engine {

// The JSON library checks UTF-8 when it writes a string; reading its own text back gives the repaired bytes.
std::string toValidUtf8(const std::string& bytes) {
    using nlohmann::json;
    const std::string written = json(bytes).dump(-1, ' ', false, json::error_handler_t::replace);
    return json::parse(written).get<std::string>();
}

}  // namespace shortlist::engine
