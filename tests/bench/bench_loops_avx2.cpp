// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_loops_impl.h"

namespace shortlist::bench {

Loops loopsAvx2() { return {readTyped<kernels::Avx2>, expTyped<kernels::Avx2>}; }

}  // namespace shortlist::bench
