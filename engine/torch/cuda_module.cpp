// SPDX-License-Identifier: Apache-2.0
// The module shortlist_torch_cuda: opened globally before shortlist_torch, it brings libtorch_cuda into the process.
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>

#include "engine/torch/cuda_hooks.h"

namespace {

using shortlist::torch_backend::CudaHooks;
using shortlist::torch_backend::UploadPart;

c10::DeviceIndex indexOf(int device) { return static_cast<c10::DeviceIndex>(device); }

void* currentStream(int device) { return c10::cuda::getCurrentCUDAStream(indexOf(device)).stream(); }
int deviceCount() { return c10::cuda::device_count(); }

// Pinned memory and the copy stream of a device, for the life of the process: one inference thread uses them.
struct Staging {
    void* memory = nullptr;
    size_t bytes = 0;
    cudaStream_t stream = nullptr;
    cudaEvent_t done = nullptr;

    void reserve(size_t wanted) {
        if (!stream) {
            C10_CUDA_CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
            C10_CUDA_CHECK(cudaEventCreateWithFlags(&done, cudaEventDisableTiming));
        }
        C10_CUDA_CHECK(cudaEventSynchronize(done));  // the copies before this one may still read the memory
        if (wanted <= bytes)
            return;
        if (memory)
            C10_CUDA_CHECK(cudaFreeHost(memory));
        memory = nullptr, bytes = 0;
        C10_CUDA_CHECK(cudaHostAlloc(&memory, wanted, cudaHostAllocDefault));
        bytes = wanted;
    }
};

void upload(int device, const UploadPart* parts, size_t count, void* destination) {
    static std::map<int, Staging> stagings;
    Staging& staging = stagings[device];
    const c10::cuda::CUDAGuard guard(indexOf(device));
    const c10::cuda::CUDAStream current = c10::cuda::getCurrentCUDAStream(indexOf(device));
    size_t total = 0;
    for (size_t i = 0; i < count; ++i)
        total = std::max(total, parts[i].offset + parts[i].bytes);
    staging.reserve(total);
    // The destination may be memory that earlier work of the current stream still uses.
    C10_CUDA_CHECK(cudaEventRecord(staging.done, current.stream()));
    C10_CUDA_CHECK(cudaStreamWaitEvent(staging.stream, staging.done));
    for (size_t i = 0; i < count; ++i) {
        char* staged = static_cast<char*>(staging.memory) + parts[i].offset;
        std::memcpy(staged, parts[i].data, parts[i].bytes);
        C10_CUDA_CHECK(cudaMemcpyAsync(static_cast<char*>(destination) + parts[i].offset, staged, parts[i].bytes, cudaMemcpyHostToDevice, staging.stream));
    }
    C10_CUDA_CHECK(cudaEventRecord(staging.done, staging.stream));
    C10_CUDA_CHECK(cudaStreamWaitEvent(current.stream(), staging.done));
}

void* captureGraph(int device, void (*work)(void*), void* context) {
    constexpr int kWarmUps = 3;  // libraries choose their algorithms and allocate their workspaces in the first calls
    c10::cuda::getCurrentCUDAStream(indexOf(device)).synchronize();
    const c10::cuda::CUDAStream side = c10::cuda::getStreamFromPool(false, indexOf(device));
    const c10::cuda::CUDAStreamGuard guard(side);
    for (int i = 0; i < kWarmUps; ++i)
        work(context);
    side.synchronize();
    auto graph = std::make_unique<at::cuda::CUDAGraph>();
    graph->capture_begin();
    try {
        work(context);
    } catch (...) {
        try {
            graph->capture_end();  // leaves the stream usable
        } catch (const c10::Error&) {
        }
        throw;
    }
    graph->capture_end();
    return graph.release();
}

void replayGraph(void* graph) { static_cast<at::cuda::CUDAGraph*>(graph)->replay(); }
void destroyGraph(void* graph) { delete static_cast<at::cuda::CUDAGraph*>(graph); }

}  // namespace

extern "C" __attribute__((visibility("default"))) CudaHooks shortlist_torch_cuda_v2() {
    return {currentStream, deviceCount, upload, captureGraph, replayGraph, destroyGraph};
}
