// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz_decode.h"

#include "engine/torch/weights/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    return shortlist::test::decodeOrRefuse(data, size, [](std::span<const uint8_t> bytes) {
        shortlist::torch_backend::readSafetensorsHeader({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    });
}
