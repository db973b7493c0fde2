// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/error.h"

namespace shortlist::torch_backend {

// Throws engine::Error(Model) that names the file.
inline nlohmann::json readJsonFile(const std::filesystem::path& path) {
    std::ifstream file(path);
    try {
        return nlohmann::json::parse(file);
    } catch (const nlohmann::json::exception& error) {
        throw engine::Error(engine::ErrorKind::Model, "The file " + path.string() + " is no valid JSON: " + error.what());
    }
}

}  // namespace shortlist::torch_backend
