// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/error.h"
#include "kernels/types.h"

namespace shortlist::kernels {

// bf16. Token t's head h of q begins at q + t * q_stride + h * dim, likewise k and v with their own strides and kv_heads heads; heads / kv_heads
// query heads share one (Ainslie et al., 2023). `queries` tokens of q, `keys` of k and v. Causal: queries == keys, and query i sees the
// keys 0..i. seen: [queries, keys], contiguous: query i sees the keys whose byte is not 0, at least one; null: all of them.
struct AttentionArgs {
    const void* q = nullptr;
    const void* k = nullptr;
    const void* v = nullptr;
    int64_t queries = 0, keys = 0;
    int64_t heads = 0, kv_heads = 0, dim = 0;
    int64_t q_stride = 0, kv_stride = 0;
    bool causal = false;
    const uint8_t* seen = nullptr;
};

// out: [queries, heads * dim] = softmax(q k^T / sqrt(dim)) v, bf16; scores, softmax and sums in fp32, probabilities rounded to bf16. CPU only:
// several times as fast as the framework's there at the sizes of an image. Throws kernels::Error that names the argument.
void attention(const AttentionArgs& args, void* out, int threads);

// Whether this CPU has the instructions that make it worth while; attention() works without them, slowly.
bool attentionIsFast();

}  // namespace shortlist::kernels
