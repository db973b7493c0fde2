// SPDX-License-Identifier: Apache-2.0
#include "kernels/token_ops.h"

#include <algorithm>

#include "kernels/cpu/cpu_features.h"
#include "kernels/cpu/thread_pool.h"
#include "kernels/cpu/token_passes.h"

namespace shortlist::kernels {
namespace {

constexpr int64_t kNumbersPerPart = 1 << 15;  // less does not pay for waking a thread

const TokenPasses& passes() {
#if defined(__x86_64__)
    if (hasAvx512Bf16())
        return tokenPassesAvx512Bf16();
#endif
    return tokenPassesPortable();
}

// Calls body(first, last) for parts of `rows` rows of `size` numbers.
template <typename Body>
void forRows(int64_t rows, int64_t size, int threads, Body body) {
    const int64_t together = std::max<int64_t>(1, kNumbersPerPart / std::max<int64_t>(1, size));
    parallelFor(threads, (rows + together - 1) / together, [&](int64_t part) { body(part * together, std::min(rows, (part + 1) * together)); });
}

const uint16_t* numbers(const void* x) { return static_cast<const uint16_t*>(x); }
uint16_t* numbers(void* x) { return static_cast<uint16_t*>(x); }

}  // namespace

void rotate(const RotateArgs& args, int threads) {
    require(args.tokens >= 0 && args.heads >= 1 && args.dim >= 2 && args.dim % 2 == 0, "rotate: tokens, heads or dim is negative, or dim is odd");
    require(args.stride >= args.heads * args.dim, "rotate: stride is smaller than heads * dim");
    if (args.tokens == 0)
        return;
    require(args.x && args.cos && args.sin, "rotate: a pointer is null");
    forRows(args.tokens, args.heads * args.dim, threads, [&](int64_t first, int64_t last) {
        for (int64_t token = first; token < last; ++token)
            passes().rotate(numbers(args.x) + token * args.stride, args.heads, args.dim, args.cos + token * args.dim / 2, args.sin + token * args.dim / 2);
    });
}

void quickGelu(void* x, int64_t count, int threads) {
    require(count >= 0 && (x || count == 0), "quick_gelu: count is negative, or x is null");
    forRows(count, 1, threads, [&](int64_t first, int64_t last) { passes().quickGelu(numbers(x) + first, last - first); });
}

void siluGate(const void* gateUp, int64_t rows, int64_t size, void* out, int threads) {
    require(rows >= 0 && size >= 1 && ((gateUp && out) || rows == 0), "silu_gate: rows or size is negative, or a pointer is null");
    forRows(rows, size, threads, [&](int64_t first, int64_t last) {
        for (int64_t row = first; row < last; ++row)
            passes().siluGate(numbers(gateUp) + 2 * row * size, numbers(gateUp) + (2 * row + 1) * size, size, numbers(out) + row * size);
    });
}

void rmsNorm(const void* x, const void* weight, int64_t rows, int64_t size, float eps, void* out, int threads) {
    require(rows >= 0 && size >= 1 && eps >= 0, "rms_norm: rows, size or eps is negative");
    require((x && weight && out) || rows == 0, "rms_norm: a pointer is null");
    forRows(rows, size, threads, [&](int64_t first, int64_t last) {
        for (int64_t row = first; row < last; ++row)
            passes().rmsNorm(numbers(x) + row * size, numbers(weight), size, eps, numbers(out) + row * size);
    });
}

}  // namespace shortlist::kernels
