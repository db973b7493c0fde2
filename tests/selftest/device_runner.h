// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/support/cases_image.h"
#include "tests/support/cases_topk.h"

namespace shortlist::test {

// How a test body's op runs: inputs and outputs are host memory, the runner copies to the device and back.
struct DeviceRunner {
    std::string name;  // "cpu", or "cuda" with the card's name
    TopkRunner topk;
    ImageRunner image;
};

// Throws std::runtime_error with the reason when the device cannot be used.
DeviceRunner cudaRunner();

}  // namespace shortlist::test
