// SPDX-License-Identifier: Apache-2.0
// One row of token_ops on the CPU, portable and for AVX-512 with bf16. Plain data only, see resample_ops.h.
#pragma once

#include <cstdint>

namespace shortlist::kernels {

struct TokenPasses {
    void (*rotate)(uint16_t* x, int64_t heads, int64_t dim, const float* cos, const float* sin);
    void (*quickGelu)(uint16_t* x, int64_t count);
    void (*siluGate)(const uint16_t* gate, const uint16_t* up, int64_t size, uint16_t* out);
    void (*rmsNorm)(const uint16_t* x, const uint16_t* weight, int64_t size, float eps, uint16_t* out);
};

const TokenPasses& tokenPassesPortable();
const TokenPasses& tokenPassesAvx512Bf16();

}  // namespace shortlist::kernels
