// SPDX-License-Identifier: Apache-2.0
// Plain form: one block a row. Pass 1 keeps online (max, sum, weighted sum) per thread (Milakov and Gimelshein,
// "Online normalizer calculation for softmax", 2018); then k rounds each pick the best entry after the last one.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "kernels/cuda/launch.cuh"
#include "kernels/topk_logprobs_impl.h"

namespace shortlist::kernels {
namespace {

constexpr int kThreads = 256;

__device__ inline float toFloat(float v) { return v; }
__device__ inline float toFloat(__half v) { return __half2float(v); }
__device__ inline float toFloat(__nv_bfloat16 v) { return __bfloat162float(v); }

// Sums of e^z and z * e^z with z = (x - max) * scale.
struct Moments {
    float max;
    double sum;
    double weighted;
};

__device__ inline Moments rebase(Moments m, float max, double scale) {
    if (m.sum == 0 || m.max == max)
        return {max, m.sum, m.weighted};
    const double shift = (static_cast<double>(m.max) - max) * scale;
    const double factor = exp(shift);
    return {max, m.sum * factor, (m.weighted + shift * m.sum) * factor};
}

__device__ inline Moments merge(const Moments& a, const Moments& b, double scale) {
    const float max = fmaxf(a.max, b.max);
    const Moments x = rebase(a, max, scale), y = rebase(b, max, scale);
    return {max, x.sum + y.sum, x.weighted + y.weighted};
}

struct Entry {
    float value;
    int id;
};

__device__ inline bool before(const Entry& a, const Entry& b) {
    return a.value > b.value || (a.value == b.value && a.id < b.id);
}

// Best entry of the row that comes after `last` in the order; id n when there is none.
template <typename T>
__device__ Entry bestAfter(const T* row, int n, Entry last, Entry* shared) {
    Entry best{-INFINITY, n};
    for (int i = threadIdx.x; i < n; i += kThreads) {
        const Entry entry{toFloat(row[i]), i};
        if (before(last, entry) && (best.id == n || before(entry, best)))
            best = entry;
    }
    shared[threadIdx.x] = best;
    __syncthreads();
    for (int width = kThreads / 2; width > 0; width /= 2) {
        if (threadIdx.x < width && before(shared[threadIdx.x + width], shared[threadIdx.x]))
            shared[threadIdx.x] = shared[threadIdx.x + width];
        __syncthreads();
    }
    best = shared[0];
    __syncthreads();
    return best;
}

template <typename T>
__device__ Moments rowMoments(const T* row, int n, double scale, Moments* shared) {
    Moments mine{-INFINITY, 0, 0};
    for (int i = threadIdx.x; i < n; i += kThreads) {
        const float x = toFloat(row[i]);
        if (x == -INFINITY)
            continue;
        mine = rebase(mine, fmaxf(mine.max, x), scale);
        const double z = (static_cast<double>(x) - mine.max) * scale, e = exp(z);
        mine.sum += e;
        mine.weighted += e > 0 ? z * e : 0;
    }
    shared[threadIdx.x] = mine;
    __syncthreads();
    for (int width = kThreads / 2; width > 0; width /= 2) {
        if (threadIdx.x < width)
            shared[threadIdx.x] = merge(shared[threadIdx.x], shared[threadIdx.x + width], scale);
        __syncthreads();
    }
    return shared[0];
}

template <typename T>
__device__ bool rowIsFinite(const T* row, int n) {
    bool bad = false;
    for (int i = threadIdx.x; i < n; i += kThreads)
        bad |= !(toFloat(row[i]) < INFINITY);
    return __syncthreads_or(bad) == 0;
}

__device__ void writeNonfinite(const TopkArgs& args, const TopkOut& out, int64_t r) {
    for (int j = threadIdx.x; j < args.k; j += kThreads) {
        out.ids[r * args.k + j] = -1;
        out.logprobs[r * args.k + j] = NAN;
    }
    for (int64_t g = threadIdx.x; g < args.given_count; g += kThreads)
        out.given_logprobs[r * args.given_count + g] = NAN;
    if (threadIdx.x == 0) {
        out.logsumexp[r] = out.entropy[r] = NAN;
        out.nonfinite[r] = 1;
    }
}

template <typename T>
__global__ void topkKernel(TopkArgs args, TopkOut out) {
    __shared__ Moments moments[kThreads];
    __shared__ Entry entries[kThreads];
    const int64_t r = blockIdx.x;
    const int n = static_cast<int>(args.n);
    const T* row = static_cast<const T*>(args.logits) + r * args.row_stride;
    const double scale = args.inv_temperature;
    const Moments m = rowMoments(row, n, scale, moments);
    if (!rowIsFinite(row, n) || m.sum == 0) {
        writeNonfinite(args, out, r);
        return;
    }
    const double logSum = log(m.sum);
    Entry last{INFINITY, -1};
    for (int j = 0; j < args.k; ++j) {
        last = bestAfter(row, n, last, entries);
        if (threadIdx.x == 0) {
            out.ids[r * args.k + j] = last.id;
            out.logprobs[r * args.k + j] = static_cast<float>((static_cast<double>(last.value) - m.max) * scale - logSum);
        }
    }
    for (int64_t g = threadIdx.x; g < args.given_count; g += kThreads) {
        const int id = args.given[g];
        const bool known = id >= 0 && id < n;
        out.given_logprobs[r * args.given_count + g] =
            known ? static_cast<float>((static_cast<double>(toFloat(row[known ? id : 0])) - m.max) * scale - logSum) : NAN;
    }
    if (threadIdx.x == 0) {
        out.logsumexp[r] = static_cast<float>(m.max * scale + logSum);
        out.entropy[r] = static_cast<float>(logSum - m.weighted / m.sum);
        out.nonfinite[r] = 0;
    }
}

}  // namespace

size_t topkLogprobsWorkspaceCuda(const TopkArgs&) { return 0; }

void topkLogprobsCuda(const TopkArgs& args, const TopkOut& out, const Stream& stream, void*) {
    auto* handle = static_cast<cudaStream_t>(stream.handle);
    const auto blocks = static_cast<unsigned>(args.rows);
    switch (args.type) {
        case DType::F32: topkKernel<float><<<blocks, kThreads, 0, handle>>>(args, out); break;
        case DType::F16: topkKernel<__half><<<blocks, kThreads, 0, handle>>>(args, out); break;
        case DType::BF16: topkKernel<__nv_bfloat16><<<blocks, kThreads, 0, handle>>>(args, out); break;
    }
    checkCuda(cudaGetLastError(), "topk_logprobs");
}

}  // namespace shortlist::kernels
