// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/cpu_features.h"

#include <cstdlib>

namespace shortlist::kernels {

#if defined(__x86_64__)
bool hasAvx512() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && !std::getenv("SHORTLIST_NO_AVX512");
}
bool hasAvx512Bf16() { return hasAvx512() && __builtin_cpu_supports("avx512bf16"); }
bool hasAvx2() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c") &&
           !std::getenv("SHORTLIST_NO_AVX2");
}
#else
bool hasAvx512() { return false; }
bool hasAvx512Bf16() { return false; }
bool hasAvx2() { return false; }
#endif

}  // namespace shortlist::kernels
