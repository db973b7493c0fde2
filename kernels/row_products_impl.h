// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/row_products.h"

namespace shortlist::kernels {

// The rows [first, last) of `weight` times all rows of x.
using RowProductPass = void (*)(const RowProductArgs& args, float* out, int64_t first, int64_t last);

void rowProductsPortable(const RowProductArgs& args, float* out, int64_t first, int64_t last);
void rowProductsAvx512Bf16(const RowProductArgs& args, float* out, int64_t first, int64_t last);
void rowProductsCpu(const RowProductArgs& args, float* out, int threads);

}  // namespace shortlist::kernels
