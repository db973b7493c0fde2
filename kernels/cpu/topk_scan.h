// SPDX-License-Identifier: Apache-2.0
// The fused pass, once for every vector width. Per block: the maximum; if it beats the threshold, the candidates; then
// e^z and z * e^z against the running maximum (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018).
#pragma once

#include <limits>
#include <type_traits>

#include "kernels/cpu/simd.h"
#include "kernels/cpu/topk_chunk.h"

namespace shortlist::kernels {
namespace {  // every unit that includes this keeps its own copy: see SHORTLIST_FORCE_INLINE

constexpr float kInfinity = std::numeric_limits<float>::infinity();

constexpr int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// Floats as integers of the same order, and back.
inline int32_t ordered(float value) {
    int32_t bits;
    __builtin_memcpy(&bits, &value, 4);
    return bits ^ ((bits >> 31) & 0x7fffffff);
}
inline float fromOrdered(int32_t order) {
    const int32_t bits = order ^ ((order >> 31) & 0x7fffffff);
    float value;
    __builtin_memcpy(&value, &bits, 4);
    return value;
}

// A value that at least k of values[0 .. count) reach, and few more where ties allow it. Bisection by counting: a partition would
// mispredict every other branch. First between the values, which suits random ones, then between their bits, which always ends.
// `count` is a multiple of V::kLanes; no NaN.
template <typename V>
float kthBound(const float* values, int count, int k) {
    auto high = V::set1(-kInfinity), negated = high;
    for (int i = 0; i < count; i += V::kLanes) {
        const auto x = V::template load<DType::F32>(values, i);
        high = V::max(x, high);
        negated = V::max(V::fnma(x, V::set1(1.0f), V::zero()), negated);
    }
    float reached = -V::largest(negated), missed = V::largest(high);  // count >= k reach the first; the second is not tried
    const int enough = k + k / 8 + 2;
    for (int step = 0; ordered(reached) + 1 < ordered(missed); ++step) {
        const float between = step < 12 && reached > -kInfinity ? 0.5f * reached + 0.5f * missed : fromOrdered(static_cast<int32_t>((int64_t{ordered(reached)} + ordered(missed)) / 2));
        const auto pivot = V::set1(between);
        int passing = 0;
        for (int i = 0; i < count; i += V::kLanes)
            passing += __builtin_popcount(V::notLess(V::template load<DType::F32>(values, i), pivot));
        if (passing < k)
            missed = between;
        else
            reached = between;
        if (passing >= k && passing <= enough)
            break;
    }
    return reached;
}

template <typename V, DType type>
class TopkScanner {
  public:
    TopkScanner(const void* row, float invTemperature, int k, TopkChunk& chunk) : m_row(row), m_invT(invTemperature), m_k(k), m_chunk(chunk) {}

    void scan(int64_t begin, int64_t end) {
        float max = blockMax(begin, least(begin + kTopkBlock, end));
        for (int64_t at = begin; at < end; at += kTopkBlock) {
            const int64_t next = at + kTopkBlock;
            prepare(at, least(next, end), max);
            if (next + kTopkBlock <= end) {
                max = accumulateAndPeek(at);
                continue;
            }
            accumulate(at, least(next, end));
            if (next < end)
                max = blockMax(next, end);
        }
    }

  private:
    using Reg = typename V::Reg;
    static constexpr int kLanes = V::kLanes;
    static constexpr int kWays = 4;  // independent chains hide the latency of max, add and fma
    static constexpr int kStep = kLanes * kWays;

    // Calls body(way, values, id of the first) for every vector; the last one is padded with -inf.
    template <typename Body>
    void eachVector(int64_t begin, int64_t end, Body body) const {
        int64_t i = begin;
        for (; i + kStep <= end; i += kStep)
            for (int w = 0; w < kWays; ++w)
                body(w, V::template load<type>(m_row, i + w * kLanes), i + w * kLanes);
        for (; i + kLanes <= end; i += kLanes)
            body(0, V::template load<type>(m_row, i), i);
        if (i < end)
            body(1, tail(i, end), i);
    }

    Reg tail(int64_t begin, int64_t end) const {
        using Stored = std::conditional_t<type == DType::F32, float, uint16_t>;
        constexpr uint16_t kNegInf = type == DType::F16 ? 0xfc00 : 0xff80;
        Stored padded[kLanes];
        for (int64_t i = 0; i < kLanes; ++i)
            padded[i] = begin + i < end             ? static_cast<const Stored*>(m_row)[begin + i]
                        : type == DType::F32 ? static_cast<Stored>(-kInfinity)
                                                    : static_cast<Stored>(kNegInf);
        return V::template load<type>(padded, 0);
    }

    // What has to be done before the block's numbers can be summed.
    void prepare(int64_t begin, int64_t end, float max) {
        Candidates& best = m_chunk.best;
        if (best.isOpen() ? max >= best.threshold() : max > best.threshold())
            collect(begin, end);
        if (max > m_chunk.max)
            moveShift(max);
    }

    float blockMax(int64_t begin, int64_t end) const {
        const Reg low = V::set1(-kInfinity);
        Reg m[kWays] = {low, low, low, low};
        eachVector(begin, end, [&](int w, Reg x, int64_t) { m[w] = V::max(x, m[w]); });  // a NaN here is lost; the sum keeps it
        return V::largest(V::max(V::max(m[0], m[1]), V::max(m[2], m[3])));
    }

    void moveShift(float max) {
        const float shift = -(max * m_invT);
        if (m_chunk.sum > 0) {
            const double change = static_cast<double>(shift) - m_chunk.shift, factor = __builtin_exp(change);
            m_chunk.weighted = (m_chunk.weighted + change * m_chunk.sum) * factor;
            m_chunk.sum *= factor;
        }
        m_chunk.max = max;
        m_chunk.shift = shift;
    }

    // fp32 within a block, whose 2,048 terms it sums well enough; fp64 between blocks.
    struct Sums {
        Reg sum[kWays] = {V::zero(), V::zero(), V::zero(), V::zero()};
        Reg weighted[kWays] = {V::zero(), V::zero(), V::zero(), V::zero()};

        void add(int w, Reg x, Reg invT, Reg shift) {
            // e^-87 is a normal number that no sum holding a 1 notices
            const Reg z = V::max(V::set1(-87.0f), V::fma(x, invT, shift));
            const Reg e = expNegative<V>(z);
            sum[w] = V::add(sum[w], e);
            weighted[w] = V::fma(z, e, weighted[w]);
        }
        void addTo(TopkChunk& chunk) const {
            chunk.sum += V::sum(V::add(V::add(sum[0], sum[1]), V::add(sum[2], sum[3])));
            chunk.weighted += V::sum(V::add(V::add(weighted[0], weighted[1]), V::add(weighted[2], weighted[3])));
        }
    };

    // Reading ahead of the row's end is harmless: a prefetch never faults.
    void prefetch(int64_t id) const {
        _mm_prefetch(static_cast<const char*>(m_row) + id * static_cast<int64_t>(type == DType::F32 ? 4 : 2), _MM_HINT_T1);
    }

    void accumulate(int64_t begin, int64_t end) {
        const Reg invT = V::set1(m_invT), shift = V::set1(m_chunk.shift);
        Sums sums;
        eachVector(begin, end, [&](int w, Reg x, int64_t) { sums.add(w, x, invT, shift); });
        sums.addTo(m_chunk);
    }

    // The same for a whole block, while the maximum of the whole next one is found: its loads come from memory and would
    // leave the arithmetic idle if they stood alone.
    float accumulateAndPeek(int64_t begin) {
        const Reg invT = V::set1(m_invT), shift = V::set1(m_chunk.shift), low = V::set1(-kInfinity);
        Sums sums;
        Reg m[kWays] = {low, low, low, low};
        for (int64_t i = begin; i < begin + kTopkBlock; i += kStep)
            for (int w = 0; w < kWays; ++w) {
                prefetch(i + kTopkBlock + kAhead + w * kLanes);
                m[w] = V::max(V::template load<type>(m_row, i + kTopkBlock + w * kLanes), m[w]);
                sums.add(w, V::template load<type>(m_row, i + w * kLanes), invT, shift);
            }
        sums.addTo(m_chunk);
        return V::largest(V::max(V::max(m[0], m[1]), V::max(m[2], m[3])));
    }

    void collect(int64_t begin, int64_t end) {
        Candidates& best = m_chunk.best;
        if (best.isOpen() && end - begin > 4 * m_k)
            raiseThreshold(begin, end);
        if (!filter(begin, end, kFew)) {
            raiseThreshold(begin, end);
            filter(begin, end, static_cast<int>(kTopkBlock) + kStep);
        }
        if (best.isCrowded())
            best.prune();
    }

    // Appends what passes; gives up, leaving nothing, when about `most` do.
    bool filter(int64_t begin, int64_t end, int most) {
        Candidates& best = m_chunk.best;
        if (best.room() < most)
            best.prune();
        const bool open = best.isOpen();
        const Reg threshold = V::set1(best.threshold());
        const auto passes = [&](Reg x) { return open ? V::notLess(x, threshold) : V::greater(x, threshold); };
        TopkEntry* out = best.end();
        int count = 0;
        const auto take = [&](uint32_t mask, Reg x, int64_t id) {
            float values[kLanes];
            V::store(values, x);
            for (; mask; mask &= mask - 1) {
                const int lane = __builtin_ctz(mask);
                if (id + lane < end)
                    out[count++] = {values[lane], static_cast<int32_t>(id + lane)};
            }
        };
        int64_t i = begin;
        for (; i + kStep <= end && count <= most - kStep; i += kStep) {
            Reg x[kWays];
            uint32_t masks[kWays], any = 0;
            for (int w = 0; w < kWays; ++w) {
                x[w] = V::template load<type>(m_row, i + w * kLanes);
                any |= masks[w] = passes(x[w]);
            }
            if (any == 0)
                continue;
            for (int w = 0; w < kWays; ++w)
                if (masks[w])
                    take(masks[w], x[w], i + w * kLanes);
        }
        for (; i < end && count <= most - kLanes; i += kLanes) {
            const Reg x = i + kLanes <= end ? V::template load<type>(m_row, i) : tail(i, end);
            if (const uint32_t mask = passes(x))
                take(mask, x, i);
        }
        if (i < end)
            return false;
        best.grow(count);
        return true;
    }

    // What k of the maxima of many lanes reach is no larger than the k-th largest logit of the block.
    void raiseThreshold(int64_t begin, int64_t end) {
        const auto groups = static_cast<int>(least((2 * m_k + kStep - 1) / kStep, kMaxMaxima / kStep));
        const int64_t rest = end - (end - begin) % kStep;
        float maxima[kMaxMaxima];
        for (int g = 0; g < groups; ++g) {  // interleaved, so that the top of a rising or falling row is spread over all of them
            const Reg low = V::set1(-kInfinity);
            Reg m[kWays] = {low, low, low, low};
            for (int64_t i = begin + g * kStep; i < rest; i += groups * kStep)
                for (int w = 0; w < kWays; ++w)
                    m[w] = V::max(V::template load<type>(m_row, i + w * kLanes), m[w]);
            if (g == groups - 1)
                eachVector(rest, end, [&](int w, Reg x, int64_t) { m[w] = V::max(x, m[w]); });
            for (int w = 0; w < kWays; ++w)
                V::store(maxima + g * kStep + w * kLanes, m[w]);
        }
        const float kth = kthBound<V>(maxima, groups * kStep, m_k);
        Candidates& best = m_chunk.best;
        if (kth <= best.threshold())
            return;
        // Values equal to it must still pass: one step below, unless the threshold lets equals in.
        best.setThreshold(best.isOpen() ? kth : __builtin_nextafterf(kth, -kInfinity));
    }

    static constexpr int kFew = 256;
    static constexpr int kAhead = 1024;  // logits beyond the next block, into the second-level cache: of 512 .. 8,192 tried; into the first it held up the loads
    static constexpr int kMaxMaxima = 2 * kMaxTopk;

    const void* m_row;
    const float m_invT;
    const int m_k;
    TopkChunk& m_chunk;
};

// A key whose order as an unsigned number is the order of the result; -0 counts as 0.
inline uint64_t keyOf(const TopkEntry& entry) {
    const float value = entry.value + 0.0f;
    uint32_t bits;
    __builtin_memcpy(&bits, &value, 4);
    bits = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    return static_cast<uint64_t>(bits) << 32 | (0xffffffffu - static_cast<uint32_t>(entry.id));
}

// Sorts by counting how many keys are larger: no branch to mispredict, and `count` is small.
template <typename V>
void rankTopk(const TopkEntry* entries, int count, int k, TopkEntry* sorted) {
    uint64_t keys[kMaxRanked + V::kLanes / 2];
    const int padded = (count + V::kLanes / 2 - 1) / (V::kLanes / 2) * (V::kLanes / 2);
    for (int i = 0; i < padded; ++i)
        keys[i] = i < count ? keyOf(entries[i]) : 0;  // 0 is below every key
    for (int i = 0; i < count; ++i) {
        const int rank = V::countGreater(keys, padded, keys[i]);
        if (rank < k)
            sorted[rank] = entries[i];
    }
}

template <typename V>
void scanTopk(const void* row, DType type, int64_t begin, int64_t end, float invTemperature, int k, TopkChunk& chunk) {
    switch (type) {
        case DType::F32: return TopkScanner<V, DType::F32>(row, invTemperature, k, chunk).scan(begin, end);
        case DType::F16: return TopkScanner<V, DType::F16>(row, invTemperature, k, chunk).scan(begin, end);
        case DType::BF16: return TopkScanner<V, DType::BF16>(row, invTemperature, k, chunk).scan(begin, end);
    }
}

}  // namespace
}  // namespace shortlist::kernels
