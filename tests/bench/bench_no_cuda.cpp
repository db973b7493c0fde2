// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_cuda.h"

namespace shortlist::bench {

void openCuda() { throw std::runtime_error("this build has no CUDA kernels"); }
nlohmann::ordered_json runCudaCase(const Case&, bool) { return {}; }

}  // namespace shortlist::bench
