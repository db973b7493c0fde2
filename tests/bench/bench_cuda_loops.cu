// SPDX-License-Identifier: Apache-2.0
// The floors on a card: merely reading everything once, and a launch that does nothing.
#include "tests/bench/bench_cuda_loops.h"

namespace shortlist::bench {
namespace {

constexpr int kThreads = 512;

// The words as fp32: only the traffic counts. Every block leaves a maximum, so that no load can be dropped.
__global__ void readKernel(const float4* data, size_t count, float* out) {
    float max = -1e30f;
    const size_t stride = static_cast<size_t>(gridDim.x) * kThreads;
    size_t i = static_cast<size_t>(blockIdx.x) * kThreads + threadIdx.x;
    for (; i + 3 * stride < count; i += 4 * stride) {
        const float4 v[4] = {data[i], data[i + stride], data[i + 2 * stride], data[i + 3 * stride]};
        for (const float4& x : v)
            max = fmaxf(max, fmaxf(fmaxf(x.x, x.y), fmaxf(x.z, x.w)));
    }
    for (; i < count; i += stride)
        max = fmaxf(max, fmaxf(fmaxf(data[i].x, data[i].y), fmaxf(data[i].z, data[i].w)));
    __shared__ float shared[kThreads];
    shared[threadIdx.x] = max;
    __syncthreads();
    for (int width = kThreads / 2; width > 0; width /= 2) {
        if (threadIdx.x < width)
            shared[threadIdx.x] = fmaxf(shared[threadIdx.x], shared[threadIdx.x + width]);
        __syncthreads();
    }
    if (threadIdx.x == 0)
        out[blockIdx.x] = shared[0];
}

__global__ void emptyKernel() {}

}  // namespace

void launchRead(const void* data, size_t bytes, float* out) {
    const size_t count = bytes / 16, wanted = (count + kThreads - 1) / kThreads;
    readKernel<<<static_cast<unsigned>(wanted < kReadBlocks ? wanted : kReadBlocks), kThreads>>>(static_cast<const float4*>(data), count, out);
}

void launchEmpty() { emptyKernel<<<1, 1>>>(); }

}  // namespace shortlist::bench
