// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_cuda.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/zeros.h>
#include <cuda_runtime_api.h>
#include <dlfcn.h>

#include <filesystem>

#include "tests/bench/bench_cuda_loops.h"

namespace shortlist::bench {
namespace {

void require(cudaError_t status) {
    if (status != cudaSuccess)
        throw std::runtime_error(std::string("CUDA: ") + cudaGetErrorString(status));
}

}  // namespace

void openCuda() {
    cudaDeviceProp properties;
    require(cudaGetDeviceProperties(&properties, 0));
    const auto module = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "lib" / "libshortlist_torch_cuda.so";
    if (!dlopen(module.c_str(), RTLD_NOW | RTLD_GLOBAL))
        throw std::runtime_error(dlerror());
    std::printf("%s, %d multiprocessors\n", properties.name, properties.multiProcessorCount);
}

nlohmann::ordered_json runCudaCase(const Case& c, bool quick) {
    Data data(c);
    const int64_t sets = data.sets();
    const auto bytes = static_cast<int64_t>(data.setBytes());
    const auto options = at::TensorOptions().device(at::kCUDA).dtype(at::kByte);
    const at::Tensor logits = at::empty({sets * bytes + 64}, options);
    require(cudaMemcpy(logits.mutable_data_ptr(), data.set(0), static_cast<size_t>(sets * bytes), cudaMemcpyHostToDevice));
    const auto set = [&](int64_t call) { return static_cast<char*>(logits.mutable_data_ptr()) + call % sets * bytes; };

    kernels::TopkArgs args{nullptr, c.type, c.rows, c.n, c.n, c.k, 1.0f, nullptr, 0};
    const size_t workspaceBytes = kernels::topkLogprobsWorkspace(args, kernels::Device::Cuda), packedBytes = kernels::topkPackedBytes(c.rows, c.k, 0);
    const at::Tensor workspace = at::zeros({static_cast<int64_t>(workspaceBytes)}, options), packed = at::empty({static_cast<int64_t>(packedBytes)}, options);
    const auto run = [&](int64_t call) {
        args.logits = set(call);
        kernels::topkLogprobs(args, kernels::topkPackedViews(packed.mutable_data_ptr(), c.rows, c.k, 0), {kernels::Device::Cuda, nullptr, 1},
                              workspace.mutable_data_ptr(), workspaceBytes);
    };
    run(0);
    std::vector<uint8_t> host(packedBytes);
    require(cudaMemcpy(host.data(), packed.const_data_ptr(), packedBytes, cudaMemcpyDeviceToHost));
    verify(c, data, kernels::topkPackedViews(host.data(), c.rows, c.k, 0));

    const at::Tensor maxima = at::empty({kReadBlocks * 4}, options);
    const auto read = [&](int64_t call) { launchRead(set(call), static_cast<size_t>(bytes) / 16 * 16, static_cast<float*>(maxima.mutable_data_ptr())); };
    const auto wait = [] { require(cudaDeviceSynchronize()); };
    Side mine{run, {}, wait};
    Side torch{[&](int64_t call) {
                   const auto x = at::from_blob(set(call), {c.rows, c.n}, options.dtype(torchType(c.type)));
                   at::log_softmax(x.to(at::kFloat), -1).topk(c.k);
               }, {}, wait};
    Side reading{read, {}, wait};
    Side floor{[&](int64_t call) { launchEmpty(), read(call); }, {}, wait};
    measureInterleaved({&mine, &torch, &reading, &floor}, quick ? 3 : 10, quick ? 500 : 3000);
    return report(c, mine.timing(), torch.timing(), reading.timing(), "launch+read", floor.timing());
}

}  // namespace shortlist::bench
