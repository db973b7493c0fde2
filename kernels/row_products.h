// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/error.h"
#include "kernels/types.h"

namespace shortlist::kernels {

// x: [rows, depth], weight: [n, depth], both bf16 and contiguous; neither is repacked or copied, so that a large table can be used
// where it lies, in a file's mapping.
struct RowProductArgs {
    const void* x = nullptr;
    const void* weight = nullptr;
    int64_t rows = 0;
    int64_t n = 0;
    int64_t depth = 0;
};

// out: [rows, n] = x weight^T in fp32, summed in fp32 and not rounded to bf16. CPU only: CUDA's libraries have this product. Every sum has
// the same order whatever `rows` is. Throws kernels::Error that names the argument.
void rowProducts(const RowProductArgs& args, float* out, const Stream& stream);

}  // namespace shortlist::kernels
