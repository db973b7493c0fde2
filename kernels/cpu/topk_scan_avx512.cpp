// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX-512; called only where the CPU has it.
#include "kernels/cpu/topk_scan.h"

namespace shortlist::kernels {

TopkPass topkPassAvx512() { return {scanTopk<Avx512>, rankTopk<Avx512>}; }

}  // namespace shortlist::kernels
