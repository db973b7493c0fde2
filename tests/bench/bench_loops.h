// SPDX-License-Identifier: Apache-2.0
// The floors that topk_logprobs is measured against: merely reading a row, merely exponentiating it.
#pragma once

#include <cstdint>

#include "kernels/types.h"

namespace shortlist::bench {

// Each returns a number that depends on every logit, so that no compiler can leave the work out.
struct Loops {
    float (*read)(const void* row, kernels::DType type, int64_t n);  // maximum
    float (*exponentiate)(const void* row, kernels::DType type, int64_t n);  // sum of e^(x - 20), same polynomial as the kernel
};

Loops loopsAvx512();
Loops loopsAvx2();

}  // namespace shortlist::bench
