// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace shortlist::kernels {

enum class DType : uint8_t { F32, F16, BF16 };
enum class Device : uint8_t { Cpu, Cuda };

constexpr size_t sizeOf(DType type) { return type == DType::F32 ? 4 : 2; }

// Where a kernel runs. `handle` is the cudaStream_t for CUDA and unused on the CPU; `threads` is the most
// CPU threads a call may use. All pointers of a call belong to this device.
struct Stream {
    Device device = Device::Cpu;
    void* handle = nullptr;
    int threads = 1;
};

}  // namespace shortlist::kernels
