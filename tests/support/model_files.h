// SPDX-License-Identifier: Apache-2.0
// A model directory whose weights come from the integer hash, as make_goldens.py describes it.
#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "kernels/half.h"
#include "tests/support/hash_noise.h"

namespace shortlist::test {

// The same rule as tensor_rule in tests/parity/make_model_goldens.py: (offset, scale) of a parameter, near its usual size.
inline std::pair<float, double> tensorRule(const std::string& name, const std::vector<uint64_t>& shape) {
    const auto endsWith = [&](std::initializer_list<const char*> endings) {
        return std::any_of(endings.begin(), endings.end(), [&](const char* ending) { return name.ends_with(ending); });
    };
    if (endsWith({"running_var"}))
        return {1.0f, 0.5};
    if (endsWith({"gamma", "lambda1", "layer_scale_parameter"}))
        return {0.5f, 0.3};
    if (shape.size() == 1)
        return endsWith({"weight"}) ? std::pair(1.0f, 0.3) : std::pair(0.0f, 0.2);
    if (endsWith({"token", "tokens", "pos_embed", "position_embeddings", "grn.weight", "grn.bias", "bias_table"}))
        return {0.0f, 0.2};
    uint64_t fanIn = 1;
    for (size_t i = 1; i < shape.size(); ++i)
        fanIn *= shape[i];
    return {0.0f, std::sqrt(6.0 / static_cast<double>(fanIn))};
}

// What the file holds: fp32 numbers, or the same rounded to bf16 or fp16.
enum class Stored { F32, BF16, F16 };

inline std::string storedBytes(const std::vector<float>& values, Stored type) {
    std::string bytes;
    for (const float value : values) {
        const uint16_t half = type == Stored::BF16 ? kernels::floatToBf16(value) : kernels::floatToHalf(value);
        type == Stored::F32 ? bytes.append(reinterpret_cast<const char*>(&value), 4) : bytes.append(reinterpret_cast<const char*>(&half), 2);
    }
    return bytes;
}

struct NamedTensor {
    std::string name;
    std::vector<uint64_t> shape;
    std::vector<float> values;
};

inline void writeSafetensors(const std::string& path, const std::vector<NamedTensor>& tensors, Stored type = Stored::F32) {
    nlohmann::ordered_json header;
    std::string data;
    for (const NamedTensor& tensor : tensors) {
        const size_t begin = data.size();
        data += storedBytes(tensor.values, type);
        header[tensor.name] = {{"dtype", type == Stored::F32 ? "F32" : type == Stored::BF16 ? "BF16" : "F16"}, {"shape", tensor.shape}, {"data_offsets", {begin, data.size()}}};
    }
    const std::string text = header.dump();
    const uint64_t length = text.size();
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(&length), 8);
    file << text << data;
}

// The tensors of a model golden: [[characters shared with the name before, the rest, shape], ...]; value = offset + scale * noise(fnv(name), i)
// in fp32, the head's scaled once more.
inline std::vector<NamedTensor> goldenTensors(const nlohmann::json& golden) {
    std::vector<NamedTensor> tensors;
    std::string name;
    for (const auto& entry : golden["tensors"]) {
        name = name.substr(0, entry[0].get<size_t>()) + entry[1].get<std::string>();
        NamedTensor tensor{name, entry[2].get<std::vector<uint64_t>>(), {}};
        uint64_t count = 1;
        for (const uint64_t side : tensor.shape)
            count *= side;
        const auto [offset, plain] = tensorRule(name, tensor.shape);
        const auto scale = static_cast<float>(plain * (name.starts_with(golden["head"].get<std::string>()) ? golden["scale"].get<double>() : 1.0));
        const uint32_t seed = fnv(name);
        for (uint64_t i = 0; i < count; ++i) {
            const float product = scale * hashNoise(seed, i);
            tensor.values.push_back(offset + product);
        }
        tensors.push_back(std::move(tensor));
    }
    return tensors;
}

inline void writeJson(const std::string& path, const nlohmann::json& json) { std::ofstream(path) << json.dump(); }

// config.json, weights, and a preprocessor that takes the golden's images as they are, levels / 255.
inline void writeGoldenModel(const std::string& directory, const nlohmann::json& golden, Stored type = Stored::F32) {
    writeJson(directory + "/config.json", golden["config"]);
    writeJson(directory + "/preprocessor_config.json",
              {{"do_resize", false}, {"crop_size", {{"width", golden["size"][0]}, {"height", golden["size"][1]}}}, {"do_normalize", false}});
    writeSafetensors(directory + "/model.safetensors", goldenTensors(golden), type);
}

}  // namespace shortlist::test
