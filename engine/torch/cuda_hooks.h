// SPDX-License-Identifier: Apache-2.0
// What shortlist_torch needs of c10_cuda and torch_cuda, which it does not link: a table that the module shortlist_torch_cuda exports
// when it was opened before. All of it on the inference thread; c10::Error may leave.
#pragma once

#include <cstddef>
#include <cstdint>

namespace shortlist::torch_backend {

// Bytes on the host and where they go in the destination.
struct UploadPart {
    const void* data;
    size_t bytes;
    size_t offset;
};

struct CudaHooks {
    void* (*currentStream)(int device) = nullptr;  // cudaStream_t
    int (*deviceCount)() = nullptr;
    // Copies the parts through pinned memory on a stream of its own, each while the next one is staged; the current stream waits for
    // them. The parts are free to change when it returns.
    void (*upload)(int device, const UploadPart* parts, size_t count, void* destination) = nullptr;
    // Runs `work` some times on a side stream, then records it as a CUDA graph. What it allocates belongs to the graph. Never null.
    void* (*captureGraph)(int device, void (*work)(void* context), void* context) = nullptr;
    void (*replayGraph)(void* graph) = nullptr;  // on the current stream
    void (*destroyGraph)(void* graph) = nullptr;
};

using CudaHooksEntry = CudaHooks (*)();
constexpr const char* kCudaHooksName = "shortlist_torch_cuda_v2";

}  // namespace shortlist::torch_backend
