// SPDX-License-Identifier: Apache-2.0
// The inner loops of attention on the CPU. Plain data only, see resample_ops.h.
#pragma once

#include <cstdint>

namespace shortlist::kernels {

constexpr int64_t kKeysTogether = 64;      // keys are padded to a multiple of it
constexpr int64_t kDimTogether = 16;       // a head's numbers of v, likewise
constexpr int64_t kQueriesTogether = 24;   // of one call

// One head's keys and values, packed by pairs: keys[i][key] holds numbers 2i and 2i + 1 of a key, values[j][c] number c of the keys 2j and
// 2j + 1; padding is 0.
struct PackedHead {
    uint32_t* keys;    // [dim / 2][padded]
    uint32_t* values;  // [padded / 2][padded dim]
    int64_t padded;
    int64_t padded_dim;
};

// At most kQueriesTogether rows of q, the first of them query `first` of all. With `causal` row r sees the keys 0 .. first + r; with `seen` those
// whose byte is not 0, rows seen_stride bytes apart.
struct QueryRows {
    const uint16_t* q;
    int64_t count;
    int64_t stride;
    int64_t first;
    bool causal;
    const uint8_t* seen;
    int64_t seen_stride;
};

struct AttentionPasses {
    // Rows `stride` numbers apart.
    void (*pack)(const uint16_t* k, const uint16_t* v, int64_t keys, int64_t dim, int64_t stride, const PackedHead& to);
    // Against the first `keys` packed keys. scratch: kQueriesTogether * padded floats.
    void (*attend)(const QueryRows& rows, const PackedHead& head, int64_t keys, int64_t dim, float* scratch, uint16_t* out, int64_t outStride);
};

const AttentionPasses& attentionPassesPortable();
const AttentionPasses& attentionPassesAvx512Bf16();

}  // namespace shortlist::kernels
