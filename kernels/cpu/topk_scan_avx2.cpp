// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX2; called only where the CPU has it.
#include "kernels/cpu/topk_scan.h"

namespace shortlist::kernels {

void scanTopkAvx2(const void* row, DType type, int64_t begin, int64_t end, float invTemperature, int k, TopkChunk& chunk) {
    scanTopk<Avx2>(row, type, begin, end, invTemperature, k, chunk);
}

}  // namespace shortlist::kernels
