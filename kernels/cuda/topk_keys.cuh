// SPDX-License-Identifier: Apache-2.0
// Keys, and a block-wide selector that keeps the k best of a stream of them in shared memory. Device code that also compiles
// for the host, where tests/support/cuda_emulation.h stands in for the CUDA built-ins.
#pragma once

#include "kernels/topk_logprobs.h"

namespace shortlist::kernels {
namespace {

// One logit and its class id as a number whose order is the order of the result: larger value first, then lower id. All keys of
// a row differ, and 0 is below every one of them.
using Key = unsigned long long;

__device__ inline Key keyOf(float value, unsigned id) {
    const unsigned bits = __float_as_uint(value + 0.0f);  // -0 ties with 0
    const unsigned ordered = bits ^ (bits >> 31 ? 0xffffffffu : 0x80000000u);
    return static_cast<Key>(ordered) << 32 | (0xffffffffu - id);
}

__device__ inline float valueOf(Key key) {
    const auto ordered = static_cast<unsigned>(key >> 32);
    return __uint_as_float(ordered ^ (ordered >> 31 ? 0x80000000u : 0xffffffffu));
}

__device__ inline int idOf(Key key) { return static_cast<int>(0xffffffffu - static_cast<unsigned>(key)); }

__device__ inline Key larger(Key a, Key b) { return a > b ? a : b; }

// Logits one thread holds at a time; bounds how many of a tile can pass (see TopkSelector::raise).
constexpr int kMaxHeld = 16;

template <int kThreads>
struct TopkShared {
    Key maxima[kThreads];
    double sum[kThreads / 32], weighted[kThreads / 32];
    float shift[kThreads / 32];
    Key threshold;
    unsigned count;
    unsigned decision;  // of thread 0, for all
};

// Every method is called by all threads of the block; k <= kThreads / 2. `keys` holds capacityFor(k) keys.
template <int kThreads>
class TopkSelector {
  public:
    __host__ __device__ static constexpr int capacityFor(int k) { return k * (kMaxHeld + 1); }

    __device__ TopkSelector(TopkShared<kThreads>& shared, Key* keys, int k) : m_shared(shared), m_keys(keys), m_k(k) {
        if (threadIdx.x == 0) {
            shared.threshold = 0;
            shared.count = 0;
        }
        __syncthreads();
    }

    __device__ Key threshold() const { return m_shared.threshold; }
    __device__ unsigned count() const { return m_shared.count; }
    __device__ Key key(int i) const { return m_keys[i]; }

    // `mine` is the largest key among what this thread holds, 0 for none. The k-th largest of the maxima of `groups` >= k groups of
    // threads is no larger than the k-th largest of all, so nothing below it is wanted; and only the k groups whose maximum
    // reaches it can hold anything that passes.
    __device__ void raise(Key mine, int groups) {
        const unsigned width = kThreads / groups;
        for (unsigned step = 1; step < width; step *= 2)
            mine = larger(mine, __shfl_xor_sync(0xffffffffu, mine, step));
        if (threadIdx.x % width == 0)
            m_shared.maxima[threadIdx.x / width] = mine;
        __syncthreads();
        if (static_cast<int>(threadIdx.x) < groups) {
            mine = m_shared.maxima[threadIdx.x];
            int rank = 0;
            for (int i = 0; i < groups; ++i)
                rank += m_shared.maxima[i] > mine;
            if (mine != 0 && rank == m_k - 1)
                m_shared.threshold = larger(m_shared.threshold, mine);
        }
        __syncthreads();
    }

    // Groups for a first threshold: twice k let about 1.4 k of random logits pass, more would cost more to rank.
    __device__ int groupsForK() const {
        int groups = 32;
        while (groups < 2 * m_k)
            groups *= 2;
        return groups < kThreads ? groups : kThreads;
    }

    // Appends what passes of the keys that `keyAt(0 .. kHeld - 1)` gives, 0 for none. `before` is count() as all threads saw it at the
    // last barrier. False when they did not fit: then nothing was appended.
    template <int kHeld, typename KeyAt>
    __device__ bool append(unsigned before, KeyAt keyAt) {
        const Key least = m_shared.threshold;
        unsigned passing = 0;
#pragma unroll
        for (int i = 0; i < kHeld; ++i) {
            const Key key = keyAt(i);
            passing += key != 0 && key >= least;
        }
        unsigned at = passing ? atomicAdd(&m_shared.count, passing) : 0;
        if (passing) {
#pragma unroll
            for (int i = 0; i < kHeld; ++i) {
                const Key key = keyAt(i);
                if (key == 0 || key < least)
                    continue;
                if (at < static_cast<unsigned>(capacityFor(m_k)))
                    m_keys[at] = key;
                ++at;
            }
        }
        __syncthreads();
        if (m_shared.count <= static_cast<unsigned>(capacityFor(m_k)))
            return true;
        __syncthreads();
        if (threadIdx.x == 0)
            m_shared.count = before;
        __syncthreads();
        return false;
    }

    __device__ bool isCrowded() const { return m_shared.count > static_cast<unsigned>(2 * m_k + 64); }

    // Keeps the k best, sorted, and raises the threshold to the last of them.
    __device__ void narrow() {
        while (m_shared.count > 2 * kThreads)
            thin();
        const int n = static_cast<int>(m_shared.count);
        Key mine[2];
        int rank[2] = {0, 0};
        for (int s = 0; s < 2; ++s) {
            const int i = static_cast<int>(threadIdx.x) + s * kThreads;
            mine[s] = i < n ? m_keys[i] : 0;
        }
        for (int i = 0; i < n; ++i) {
            const Key other = m_keys[i];
            rank[0] += other > mine[0];
            rank[1] += other > mine[1];
        }
        __syncthreads();
        for (int s = 0; s < 2; ++s) {
            if (mine[s] == 0 || rank[s] >= m_k)
                continue;
            m_keys[rank[s]] = mine[s];
            if (rank[s] == m_k - 1)
                m_shared.threshold = larger(m_shared.threshold, mine[s]);
        }
        if (threadIdx.x == 0)
            m_shared.count = n < m_k ? n : m_k;
        __syncthreads();
    }

  private:
    // Drops most of what is not among the k best: with k <= kThreads / 2 at most half of the keys and half a block stay.
    __device__ void thin() {
        constexpr int kEach = (kMaxHeld + 2) / 2;
        const int n = static_cast<int>(m_shared.count);
        Key mine[kEach], best = 0;
#pragma unroll
        for (int i = 0; i < kEach; ++i) {
            const int at = static_cast<int>(threadIdx.x) + i * kThreads;
            mine[i] = at < n ? m_keys[at] : 0;
            best = larger(best, mine[i]);
        }
        __syncthreads();
        if (threadIdx.x == 0)
            m_shared.count = 0;
        raise(best, kThreads);
        append<kEach>(0, [&](int i) { return mine[i]; });
    }

    TopkShared<kThreads>& m_shared;
    Key* m_keys;
    const int m_k;
};

}  // namespace
}  // namespace shortlist::kernels
