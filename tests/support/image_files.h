// SPDX-License-Identifier: Apache-2.0
// Real image files for tests, made on the spot.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/goldens.h"

namespace shortlist::test {

inline void writeBytes(const std::string& path, const std::vector<uint8_t>& bytes) {
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline std::vector<uint8_t> readBytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A small valid JPEG (24 x 16), written by Pillow.
inline std::vector<uint8_t> smallJpeg() {
    for (const auto& json : readGolden("decode.json"))
        if (json["name"] == "jpeg/subsampling=0")
            return fromBase64(json["file"]);
    return {};
}

}  // namespace shortlist::test
