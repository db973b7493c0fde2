// SPDX-License-Identifier: Apache-2.0
// A model directory whose weights come from the integer hash, as make_goldens.py describes it.
#pragma once

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/hash_noise.h"

namespace shortlist::test {

// tensors: [[name, shape, offset, scale], ...]; value = offset + scale * noise(fnv(name), i) in fp32.
inline void writeHashWeights(const std::string& path, const nlohmann::json& tensors) {
    nlohmann::ordered_json header;
    std::string data;
    for (const auto& tensor : tensors) {
        const std::string name = tensor[0];
        uint64_t count = 1;
        for (const uint64_t side : tensor[1])
            count *= side;
        const float offset = tensor[2], scale = tensor[3];
        const size_t begin = data.size();
        data.resize(begin + 4 * count);
        for (uint64_t i = 0; i < count; ++i) {
            const float product = scale * hashNoise(fnv(name), i);
            const float value = offset + product;
            std::memcpy(data.data() + begin + 4 * i, &value, 4);
        }
        header[name] = {{"dtype", "F32"}, {"shape", tensor[1]}, {"data_offsets", {begin, data.size()}}};
    }
    const std::string text = header.dump();
    const uint64_t length = text.size();
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(&length), 8);
    file << text << data;
}

inline void writeJson(const std::string& path, const nlohmann::json& json) { std::ofstream(path) << json.dump(); }

}  // namespace shortlist::test
