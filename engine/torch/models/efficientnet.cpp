// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/efficientnet.h"

#include <algorithm>
#include <cmath>

#include "engine/torch/models/config.h"
#include "engine/torch/models/mobile_stages.h"

namespace shortlist::torch_backend {
namespace {

constexpr const char* kStages[] = {"ds_r1_k3_s1_e1_c16_se0.25",  "ir_r2_k3_s2_e6_c24_se0.25",  "ir_r2_k5_s2_e6_c40_se0.25", "ir_r3_k3_s2_e6_c80_se0.25",
                                   "ir_r3_k5_s1_e6_c112_se0.25", "ir_r4_k5_s2_e6_c192_se0.25", "ir_r1_k3_s1_e6_c320_se0.25"};
// Width and depth of B0 to B7.
constexpr double kScales[][2] = {{1.0, 1.0}, {1.0, 1.1}, {1.1, 1.2}, {1.2, 1.4}, {1.4, 1.8}, {1.6, 2.2}, {1.8, 2.6}, {2.0, 3.1}};

struct Names {
    ConvNames stem, last;
    std::string head;
};

int variantOf(const std::string& architecture) {
    const size_t at = architecture.starts_with("tf_") ? 3 : 0;
    constexpr std::string_view kPrefix = "efficientnet_b";
    const bool named = architecture.compare(at, kPrefix.size(), kPrefix) == 0 && architecture.size() == at + kPrefix.size() + 1;
    const int variant = named ? architecture.back() - '0' : -1;
    return variant >= 0 && variant <= 7 ? variant : -1;
}

std::vector<Stage> namedStages(double depth) {
    std::vector<Stage> all = parseStages(kStages);
    for (Stage& stage : all)
        stage.repeats = static_cast<int>(std::ceil(stage.repeats * depth));
    return all;
}

std::vector<Stage> configuredStages(const nlohmann::json& config) {
    const auto out = configInts(config, "out_channels", 1, kMaxChannels), kernels = configInts(config, "kernel_sizes", 1, 31);
    const auto strides = configInts(config, "strides", 1, 2), repeats = configInts(config, "num_block_repeats", 1, 64);
    const auto expansions = configInts(config, "expand_ratios", 1, 64);
    const double depth = configNumber(config, "depth_coefficient", 0.1, 16, 1.0);
    std::vector<Stage> all;
    for (const auto* list : {&kernels, &strides, &repeats, &expansions})
        if (list->size() != out.size())
            refuseConfig("In config.json out_channels, kernel_sizes, strides, num_block_repeats and expand_ratios differ in length.");
    for (size_t i = 0; i < out.size(); ++i) {
        Stage stage{expansions[i] != 1, static_cast<int>(std::ceil(static_cast<double>(repeats[i]) * depth)), kernels[i], strides[i]};
        stage.expansion = static_cast<double>(expansions[i]);
        stage.channels = out[i];
        stage.squeeze = configNumber(config, "squeeze_expansion_ratio", 0.001, 1, 0.25);
        all.push_back(stage);
    }
    return all;
}

void nameAsTransformers(InvertedResidualSpec& spec, const BlockPlace& place) {
    const std::string prefix = "efficientnet.encoder.blocks." + std::to_string(place.flat) + ".";
    spec.expandNames = {prefix + "expansion.expand_conv", prefix + "expansion.expand_bn"};
    spec.depthwiseNames = {prefix + "depthwise_conv.depthwise_conv", prefix + "depthwise_conv.depthwise_norm"};
    spec.projectNames = {prefix + "projection.project_conv", prefix + "projection.project_bn"};
    spec.reduceName = prefix + "squeeze_excite.reduce";
    spec.exciteName = prefix + "squeeze_excite.expand";
}

// keras' padding: one pixel less before than after, except in the blocks whose input has an odd side.
Padding transformersPadding(const nlohmann::json& config, const InvertedResidualSpec& spec, int block) {
    const auto even = config.find("depthwise_padding");
    const bool listed = even != config.end() && even->is_array() && std::find(even->begin(), even->end(), block) != even->end();
    return spec.stride == 2 && !listed ? Padding::Uneven : Padding::Same;
}

}  // namespace

bool knowsEfficientNet(const std::string& architecture) { return variantOf(architecture) >= 0; }

std::unique_ptr<Model> buildEfficientNet(const ModelSource& from) {
    const bool transformers = from.isTransformers(), torchvision = !transformers && from.weights.has("features.0.0.weight");
    const int variant = transformers ? 0 : variantOf(from.architecture);
    const bool tensorflow = from.architecture.starts_with("tf_");
    const double width = transformers ? configNumber(from.config, "width_coefficient", 0.01, 16, 1.0) : kScales[variant][0];
    const int64_t divisor = transformers ? configInt(from.config, "depth_divisor", 1, 1024, 8) : 8;
    const double eps = transformers ? configNumber(from.config, "batch_norm_eps", 0, 1, 1e-3) : tensorflow || (torchvision && variant >= 5) ? 1e-3 : 1e-5;
    const Activation activation = activationNamed(transformers ? configText(from.config, "hidden_act", "swish") : "swish");
    const auto rounded = [&](int64_t channels) { return makeDivisible(static_cast<double>(channels) * width, divisor); };
    const Names names = transformers ? Names{{"efficientnet.embeddings.convolution", "efficientnet.embeddings.batchnorm"},
                                             {"efficientnet.encoder.top_conv", "efficientnet.encoder.top_bn"}, "classifier"}
                        : torchvision ? Names{{"features.0.0", "features.0.1"}, {"features.8.0", "features.8.1"}, "classifier.1"}
                                      : Names{{"conv_stem", "bn1"}, {"conv_head", "bn2"}, "classifier"};
    const Padding padding = transformers ? Padding::Uneven : tensorflow ? Padding::Tensorflow : Padding::Same;
    auto model = std::make_unique<MobileNet>();
    const int64_t stem = rounded(32);
    model->stem.emplace_back(from.weights, names.stem.conv, BatchNorm{names.stem.norm, eps}, ConvShape{3, stem, 3, 2, 1, padding}, from.placement, activation);
    const auto specs = expandStages(transformers ? configuredStages(from.config) : namedStages(kScales[variant][1]), stem, rounded,
                                    [&](InvertedResidualSpec& spec, const Stage& stage, const BlockPlace& place) {
        spec.eps = eps, spec.activation = spec.squeezeActivation = activation, spec.gate = Activation::Sigmoid;
        spec.padding = transformers ? transformersPadding(from.config, spec, place.flat) : padding;
        spec.skips = spec.skips && (!transformers || place.inStage > 0);
        if (transformers && stage.expands)
            spec.middle = spec.in * static_cast<int64_t>(stage.expansion);
        spec.squeezed = std::max<int64_t>(1, static_cast<int64_t>(static_cast<double>(spec.in) * stage.squeeze));
        if (transformers)
            nameAsTransformers(spec, place);
        else if (torchvision)
            nameAsTorchvision(spec, "features." + std::to_string(place.stage + 1) + "." + std::to_string(place.inStage) + ".block.");
        else
            nameAsTimm(spec, place);
    });
    model->addBlocks(from, specs);
    const int64_t features = transformers ? configInt(from.config, "hidden_dim", 1, kMaxChannels, rounded(1280)) : rounded(1280);
    model->last = Conv(from.weights, names.last.conv, BatchNorm{names.last.norm, eps}, {specs.back().out, features}, from.placement, activation);
    model->head = Head(from.weights, names.head, features, from.classes, from.placement);
    return model;
}

}  // namespace shortlist::torch_backend
