// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/device.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <dlfcn.h>

#include "engine/error.h"
#include "engine/torch/nn/onednn.h"

namespace shortlist::torch_backend {

using engine::Error;
using engine::ErrorKind;

const CudaHooks& cudaHooks() {
    static const CudaHooks hooks = [] {
        const auto entry = reinterpret_cast<CudaHooksEntry>(dlsym(RTLD_DEFAULT, kCudaHooksName));
        return entry ? entry() : CudaHooks{};
    }();
    return hooks;
}

kernels::DType kernelType(at::ScalarType type) {
    return type == at::kHalf ? kernels::DType::F16 : type == at::kBFloat16 ? kernels::DType::BF16 : kernels::DType::F32;
}

std::string dtypeName(at::ScalarType type) {
    return type == at::kHalf ? "fp16" : type == at::kBFloat16 ? "bf16" : "fp32";
}

Placement placementFor(const std::string& device, const std::string& dtype) {
    Placement placement;
    if (device.starts_with("cuda")) {
        const int index = device.size() > 5 ? std::stoi(device.substr(5)) : 0;
        const int count = cudaHooks().deviceCount ? cudaHooks().deviceCount() : 0;
        if (index >= count)
            throw Error(ErrorKind::Device, "There is no device cuda:" + std::to_string(index) + "; " + std::to_string(count) +
                                               " CUDA devices can be used. Choose --device cpu or a lower number.");
        placement.device = at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
    }
    if (dtype == "bf16")
        placement.dtype = at::kBFloat16;
    else if (dtype == "fp16" || (dtype == "auto" && placement.device.is_cuda()))
        placement.dtype = at::kHalf;
    return placement;
}

Placement usable(Placement placement, std::vector<std::string>& notes) {
    if (!placement.device.is_cpu() || placement.dtype == at::kFloat || (placement.dtype == at::kBFloat16 && onednn::hasBf16()))
        return placement;
    notes.push_back(dtypeName(placement.dtype) + " is slow on this processor: fp32 is used");
    return placement.inFloat();
}

kernels::Stream streamOf(at::Device device) {
    if (!device.is_cuda())
        return {kernels::Device::Cpu, nullptr, at::get_num_threads()};
    return {kernels::Device::Cuda, cudaHooks().currentStream(device.index()), 1};
}

at::Tensor upload(std::vector<kernels::ImageSource>& sources, at::Device device) {
    if (!device.is_cuda())
        return {};
    constexpr size_t kAlignment = 256;
    std::vector<UploadPart> parts;
    size_t total = 0;
    for (const kernels::ImageSource& source : sources) {
        const auto bytes = static_cast<size_t>(source.height * source.row_stride);
        parts.push_back({source.pixels, bytes, total});
        total += (bytes + kAlignment - 1) / kAlignment * kAlignment;
    }
    const at::Tensor block = at::empty({static_cast<int64_t>(total)}, at::TensorOptions().dtype(at::kByte).device(device));
    auto* begin = block.mutable_data_ptr<uint8_t>();
    cudaHooks().upload(device.index(), parts.data(), parts.size(), begin);
    for (size_t i = 0; i < sources.size(); ++i)
        sources[i].pixels = begin + parts[i].offset;
    return block;
}

}  // namespace shortlist::torch_backend
