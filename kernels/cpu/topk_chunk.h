// SPDX-License-Identifier: Apache-2.0
// What one pass over a piece of a row leaves behind. Filled by the SIMD passes, merged and written by
// topk_logprobs_cpu.cpp.
#pragma once

#include <cstdint>

#include "kernels/topk_logprobs.h"

namespace shortlist::kernels {

constexpr int64_t kTopkBlock = 2048;  // logits: two passes over a block stay in the first-level cache

struct TopkEntry {
    float value;
    int32_t id;
};

// The order of the result: larger value first, then lower id.
inline bool comesBefore(const TopkEntry& a, const TopkEntry& b) { return a.value > b.value || (a.value == b.value && a.id < b.id); }

// A unit compiled for a wider instruction set must not leave inline functions behind that the linker could pick for
// everybody: what it uses from here is either forced inline or compiled elsewhere.
#define SHORTLIST_FORCE_INLINE [[gnu::always_inline]]

// Keeps at least the k best of what passed its threshold, in any order. Entries arrive with rising ids, so an entry that
// equals the threshold has lost.
class Candidates {
  public:
    void reset(int k);
    // Drops all but the k best; afterwards only larger values pass.
    void prune();

    // While open, an entry equal to the threshold passes too: k of them were not seen yet.
    SHORTLIST_FORCE_INLINE bool isOpen() const { return m_isOpen; }
    SHORTLIST_FORCE_INLINE float threshold() const { return m_threshold; }
    SHORTLIST_FORCE_INLINE void setThreshold(float threshold) { m_threshold = threshold; }
    SHORTLIST_FORCE_INLINE int count() const { return m_count; }
    SHORTLIST_FORCE_INLINE int room() const { return kCapacity - m_count; }
    SHORTLIST_FORCE_INLINE TopkEntry* begin() { return m_entries; }
    SHORTLIST_FORCE_INLINE TopkEntry* end() { return m_entries + m_count; }
    SHORTLIST_FORCE_INLINE void grow(int count) { m_count += count; }
    // A fresh threshold lets fewer blocks pass, but finding it has its price.
    SHORTLIST_FORCE_INLINE bool isCrowded() const { return m_count >= m_k + m_k / 2 + 8; }

  private:
    static constexpr int kCapacity = 2 * static_cast<int>(kTopkBlock) + 2 * kMaxTopk;

    int m_k = 1;
    int m_count = 0;
    float m_threshold = 0;
    bool m_isOpen = true;
    TopkEntry m_entries[kCapacity];
};

// With z = x * inv_temperature + shift: sums of e^z and z * e^z over the piece; max is of the raw logits.
struct TopkChunk {
    double sum;
    double weighted;
    float shift;
    float max;
    Candidates best;
};

constexpr int kMaxRanked = 512;

struct TopkPass {
    // Scans logits [begin, end) of a row. A NaN or +inf makes `sum` NaN or `max` infinite.
    void (*scan)(const void* row, DType type, int64_t begin, int64_t end, float invTemperature, int k, TopkChunk& chunk) = nullptr;
    // The k best of `count` <= kMaxRanked entries, sorted.
    void (*rank)(const TopkEntry* entries, int count, int k, TopkEntry* sorted) = nullptr;
};

// Whole rows without SIMD, and what a row without a distribution gets.
void scoreRowPortable(const TopkArgs& args, const TopkOut& out, int64_t row);
void writeNonfiniteRow(const TopkArgs& args, const TopkOut& out, int64_t row);

TopkPass topkPassAvx512();
TopkPass topkPassAvx2();

}  // namespace shortlist::kernels
