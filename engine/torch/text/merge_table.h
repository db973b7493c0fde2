// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace shortlist::torch_backend {

// Pairs of token ids -> rank and merged id, by open addressing: the encoder asks it several times a byte, and std::unordered_map takes
// three times as long.
class MergeTable {
  public:
    struct Merge {
        int32_t rank;
        int32_t id;  // of the merged token
    };

    // Ranks follow the order of insertion; a pair that is there already keeps its rank.
    void add(int32_t left, int32_t right, int32_t merged) {
        if (2 * (m_count + 1) > m_slots.size())
            grow();
        Slot& slot = slotOf(keyOf(left, right));
        if (slot.key == kEmpty)
            slot = {keyOf(left, right), {static_cast<int32_t>(m_count++), merged}};
    }
    // Null: they are never merged.
    const Merge* find(int32_t left, int32_t right) const {
        if (m_slots.empty())
            return nullptr;
        const Slot& slot = const_cast<MergeTable*>(this)->slotOf(keyOf(left, right));
        return slot.key == kEmpty ? nullptr : &slot.merge;
    }

  private:
    static constexpr uint64_t kEmpty = ~uint64_t{0};
    struct Slot {
        uint64_t key = kEmpty;
        Merge merge{};
    };

    static uint64_t keyOf(int32_t left, int32_t right) { return static_cast<uint64_t>(left) << 32 | static_cast<uint32_t>(right); }
    Slot& slotOf(uint64_t key) {
        size_t at = (key * 0x9E3779B97F4A7C15ull) >> m_shift;
        while (m_slots[at].key != kEmpty && m_slots[at].key != key)
            at = (at + 1) & (m_slots.size() - 1);
        return m_slots[at];
    }
    void grow() {
        std::vector<Slot> old(m_slots.empty() ? 1024 : 2 * m_slots.size());
        old.swap(m_slots);
        m_shift = 64;
        for (size_t size = m_slots.size(); size > 1; size /= 2)
            --m_shift;
        for (const Slot& slot : old)
            if (slot.key != kEmpty)
                slotOf(slot.key) = slot;
    }

    std::vector<Slot> m_slots;  // a power of two, at most half of it in use
    size_t m_count = 0;
    int m_shift = 64;
};

}  // namespace shortlist::torch_backend
