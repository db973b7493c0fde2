// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/vlm/vlm_backend.h"

#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>

#include "engine/torch/device.h"
#include "engine/torch/host_log.h"
#include "engine/torch/model_info.h"
#include "engine/torch/models/config.h"
#include "engine/torch/nn/onednn.h"

namespace shortlist::torch_backend {
namespace {

using engine::Error;
using engine::ErrorKind;
using engine::Task;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr size_t kListedLabels = 64;        // more are not named in the default prompt
constexpr int64_t kMaxPixels = int64_t{1} << 26;

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string promptOf(const Task& task, const std::vector<std::string>& names) {
    constexpr const char* kPlaceholder = "{labels}";
    std::string prompt = task.prompt;
    if (prompt.empty())
        prompt = task.mode == Task::Mode::Answer     ? "What is in this image?"
                 : names.size() <= kListedLabels ? "What is the main subject of this image? Answer with one of: {labels}."
                                                 : "What is the main subject of this image? Answer with its name only.";
    for (size_t at = prompt.find(kPlaceholder); at != std::string::npos; at = prompt.find(kPlaceholder, at)) {
        const std::string list = joined(names);
        prompt.replace(at, std::string_view(kPlaceholder).size(), list);
        at += list.size();
    }
    return prompt;
}

// The file's own number type where the processor multiplies it, unless another one was asked for.
std::string chosenType(const std::string& asked, const Qwen2VlConfig& config, bool cuda) {
    if (asked != "auto")
        return asked;
    if (config.dtype == "float16")
        return cuda ? "fp16" : "fp32";
    return config.dtype == "bfloat16" && (cuda || onednn::hasBf16()) ? "bf16" : "fp32";
}

void checkTask(const Task& task) {
    const auto refuse = [](const std::string& sentence) { throw Error(ErrorKind::Usage, sentence); };
    if (task.max_tokens < 1 || task.max_tokens > 4096)
        refuse("The number of tokens of an answer must be from 1 to 4096.");
    if (!(task.sample_temperature >= 0 && task.sample_temperature <= 100) || !(task.top_p > 0 && task.top_p <= 1))
        refuse("The sampling temperature must be from 0 to 100, and top-p above 0 and at most 1.");
    if (task.min_pixels < 0 || task.max_pixels < 0 || task.min_pixels > kMaxPixels || task.max_pixels > kMaxPixels)
        refuse("The pixel limits must be from 1 to " + std::to_string(kMaxPixels) + ".");
}

void note(std::vector<std::string>& notes, const std::string& text) {
    if (std::find(notes.begin(), notes.end(), text) == notes.end())
        notes.push_back(text);
}

}  // namespace

VlmBackend::VlmBackend(const engine::BackendConfig& config, ModelDirectory directory) : m_directory(std::move(directory)) {
    const c10::InferenceMode inference;
    const Qwen2VlConfig shape = Qwen2VlConfig::read(m_directory.config);
    m_tokenizer = std::make_unique<Tokenizer>(m_directory.path);
    m_chat = std::make_unique<Chat>(m_directory.path, *m_tokenizer, m_info.record_notes);
    readProcessor(m_directory.preprocessor);
    m_patches.patch = static_cast<int32_t>(shape.vision.patch);
    m_patches.merge = static_cast<int32_t>(shape.vision.merge);
    m_patches.frames = static_cast<int32_t>(shape.vision.frames);
    build(usable(placementFor(config.device, chosenType(config.dtype, shape, config.device.starts_with("cuda"))), m_info.notes));
    try {
        setTask(config.task);
    } catch (const Error& error) {
        if (!config.task_optional)
            throw;
        setTask({});
        m_info.notes.push_back(error.what());
    }
}

void VlmBackend::build(Placement placement) {
    Weights weights(m_directory.weight_files);
    m_model = nullptr;
    { const Qwen2Vl checked(m_directory.config, weights, placement); }
    weights.finishChecking();
    m_model = std::make_unique<Qwen2Vl>(m_directory.config, weights, placement);
    m_placement = placement;
    describeModel(m_info, m_directory, placement);
    m_info.family = "qwen2_vl";
    m_info.parameters = weights.parameters();
    m_info.vision_language = true;
}

// transformers' Qwen2VLImageProcessor: min_pixels and max_pixels, in newer files size.shortest_edge and longest_edge.
void VlmBackend::readProcessor(const json& preprocessor) {
    const json config = preprocessor.is_object() ? preprocessor : json::object();
    const json size = config.value("size", json::object());
    m_fileLimits.least = configInt(size, "shortest_edge", 1, kMaxPixels, m_fileLimits.least);
    m_fileLimits.least = configInt(config, "min_pixels", 1, kMaxPixels, m_fileLimits.least);
    const int64_t most = configInt(config, "max_pixels", 1, kMaxPixels, configInt(size, "longest_edge", 1, kMaxPixels, m_fileLimits.most));
    m_fileLimits.most = std::min(m_fileLimits.most, most);
    for (const char* key : {"do_resize", "do_rescale", "do_normalize"})
        if (!configFlag(config, key, true))
            refuseConfig(std::string("The value of ") + key + " in preprocessor_config.json is not supported: true is.");
    constexpr float kMean[3] = {0.48145466f, 0.4578275f, 0.40821073f}, kStd[3] = {0.26862954f, 0.26130258f, 0.27577711f};  // CLIP's
    std::copy_n(kMean, 3, m_patches.mean);
    std::copy_n(kStd, 3, m_patches.std);
    readTriple(config, "image_mean", m_patches.mean);
    readTriple(config, "image_std", m_patches.std);
    m_patches.layout = kernels::Layout::Patches;
    m_patches.filter = kernels::Filter::Bicubic;
    std::copy_n(m_patches.mean, 3, m_info.preprocessing.mean);
    std::copy_n(m_patches.std, 3, m_info.preprocessing.std);
    m_info.preprocessing.filter = "bicubic";
    m_info.preprocessing.resize = engine::Preprocessing::Resize::None;
}

PixelLimits VlmBackend::limitsOf(const Task& task) const {
    const PixelLimits limits{task.min_pixels > 0 ? task.min_pixels : m_fileLimits.least, task.max_pixels > 0 ? task.max_pixels : m_fileLimits.most};
    const int64_t square = static_cast<int64_t>(m_patches.patch) * m_patches.merge * m_patches.patch * m_patches.merge;
    if (limits.most < square || limits.least > limits.most)
        throw Error(ErrorKind::Usage, "The pixel limits do not fit: the largest image must have at least " + std::to_string(std::max(square, limits.least)) + " pixels, not " + std::to_string(limits.most) + ".");
    return limits;
}

void VlmBackend::checkLength(const Task& task, const Chat::Prompt& prompt, int64_t answer, PixelLimits limits) const {
    const int64_t text = static_cast<int64_t>(prompt.before.size() + prompt.after.size());
    const int64_t side = static_cast<int64_t>(m_patches.patch) * m_patches.merge, image = limits.most / (side * side) + 1;
    const int64_t context = m_model->config().text.context;
    if (text + image + answer > context)
        throw Error(ErrorKind::Usage, "The prompt has " + std::to_string(text) + " tokens, an image up to " + std::to_string(image) + " and the answer up to " + std::to_string(answer) +
                                          ": more than the model's context of " + std::to_string(context) + ". Shorten the prompt or lower the pixel limit.");
}

void VlmBackend::setTask(const Task& task) {
    checkTask(task);
    const PixelLimits limits = limitsOf(task);
    std::unique_ptr<ClosedSet> labels;
    if (task.mode == Task::Mode::Classify && !task.labels.empty())
        labels = std::make_unique<ClosedSet>(engine::parseLabels(task.labels), *m_chat, task.search);
    const std::vector<std::string> names = labels ? labels->names() : std::vector<std::string>();
    const std::string text = promptOf(task, names);
    Chat::Prompt prompt = m_chat->render(text);
    checkLength(task, prompt, labels ? labels->longest() : task.max_tokens, limits);
    m_task = task;
    m_limits = limits;
    m_labels = std::move(labels);
    m_prompt = std::move(prompt);
    m_info.labels = names;
    m_info.prompt = text;
    m_info.answers = task.mode == Task::Mode::Answer;
    m_info.min_pixels = limits.least, m_info.max_pixels = limits.most;
}

// Every patch of all images: [sum of rows * columns, values of a patch].
at::Tensor VlmBackend::prepare(std::span<const engine::PreparedImage> images, std::vector<PatchGrid>& grids) const {
    std::vector<kernels::ImageSource> sources;
    int64_t patches = 0;
    for (const engine::PreparedImage& image : images) {
        const ImageSize size = smartResize(image.full_width, image.full_height, m_patches.patch * m_patches.merge, m_limits);
        sources.push_back({image.pixels, image.width, image.height, image.row_stride, size.width, size.height, 0, 0});
        grids.push_back({size.height / m_patches.patch, size.width / m_patches.patch});
        patches += grids.back().rows * grids.back().columns;
    }
    const at::Tensor uploaded = upload(sources, m_placement.device);
    kernels::ImageToTensorArgs args = m_patches;
    args.images = sources.data();
    args.count = static_cast<int64_t>(sources.size());
    args.type = kernelType(m_placement.dtype);
    const at::Tensor out = at::empty({patches, m_model->config().vision.patchValues()}, at::TensorOptions().device(m_placement.device).dtype(m_placement.dtype));
    kernels::imageToTensor(args, out.mutable_data_ptr(), streamOf(m_placement.device));
    return out;
}

engine::ScoreRows VlmBackend::scoreOnce(std::span<const engine::PreparedImage> images, const engine::ScoreOptions& options, const std::stop_token& stop) {
    engine::ScoreRows rows;
    const int64_t syncs = m_selector.syncs(), bytes = m_selector.bytes();
    const double selecting = m_selector.milliseconds();
    const auto begin = Clock::now();
    std::vector<PatchGrid> grids;
    const at::Tensor patches = prepare(images, grids);
    rows.preprocess_ms = millisecondsSince(begin);
    const auto prepared = Clock::now();
    const int64_t reserve = m_labels ? static_cast<int64_t>(LabelSearch::kChunk) : m_task.max_tokens;
    Qwen2Vl::Prefilled prefilled = m_model->prefill(patches, grids, m_prompt.before, m_prompt.after, reserve, stop);
    rows.prefill_ms = millisecondsSince(prepared);
    if (m_labels)
        m_labels->score(m_model->decoder(), m_selector, prefilled, options, rows, stop);
    else
        AnswerWriter(*m_tokenizer, *m_chat, m_task).write(m_model->decoder(), m_selector, prefilled, options, rows, stop);
    rows.topk_ms = m_selector.milliseconds() - selecting;
    rows.model_ms = millisecondsSince(prepared) - rows.topk_ms;
    rows.device_syncs = m_selector.syncs() - syncs;
    rows.bytes_copied = m_selector.bytes() - bytes;
    return rows;
}

engine::ScoreRows VlmBackend::classify(std::span<const engine::PreparedImage> images, const engine::ScoreOptions& options, std::stop_token stop) {
    const c10::InferenceMode inference;
    if (m_task.mode == Task::Mode::Classify && !m_labels)
        throw Error(ErrorKind::Usage, "The model " + m_info.name + " needs labels to choose from: give some with --labels, or let it answer freely with --mode answer.");
    engine::ScoreRows rows = scoreOnce(images, options, stop);
    const bool overflowed = m_placement.dtype == at::kHalf && std::find(rows.nonfinite.begin(), rows.nonfinite.end(), 1) != rows.nonfinite.end();
    if (!overflowed)
        return rows;
    Placement wider = m_placement;
    wider.dtype = m_placement.device.is_cuda() ? at::kBFloat16 : at::kFloat;
    build(wider);
    note(m_info.notes, "fp16 overflowed: " + m_info.dtype + " is used");
    note(m_info.record_notes, "fp16 overflowed: " + m_info.dtype + " is used");
    logWarning("fp16 overflowed in " + m_info.name + ": " + m_info.dtype + " is used");
    return scoreOnce(images, options, stop);
}

}  // namespace shortlist::torch_backend
