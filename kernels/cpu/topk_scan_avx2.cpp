// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX2; called only where the CPU has it.
#include "kernels/cpu/topk_scan.h"

namespace shortlist::kernels {

TopkPass topkPassAvx2() { return {scanTopk<Avx2>, rankTopk<Avx2>}; }

}  // namespace shortlist::kernels
