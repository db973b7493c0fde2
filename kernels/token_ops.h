// SPDX-License-Identifier: Apache-2.0
// What a transformer does between its matrix products, on bf16 rows in one pass each. CPU only: ATen's forms take several passes there; on CUDA
// they are fused or small. All sums and functions in fp32, results rounded to bf16. Each throws kernels::Error that names the argument.
#pragma once

#include "kernels/error.h"
#include "kernels/types.h"

namespace shortlist::kernels {

// Rotary positions in place (Su et al., 2021): of each head the first half against the second. x: `tokens` rows of `heads` heads of `dim` numbers,
// rows `stride` numbers apart; cos, sin: fp32 [tokens, dim / 2].
struct RotateArgs {
    void* x = nullptr;
    int64_t tokens = 0, heads = 0, dim = 0, stride = 0;
    const float* cos = nullptr;
    const float* sin = nullptr;
};
void rotate(const RotateArgs& args, int threads);

// x sigmoid(1.702 x) in place, `count` numbers.
void quickGelu(void* x, int64_t count, int threads);

// SwiGLU (Shazeer, 2020): rows of [gate, up], each `size` numbers -> silu(gate) * up. gateUp: [rows, 2 size]; out: [rows, size].
void siluGate(const void* gateUp, int64_t rows, int64_t size, void* out, int threads);

// x / sqrt(mean(x^2) + eps) * weight. x, out: [rows, size]; weight: [size].
void rmsNorm(const void* x, const void* weight, int64_t rows, int64_t size, float eps, void* out, int threads);

}  // namespace shortlist::kernels
