// SPDX-License-Identifier: Apache-2.0
#include <cuda_runtime_api.h>

#include <memory>
#include <stdexcept>

#include "tests/selftest/device_runner.h"

namespace shortlist::test {
namespace {

void require(cudaError_t status) {
    if (status != cudaSuccess)
        throw std::runtime_error(std::string("CUDA: ") + cudaGetErrorString(status));
}

// Device memory for the length of a call, optionally filled from the host.
class Buffer {
  public:
    explicit Buffer(size_t bytes, const void* from = nullptr) {
        require(cudaMalloc(&m_pointer, bytes + 1));
        if (from)
            require(cudaMemcpy(m_pointer, from, bytes, cudaMemcpyHostToDevice));
    }
    ~Buffer() { cudaFree(m_pointer); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    void* get() const { return m_pointer; }

  private:
    void* m_pointer = nullptr;
};

const kernels::Stream kStream{kernels::Device::Cuda, nullptr, 1};

void runTopk(const kernels::TopkArgs& host, const kernels::TopkOut& out) {
    kernels::TopkArgs args = host;
    const Buffer logits(static_cast<size_t>(host.rows * host.row_stride) * kernels::sizeOf(host.type), host.logits);
    const Buffer given(static_cast<size_t>(host.given_count) * 4, host.given);
    const size_t bytes = kernels::topkPackedBytes(host.rows, host.k, host.given_count);
    const Buffer packed(bytes);
    args.logits = logits.get();
    args.given = static_cast<const int32_t*>(given.get());
    const size_t workspaceBytes = kernels::topkLogprobsWorkspace(args, kernels::Device::Cuda);
    const Buffer workspace(workspaceBytes);
    require(cudaMemset(workspace.get(), 0, workspaceBytes));
    kernels::topkLogprobs(args, kernels::topkPackedViews(packed.get(), host.rows, host.k, host.given_count), kStream, workspace.get(), workspaceBytes);
    // The bodies hand in one packed buffer, so its first output is where it begins.
    require(cudaMemcpy(out.ids, packed.get(), bytes - (static_cast<size_t>(host.rows) + 3) / 4 * 4 + static_cast<size_t>(host.rows), cudaMemcpyDeviceToHost));
}

void runImage(const kernels::ImageToTensorArgs& host, void* out) {
    kernels::ImageToTensorArgs args = host;
    std::vector<kernels::ImageSource> sources(host.images, host.images + host.count);
    std::vector<std::unique_ptr<Buffer>> pixels;
    for (kernels::ImageSource& source : sources) {
        pixels.push_back(std::make_unique<Buffer>(static_cast<size_t>(source.height * source.row_stride), source.pixels));
        source.pixels = static_cast<const uint8_t*>(pixels.back()->get());
    }
    args.images = sources.data();
    const size_t bytes = static_cast<size_t>(kernels::imageToTensorSize(host)) * kernels::sizeOf(host.type);
    const Buffer result(bytes);
    kernels::imageToTensor(args, result.get(), kStream);
    require(cudaMemcpy(out, result.get(), bytes, cudaMemcpyDeviceToHost));
}

}  // namespace

DeviceRunner cudaRunner() {
    cudaDeviceProp properties;
    require(cudaGetDeviceProperties(&properties, 0));
    return {std::string("cuda (") + properties.name + ")", runTopk, runImage};
}

}  // namespace shortlist::test
