// SPDX-License-Identifier: Apache-2.0
// What bench_load compares with: the weights mapped and each tensor cloned, and nothing else.
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>

#include <cstdio>
#include <vector>

#include "engine/torch/weights/safetensors.h"

// The number of tensors, or -1.
extern "C" __attribute__((visibility("default"))) long bench_bare_load(const char* path) {
    using namespace shortlist::torch_backend;
    try {
        const c10::InferenceMode inference;
        const SafetensorsFile file(path);
        std::vector<at::Tensor> kept;
        for (const auto& [name, entry] : file.tensors()) {
            const auto type = entry.dtype == "F32" ? at::kFloat : entry.dtype == "BF16" ? at::kBFloat16 : entry.dtype == "F16" ? at::kHalf : at::kLong;
            kept.push_back(at::from_blob(const_cast<uint8_t*>(file.bytes(entry).data()), entry.shape, at::TensorOptions().dtype(type)).clone());
        }
        return static_cast<long>(kept.size());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_load: %s\n", error.what());
        return -1;
    }
}
