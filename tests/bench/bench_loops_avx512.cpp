// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_loops_impl.h"

namespace shortlist::bench {

Loops loopsAvx512() { return {readTyped<kernels::Avx512>, expTyped<kernels::Avx512>}; }

}  // namespace shortlist::bench
