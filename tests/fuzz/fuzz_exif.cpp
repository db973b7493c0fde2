// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "engine/image/orientation.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const int orientation = shortlist::engine::exifOrientation({data, size});
    if (orientation < 1 || orientation > 8)
        std::abort();
    return 0;
}
