// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/backend.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/topk.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "engine/torch/device.h"
#include "engine/torch/host_log.h"
#include "engine/torch/model_info.h"
#include "engine/torch/models/config.h"
#include "engine/torch/weights/model_directory.h"

namespace shortlist::torch_backend {
namespace {

using engine::Error;
using engine::ErrorKind;
using Clock = std::chrono::steady_clock;

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

}  // namespace

TorchBackend::TorchBackend(const engine::BackendConfig& config, const ModelDirectory& directory) {
    const c10::InferenceMode inference;
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
    describeModel(m_info, directory, m_placement);
    m_info.family = family.name;
    m_info.sigmoid = configText(directory.config, "problem_type", "") == "multi_label_classification";
    m_info.parameters = weights.parameters();
    m_info.input_width = m_processor->width();
    m_info.input_height = m_processor->height();
    m_info.preprocessing = m_processor->plan();
    m_info.fast_decode = directory.preprocessor.is_object() && directory.preprocessor.value("shortlist_decode", "") == "fast";
}

at::Tensor TorchBackend::prepare(std::span<const engine::PreparedImage> images) {
    std::vector<kernels::ImageSource> sources;
    for (const engine::PreparedImage& image : images)
        sources.push_back(m_processor->place(image));
    const at::Tensor uploaded = upload(sources, m_placement.device);
    kernels::ImageToTensorArgs args = m_processor->args();
    args.images = sources.data();
    args.count = static_cast<int64_t>(sources.size());
    args.type = kernelType(m_placement.dtype);
    const auto make = [&] {  // [b, 3, h, w] channels-last
        const auto options = at::TensorOptions().device(m_placement.device).dtype(m_placement.dtype);
        return at::empty({args.count, args.out_height, args.out_width, 3}, options).permute({0, 3, 1, 2});
    };
    const at::Tensor pixels = m_graphs ? m_graphs->inputFor(args.count, make) : make();
    kernels::imageToTensor(args, pixels.mutable_data_ptr(), streamOf(m_placement.device));
    return pixels;
}

void TorchBackend::select(const at::Tensor& logits, const engine::ScoreOptions& options, engine::ScoreRows& rows) {
    const int64_t syncs = m_selector.syncs(), bytes = m_selector.bytes();
    const Selector::Rows selected = m_selector(logits, options.logprobs ? options.top_k : 1, options.inv_temperature);
    rows.device_syncs = m_selector.syncs() - syncs;
    rows.bytes_copied = m_selector.bytes() - bytes;
    const kernels::TopkOut& out = selected.out;
    rows.k = selected.k;
    rows.ids.assign(out.ids, out.ids + selected.rows * selected.k);
    rows.nonfinite.assign(out.nonfinite, out.nonfinite + selected.rows);
    if (options.logprobs) {
        rows.logprobs.assign(out.logprobs, out.logprobs + selected.rows * selected.k);
        rows.logsumexp.assign(out.logsumexp, out.logsumexp + selected.rows);
        rows.entropy.assign(out.entropy, out.entropy + selected.rows);
    } else {
        constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
        rows.logprobs.assign(rows.ids.size(), kNan);
        rows.logsumexp.assign(static_cast<size_t>(selected.rows), kNan);
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
