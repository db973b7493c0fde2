// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/backend.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/topk.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "engine/torch/cuda_hooks.h"
#include "engine/torch/host_log.h"
#include "engine/torch/models/config.h"
#include "engine/torch/nn/cpu_memory.h"
#include "engine/torch/nn/onednn.h"
#include "engine/torch/weights/model_directory.h"

namespace shortlist::torch_backend {
namespace {

using engine::Error;
using engine::ErrorKind;
using Clock = std::chrono::steady_clock;

constexpr size_t kKeptMemory = 256u << 20;  // activations of a batch that lasts a quarter of a second

double millisecondsSince(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

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

int64_t classCount(const std::vector<std::string>& labels, const nlohmann::json& config) {
    if (configText(config, "problem_type", "") == "regression")
        throw Error(ErrorKind::Model, "The model answers with numbers, not classes (problem_type \"regression\" of config.json): there is nothing to rank.");
    if (labels.size() < 2)
        throw Error(ErrorKind::Model, "The model has fewer than two classes: there is nothing to rank.");
    return static_cast<int64_t>(labels.size());
}

// The classes stand for themselves: logprob = log(sigmoid(s)) with the scaled logit s = logprob + logsumexp. The order stays.
void toSigmoid(engine::ScoreRows& rows) {
    const auto k = static_cast<size_t>(rows.k);
    for (size_t i = 0; i < rows.logprobs.size(); ++i) {
        const double s = static_cast<double>(rows.logprobs[i]) + rows.logsumexp[i / k];
        rows.logprobs[i] = static_cast<float>(std::min(s, 0.0) - std::log1p(std::exp(-std::fabs(s))));
    }
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    std::fill(rows.logsumexp.begin(), rows.logsumexp.end(), kNan);
    std::fill(rows.entropy.begin(), rows.entropy.end(), kNan);
}

std::string architectureName(const nlohmann::json& config) {
    const auto list = config.find("architectures");
    if (list != config.end() && list->is_array() && !list->empty() && list->front().is_string())
        return list->front();
    return configText(config, "architecture", "");
}

// The nearest number type that this machine computes in.
Placement usable(Placement placement, std::vector<std::string>& notes) {
    if (!placement.device.is_cpu() || placement.dtype == at::kFloat || (placement.dtype == at::kBFloat16 && onednn::hasBf16()))
        return placement;
    notes.push_back(dtypeName(placement.dtype) + " is slow on this processor: fp32 is used");
    return placement.inFloat();
}

}  // namespace

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

TorchBackend::TorchBackend(const engine::BackendConfig& config) {
    if (config.threads > 0)
        at::set_num_threads(config.threads);
    keepFreedMemory(kKeptMemory);
    const c10::InferenceMode inference;
    const ModelDirectory directory = readModelDirectory(config.model_directory);
    m_placement = usable(placementFor(config.device, config.dtype), m_info.notes);
    const ModelFamily& family = findFamily(directory.config);
    m_info.labels = readLabels(directory.config);
    m_processor = std::make_unique<ImageProcessor>(directory.preprocessor, directory.config, m_info.notes);
    Weights weights(directory.weight_files, "timm_model.");
    const ModelSource source{directory.config, architectureOf(directory.config), classCount(m_info.labels, directory.config), m_processor->height(), m_processor->width(), weights, m_placement};
    family.build(source);
    weights.finishChecking();
    m_model = family.build(source);
    if (m_placement.device.is_cuda() && !std::getenv("SHORTLIST_NO_CUDA_GRAPHS"))
        m_graphs = std::make_unique<GraphCache>(cudaHooks(), m_placement.device.index(), [this](const at::Tensor& images) { return m_model->logits(images); },
                                                [](const std::string& reason) { logWarning("CUDA graphs are not used: " + reason); });
    describe(directory, family, weights);
}

void TorchBackend::describe(const ModelDirectory& directory, const ModelFamily& family, const Weights& weights) {
    m_info.name = directory.name;
    m_info.directory = directory.path;
    m_info.family = family.name;
    m_info.architecture = architectureName(directory.config);
    m_info.licence = directory.licence;
    m_info.sigmoid = configText(directory.config, "problem_type", "") == "multi_label_classification";
    m_info.dtype = dtypeName(m_placement.dtype);
    m_info.device = m_placement.device.str();
    m_info.backend = m_placement.device.is_cuda() ? "torch-cuda" : "torch-cpu";
    m_info.weight_files = directory.weight_files;
    m_info.parameters = weights.parameters();
    m_info.input_width = m_processor->width();
    m_info.input_height = m_processor->height();
    m_info.temperature = directory.temperature;
    m_info.preprocessing = m_processor->plan();
    m_info.fast_decode = directory.preprocessor.is_object() && directory.preprocessor.value("shortlist_decode", "") == "fast";
}

kernels::Stream TorchBackend::stream() const {
    if (!m_placement.device.is_cuda())
        return {kernels::Device::Cpu, nullptr, at::get_num_threads()};
    return {kernels::Device::Cuda, cudaHooks().currentStream(m_placement.device.index()), 1};
}

// Copies the pixels to the device in one block and points the sources there; the returned tensor keeps them alive.
at::Tensor TorchBackend::upload(std::vector<kernels::ImageSource>& sources) const {
    constexpr size_t kAlignment = 256;
    std::vector<UploadPart> parts;
    size_t total = 0;
    for (const kernels::ImageSource& source : sources) {
        const auto bytes = static_cast<size_t>(source.height * source.row_stride);
        parts.push_back({source.pixels, bytes, total});
        total += (bytes + kAlignment - 1) / kAlignment * kAlignment;
    }
    const at::Tensor block = at::empty({static_cast<int64_t>(total)}, at::TensorOptions().dtype(at::kByte).device(m_placement.device));
    auto* begin = block.mutable_data_ptr<uint8_t>();
    cudaHooks().upload(m_placement.device.index(), parts.data(), parts.size(), begin);
    for (size_t i = 0; i < sources.size(); ++i)
        sources[i].pixels = begin + parts[i].offset;
    return block;
}

at::Tensor TorchBackend::prepare(std::span<const engine::PreparedImage> images) {
    std::vector<kernels::ImageSource> sources;
    for (const engine::PreparedImage& image : images)
        sources.push_back(m_processor->place(image));
    const at::Tensor uploaded = m_placement.device.is_cuda() ? upload(sources) : at::Tensor();
    kernels::ImageToTensorArgs args = m_processor->args();
    args.images = sources.data();
    args.count = static_cast<int64_t>(sources.size());
    args.type = kernelType(m_placement.dtype);
    const auto make = [&] {  // [b, 3, h, w] channels-last
        const auto options = at::TensorOptions().device(m_placement.device).dtype(m_placement.dtype);
        return at::empty({args.count, args.out_height, args.out_width, 3}, options).permute({0, 3, 1, 2});
    };
    const at::Tensor pixels = m_graphs ? m_graphs->inputFor(args.count, make) : make();
    kernels::imageToTensor(args, pixels.mutable_data_ptr(), stream());
    return pixels;
}

// All outputs lie in one buffer: on CUDA one copy brings them to the host, and that copy is the batch's only wait.
void TorchBackend::select(const at::Tensor& logits, const engine::ScoreOptions& options, engine::ScoreRows& rows) {
    kernels::TopkArgs args;
    args.logits = logits.const_data_ptr();
    args.type = kernelType(logits.scalar_type());
    args.rows = logits.size(0);
    args.n = logits.size(1);
    args.row_stride = logits.stride(0);
    args.k = options.logprobs ? static_cast<int>(std::min<int64_t>(std::clamp(options.top_k, 1, kernels::kMaxTopk), args.n)) : 1;
    args.inv_temperature = options.inv_temperature;
    const auto bytes = static_cast<int64_t>(kernels::topkPackedBytes(args.rows, args.k, 0));
    const auto byteOptions = at::TensorOptions().dtype(at::kByte).device(m_placement.device);
    const at::Tensor packed = at::empty({bytes}, byteOptions);
    const auto workspaceBytes = kernels::topkLogprobsWorkspace(args, stream().device);
    if (static_cast<int64_t>(workspaceBytes) > (m_workspace.defined() ? m_workspace.numel() : 0))
        m_workspace = at::zeros({static_cast<int64_t>(workspaceBytes)}, byteOptions);
    kernels::topkLogprobs(args, kernels::topkPackedViews(packed.mutable_data_ptr(), args.rows, args.k, 0), stream(),
                          workspaceBytes ? m_workspace.mutable_data_ptr() : nullptr, workspaceBytes);
    const at::Tensor host = packed.cpu();
    rows.device_syncs = m_placement.device.is_cuda() ? 1 : 0;
    const kernels::TopkOut out = kernels::topkPackedViews(host.mutable_data_ptr(), args.rows, args.k, 0);
    rows.k = args.k;
    rows.ids.assign(out.ids, out.ids + args.rows * args.k);
    rows.nonfinite.assign(out.nonfinite, out.nonfinite + args.rows);
    if (options.logprobs) {
        rows.logprobs.assign(out.logprobs, out.logprobs + args.rows * args.k);
        rows.logsumexp.assign(out.logsumexp, out.logsumexp + args.rows);
        rows.entropy.assign(out.entropy, out.entropy + args.rows);
    } else {
        constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
        rows.logprobs.assign(rows.ids.size(), kNan);
        rows.logsumexp.assign(static_cast<size_t>(args.rows), kNan);
        rows.entropy = rows.logsumexp;
    }
    if (m_info.sigmoid && options.logprobs)
        toSigmoid(rows);
}

// What a framework does by itself: a softmax over everything, a sort, and copies that each wait for the device.
void TorchBackend::selectEagerly(const at::Tensor& logits, const engine::ScoreOptions& options, engine::ScoreRows& rows) {
    const int64_t k = std::min<int64_t>(options.top_k, logits.size(1));
    const auto [values, ids] = at::topk(at::log_softmax(logits * options.inv_temperature, 1), k, 1);
    const at::Tensor hostValues = values.cpu().contiguous(), hostIds = ids.to(at::kInt).cpu().contiguous();
    rows.device_syncs = m_placement.device.is_cuda() ? 2 : 0;
    rows.k = static_cast<int>(k);
    rows.ids.assign(hostIds.const_data_ptr<int32_t>(), hostIds.const_data_ptr<int32_t>() + hostIds.numel());
    rows.logprobs.assign(hostValues.const_data_ptr<float>(), hostValues.const_data_ptr<float>() + hostValues.numel());
    rows.logsumexp.assign(static_cast<size_t>(logits.size(0)), std::numeric_limits<float>::quiet_NaN());
    rows.entropy = rows.logsumexp;
    rows.nonfinite.assign(static_cast<size_t>(logits.size(0)), 0);
}

engine::ScoreRows TorchBackend::classify(std::span<const engine::PreparedImage> images, const engine::ScoreOptions& options,
                                         std::stop_token) {
    const c10::InferenceMode inference;
    engine::ScoreRows rows;
    const auto begin = Clock::now();
    const at::Tensor input = prepare(images);
    rows.preprocess_ms = millisecondsSince(begin);
    const auto prepared = Clock::now();
    const at::Tensor logits = (m_graphs ? m_graphs->run(input) : m_model->logits(input)).contiguous();  // [b, classes]
    rows.model_ms = millisecondsSince(prepared);
    const auto scored = Clock::now();
    options.eager ? selectEagerly(logits, options, rows) : select(logits, options, rows);
    rows.topk_ms = millisecondsSince(scored);
    return rows;
}

}  // namespace shortlist::torch_backend
