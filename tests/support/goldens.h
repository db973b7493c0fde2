// SPDX-License-Identifier: Apache-2.0
// Reading the JSON files of tests/parity/goldens.
#pragma once

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/cases_image.h"

namespace shortlist::test {

inline nlohmann::json readGolden(const std::string& name) {
    std::ifstream file(std::string(SHORTLIST_SOURCE_DIR "/tests/parity/goldens/") + name);
    return nlohmann::json::parse(file);
}

inline std::vector<uint8_t> fromBase64(const std::string& text) {
    static const std::string kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::vector<uint8_t> bytes;
    uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const size_t value = kAlphabet.find(c);
        if (value == std::string::npos)
            break;
        bits = bits << 6 | static_cast<uint32_t>(value);
        if ((count += 6) >= 8)
            bytes.push_back(static_cast<uint8_t>(bits >> (count -= 8)));
    }
    return bytes;
}

inline std::vector<ResizeCase> resizeCases() {
    std::vector<ResizeCase> cases;
    for (const auto& json : readGolden("resize.json")) {
        ResizeCase c;
        c.seed = json["seed"];
        c.width = json["source"][0], c.height = json["source"][1];
        c.resizeWidth = json["resize"][0], c.resizeHeight = json["resize"][1];
        c.x = json["window"][0], c.y = json["window"][1], c.outWidth = json["window"][2], c.outHeight = json["window"][3];
        static const std::vector<std::string> kFilters = {"bilinear", "bicubic", "nearest", "box", "hamming", "lanczos"};  // kernels::Filter
        c.filter = static_cast<kernels::Filter>(std::find(kFilters.begin(), kFilters.end(), json["filter"]) - kFilters.begin());
        c.levels = fromBase64(json["levels"]);
        cases.push_back(std::move(c));
    }
    return cases;
}

inline std::vector<PatchesCase> patchesCases() {
    std::vector<PatchesCase> cases;
    for (const auto& json : readGolden("patches.json"))
        cases.push_back({json["patch"], json["merge"], json["frames"], json["size"][0], json["size"][1], json["rows"], json["step"],
                         json["source"].get<std::vector<int>>()});
    return cases;
}

}  // namespace shortlist::test
