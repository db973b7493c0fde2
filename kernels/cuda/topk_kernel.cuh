// SPDX-License-Identifier: Apache-2.0
// One pass over rows of logits: every block streams a piece of a row, keeps online moments (Milakov and Gimelshein, "Online
// normalizer calculation for softmax", 2018) and the k best keys; the last block of a row merges the pieces.
#pragma once

#include "kernels/cuda/topk_keys.cuh"

namespace shortlist::kernels {
namespace {

template <DType type>
constexpr unsigned kBytesOf = sizeOf(type);
template <DType type>
constexpr int kPerVector = 16 / kBytesOf<type>;

// The 16 bytes of a row that begin at `id`, which may lie before or behind it: what is outside becomes -inf.
template <DType type>
__device__ inline uint4 loadVector(const void* row, unsigned n, unsigned id) {
    constexpr unsigned kCount = kPerVector<type>;
    const char* base = static_cast<const char*>(row);
    if (id < n && n - id >= kCount)
        return __ldg(reinterpret_cast<const uint4*>(base + static_cast<size_t>(id) * kBytesOf<type>));
    unsigned words[4];
#pragma unroll
    for (unsigned w = 0; w < 4; ++w) {
        if constexpr (type == DType::F32) {
            words[w] = id + w < n ? reinterpret_cast<const unsigned*>(base)[id + w] : 0xff800000u;
        } else {
            constexpr unsigned kNegInf = type == DType::F16 ? 0xfc00u : 0xff80u;
            const auto* halves = reinterpret_cast<const unsigned short*>(base);
            const unsigned low = id + 2 * w, high = low + 1;
            words[w] = (low < n ? halves[low] : kNegInf) | (high < n ? halves[high] : kNegInf) << 16;
        }
    }
    return make_uint4(words[0], words[1], words[2], words[3]);
}

template <DType type>
__device__ inline void unpack(const uint4& raw, float* values) {
    const unsigned words[4] = {raw.x, raw.y, raw.z, raw.w};
#pragma unroll
    for (int w = 0; w < 4; ++w) {
        if constexpr (type == DType::F32) {
            values[w] = __uint_as_float(words[w]);
        } else if constexpr (type == DType::BF16) {
            values[2 * w] = __uint_as_float(words[w] << 16);
            values[2 * w + 1] = __uint_as_float(words[w] & 0xffff0000u);
        } else {
            values[2 * w] = __half2float(__ushort_as_half(static_cast<unsigned short>(words[w])));
            values[2 * w + 1] = __half2float(__ushort_as_half(static_cast<unsigned short>(words[w] >> 16)));
        }
    }
}

__device__ inline float expOf(float x) { return __expf(x); }
__device__ inline double expOf(double x) { return exp(x); }

// Sums of e^z and z * e^z with z = logit * inv_temperature - shift; the shift is the largest logit * inv_temperature so far. fp32
// within a block, whose threads add few enough terms each; fp64 where the pieces of a row meet.
template <typename T>
struct Moments {
    T sum = 0, weighted = 0;
    float shift = -INFINITY;

    __device__ void moveTo(float to) {
        if (sum != 0) {  // true for NaN too, which has to stay
            const T change = static_cast<T>(shift) - static_cast<T>(to), factor = expOf(change);
            weighted = (weighted + change * sum) * factor;
            sum *= factor;
        }
        shift = to;
    }
};

using ThreadMoments = Moments<float>;
using TopkPartial = Moments<double>;

// Where blocks of one row meet. `counters` are zero between calls.
struct TopkWork {
    unsigned* counters = nullptr;     // [rows]
    TopkPartial* partials = nullptr;  // [rows, splits]
    Key* keys = nullptr;              // [rows, splits, k], each piece sorted, 0 for none
    int splits = 1;
};

template <int kHeld>
__device__ inline void addLogits(ThreadMoments& moments, const float* values, float max, float invT) {
    if (max * invT > moments.shift)
        moments.moveTo(max * invT);
    const float offset = moments.shift == -INFINITY ? 0 : moments.shift;
#pragma unroll
    for (int i = 0; i < kHeld; ++i) {
        const float z = fmaf(values[i], invT, -offset);
        const float e = __expf(z);  // NaN and +inf leave their trace in the sum
        moments.sum += e;
        moments.weighted = fmaf(fmaxf(z, -200.0f), e, moments.weighted);  // the term of -inf is 0
    }
}

// The moments of all threads together, in thread 0.
template <int kThreads, typename T>
__device__ TopkPartial blockTotal(Moments<T> mine, TopkShared<kThreads>& shared) {
    const unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    float shift = mine.shift;
    for (int step = 16; step > 0; step /= 2)
        shift = fmaxf(shift, __shfl_xor_sync(0xffffffffu, shift, step));
    if (lane == 0)
        shared.shift[warp] = shift;
    __syncthreads();
    for (int w = 0; w < kThreads / 32; ++w)
        shift = fmaxf(shift, shared.shift[w]);
    mine.moveTo(shift);
    for (int step = 16; step > 0; step /= 2) {
        mine.sum += __shfl_xor_sync(0xffffffffu, mine.sum, step);
        mine.weighted += __shfl_xor_sync(0xffffffffu, mine.weighted, step);
    }
    if (lane == 0) {
        shared.sum[warp] = mine.sum;
        shared.weighted[warp] = mine.weighted;
    }
    __syncthreads();
    TopkPartial total;
    total.shift = shift;
    for (int w = 0; threadIdx.x == 0 && w < kThreads / 32; ++w) {
        total.sum += shared.sum[w];
        total.weighted += shared.weighted[w];
    }
    return total;
}

template <DType type>
__device__ inline float logitAt(const void* row, int id) {
    float values[kPerVector<type>];
    if constexpr (type == DType::F32)
        return static_cast<const float*>(row)[id];
    unpack<type>(make_uint4(static_cast<const unsigned short*>(row)[id], 0, 0, 0), values);
    return values[0];
}

// Writes row r. `total` counts in thread 0 only; the selector holds the k best, sorted.
template <DType type, int kThreads>
__device__ void writeRow(const TopkArgs& args, const TopkOut& out, int64_t r, const void* row, const TopkPartial& total,
                         const TopkSelector<kThreads>& selector, TopkShared<kThreads>& shared) {
    if (threadIdx.x == 0) {
        const bool finite = isfinite(total.sum) && isfinite(total.shift);  // nothing but -inf has the shift -inf
        const double logSum = log(total.sum);
        shared.sum[0] = finite ? total.shift + logSum : NAN;  // logsumexp, for all threads
        out.logsumexp[r] = static_cast<float>(shared.sum[0]);
        out.entropy[r] = finite ? fmaxf(0, static_cast<float>(logSum - total.weighted / total.sum)) : NAN;
        out.nonfinite[r] = finite ? 0 : 1;
        shared.decision = finite;
    }
    __syncthreads();
    const double scale = args.inv_temperature, logsumexp = shared.sum[0];
    const bool finite = shared.decision;
    for (int j = threadIdx.x; j < args.k; j += kThreads) {
        const Key key = finite ? selector.key(j) : 0;
        out.ids[r * args.k + j] = finite ? idOf(key) : -1;
        out.logprobs[r * args.k + j] = finite ? static_cast<float>(valueOf(key) * scale - logsumexp) : NAN;
    }
    for (int64_t g = threadIdx.x; g < args.given_count; g += kThreads) {
        const int id = args.given[g];
        const bool known = finite && id >= 0 && id < args.n;
        out.given_logprobs[r * args.given_count + g] = known ? static_cast<float>(logitAt<type>(row, id) * scale - logsumexp) : NAN;
    }
}

// The k best of the pieces' sorted lists.
template <int kThreads>
__device__ void mergeKeys(TopkSelector<kThreads>& selector, const Key* keys, int splits, int k) {
    constexpr int kEach = kMaxHeld / 2;
    if (splits >= k)
        selector.raise(static_cast<int>(threadIdx.x) < splits ? keys[static_cast<int64_t>(threadIdx.x) * k] : 0, kThreads);
    const int total = splits * k;
    for (int begin = 0; begin < total; begin += kEach * kThreads) {
        Key mine[kEach], best = 0;
#pragma unroll
        for (int i = 0; i < kEach; ++i) {
            const int at = begin + i * kThreads + static_cast<int>(threadIdx.x);
            mine[i] = at < total ? keys[at] : 0;
            best = larger(best, mine[i]);
        }
        const auto keyAt = [&](int i) { return mine[i]; };
        const unsigned before = selector.count();
        __syncthreads();
        if (!selector.template append<kEach>(before, keyAt)) {
            selector.narrow();
            selector.raise(best, kThreads);
            selector.template append<kEach>(0, keyAt);
        }
        if (selector.isCrowded())
            selector.narrow();
    }
}

// Streams vectors [begin, end) of a row through the moments and the selector.
template <DType type, int kThreads, int kVectors>
__device__ ThreadMoments streamPiece(const void* row, unsigned n, unsigned head, unsigned begin, unsigned end, float invT,
                                     TopkSelector<kThreads>& selector) {
    constexpr int kLanes = kPerVector<type>, kHeld = kLanes * kVectors;
    static_assert(kHeld <= kMaxHeld, "the selector's bound");
    ThreadMoments moments;
    const auto firstId = [&](unsigned tile, int u) {
        const unsigned vector = tile + u * kThreads + threadIdx.x;
        return vector < end ? vector * kLanes - head : n;  // n: nothing there
    };
    uint4 next[kVectors];
#pragma unroll
    for (int u = 0; u < kVectors; ++u)
        next[u] = loadVector<type>(row, n, firstId(begin, u));
    for (unsigned tile = begin; tile < end; tile += kThreads * kVectors) {
        float values[kHeld];
#pragma unroll
        for (int u = 0; u < kVectors; ++u)
            unpack<type>(next[u], values + u * kLanes);
#pragma unroll
        for (int u = 0; u < kVectors; ++u)  // in flight while this tile is worked on
            next[u] = loadVector<type>(row, n, firstId(tile + kThreads * kVectors, u));
        float max = -INFINITY;
#pragma unroll
        for (int i = 0; i < kHeld; ++i)
            max = fmaxf(max, values[i]);
        addLogits<kHeld>(moments, values, max, invT);
        const auto keyAt = [&](int i) {
            const unsigned id = firstId(tile, i / kLanes) + i % kLanes;
            return id < n && values[i] >= -INFINITY ? keyOf(values[i], id) : 0;
        };
        const auto largest = [&] {
            Key best = 0;
#pragma unroll
            for (int i = 0; i < kHeld; ++i)
                best = larger(best, keyAt(i));
            return best;
        };
        if (tile == begin)
            selector.raise(largest(), selector.groupsForK());
        const Key least = selector.threshold();
        const unsigned before = selector.count();
        if (!__syncthreads_or(least == 0 || max >= valueOf(least)))
            continue;
        if (!selector.template append<kHeld>(before, keyAt)) {
            selector.narrow();
            selector.raise(largest(), kThreads);
            selector.template append<kHeld>(0, keyAt);
        }
        if (selector.isCrowded())
            selector.narrow();
    }
    return moments;
}

// A one-dimensional grid of rows * splits blocks.
template <DType type, int kThreads, int kVectors>
__global__ void __launch_bounds__(kThreads, kThreads == 256 ? (kVectors == 1 ? 4 : 3) : 16) topkKernel(TopkArgs args, TopkOut out, TopkWork work) {
    extern __shared__ __align__(16) unsigned char topkDynamicShared[];
    auto& shared = *reinterpret_cast<TopkShared<kThreads>*>(topkDynamicShared);
    auto* keys = reinterpret_cast<Key*>(topkDynamicShared + sizeof(TopkShared<kThreads>));
    const int64_t r = blockIdx.x / work.splits;
    const auto split = static_cast<unsigned>(blockIdx.x % work.splits);
    const auto n = static_cast<unsigned>(args.n);
    const char* row = static_cast<const char*>(args.logits) + r * args.row_stride * int64_t{kBytesOf<type>};
    // Vectors are counted from the last 16-byte boundary at or before the row.
    const auto head = static_cast<unsigned>(reinterpret_cast<uintptr_t>(row) % 16 / kBytesOf<type>);
    const auto vectors = static_cast<uint64_t>(n + head + kPerVector<type> - 1) / kPerVector<type>;
    const auto begin = static_cast<unsigned>(vectors * split / work.splits), end = static_cast<unsigned>(vectors * (split + 1) / work.splits);
    TopkSelector<kThreads> selector(shared, keys, args.k);
    const ThreadMoments mine = streamPiece<type, kThreads, kVectors>(row, n, head, begin, end, args.inv_temperature, selector);
    selector.narrow();
    const TopkPartial partial = blockTotal(mine, shared);
    if (work.splits == 1) {
        __syncthreads();
        return writeRow<type>(args, out, r, row, partial, selector, shared);
    }
    Key* slots = work.keys + (r * work.splits) * args.k;
    for (int j = threadIdx.x; j < args.k; j += kThreads)
        slots[static_cast<int64_t>(split) * args.k + j] = j < static_cast<int>(selector.count()) ? selector.key(j) : 0;
    if (threadIdx.x == 0)
        work.partials[r * work.splits + split] = partial;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0)
        shared.decision = atomicInc(work.counters + r, work.splits - 1) == static_cast<unsigned>(work.splits - 1);  // back to 0 at the last
    __syncthreads();
    if (!shared.decision)
        return;
    __threadfence();
    TopkSelector<kThreads> merged(shared, keys, args.k);
    mergeKeys(merged, slots, work.splits, args.k);
    merged.narrow();
    const auto total = blockTotal(static_cast<int>(threadIdx.x) < work.splits ? work.partials[r * work.splits + threadIdx.x] : TopkPartial(), shared);
    __syncthreads();
    writeRow<type>(args, out, r, row, total, merged, shared);
}

template <int kThreads>
constexpr size_t topkSharedBytes(int k) {
    return sizeof(TopkShared<kThreads>) + sizeof(Key) * static_cast<size_t>(TopkSelector<kThreads>::capacityFor(k));
}

}  // namespace
}  // namespace shortlist::kernels
