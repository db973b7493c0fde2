// SPDX-License-Identifier: Apache-2.0
#include "engine/image/sniff.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    return shortlist::engine::formatName(shortlist::engine::sniff({data, size})) == nullptr;
}
