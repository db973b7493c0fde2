// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/bench_cases.h"

namespace shortlist::bench {

// Brings CUDA into the process and prints the card's name. Throws std::runtime_error with the reason where that cannot be done.
void openCuda();

// Ours, torch eager, a kernel that only reads, and the floor of an empty launch plus that reading, interleaved.
nlohmann::ordered_json runCudaCase(const Case& c, bool quick);

}  // namespace shortlist::bench
