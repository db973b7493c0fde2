// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz_decode.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    return shortlist::test::decodeOrRefuse(data, size, [](auto bytes) { shortlist::engine::decodeGif(bytes); });
}
