// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/mobilenet_v2.h"

#include <algorithm>
#include <cmath>

#include "engine/torch/models/config.h"
#include "engine/torch/models/mobile_stages.h"

namespace shortlist::torch_backend {
namespace {

constexpr const char* kStages[] = {"ds_r1_k3_s1_c16",    "ir_r2_k3_s2_e6_c24", "ir_r3_k3_s2_e6_c32", "ir_r4_k3_s2_e6_c64",
                                   "ir_r3_k3_s1_e6_c96", "ir_r3_k3_s2_e6_c160", "ir_r1_k3_s1_e6_c320"};

std::vector<Stage> stages(double depth) {
    std::vector<Stage> all = parseStages(kStages);
    for (size_t i = 1; i + 1 < all.size(); ++i)  // the first and the last keep their depth
        all[i].repeats = static_cast<int>(std::ceil(all[i].repeats * depth));
    return all;
}

std::unique_ptr<Model> fromTransformers(const ModelSource& from) {
    const nlohmann::json& config = from.config;
    configInt(config, "num_channels", 3, 3, 3);
    if (configInt(config, "output_stride", 1, 1024, 32) != 32)
        refuseConfig("The output_stride of config.json is not supported for MobileNetV2; only 32 is.");
    const double width = configNumber(config, "depth_multiplier", 0.01, 16, 1.0);
    const int64_t divisor = configInt(config, "depth_divisible_by", 1, 1024, 8), least = configInt(config, "min_depth", 1, 1024, 8);
    const double expansion = configNumber(config, "expand_ratio", 0.1, 64, 6.0), eps = configNumber(config, "layer_norm_eps", 0, 1, 1e-3);
    const Activation activation = activationNamed(configText(config, "hidden_act", "relu6"));
    const Padding padding = configFlag(config, "tf_padding", true) ? Padding::Tensorflow : Padding::Same;
    const auto rounded = [&](int64_t channels) { return makeDivisible(std::nearbyint(static_cast<double>(channels) * width), divisor, least); };
    const std::string root = "mobilenet_v2.";
    const auto names = [&](const std::string& name) { return ConvNames{root + name + ".convolution", root + name + ".normalization"}; };
    const auto conv = [&](const std::string& name, ConvShape shape) {
        shape.padding = padding;
        return Conv(from.weights, names(name).conv, {names(name).norm, eps}, shape, from.placement, activation);
    };
    auto model = std::make_unique<MobileNet>();
    const int64_t stem = rounded(32);
    model->stem.push_back(conv("conv_stem.first_conv", {3, stem, 3, 2}));
    if (!configFlag(config, "first_layer_is_expansion", true))
        model->stem.push_back(conv("conv_stem.expand_1x1", {stem, stem}));
    const auto specs = expandStages(stages(1), stem, rounded, [&](InvertedResidualSpec& spec, const Stage&, const BlockPlace& place) {
        const std::string name = place.flat == 0 ? "conv_stem" : "layer." + std::to_string(place.flat - 1);
        spec.middle = place.flat == 0 ? spec.in : makeDivisible(std::nearbyint(static_cast<double>(spec.in) * expansion), divisor, least);
        spec.skips = spec.skips && place.flat > 0;
        spec.eps = eps, spec.padding = padding, spec.activation = activation;
        spec.expandNames = names(name + ".expand_1x1");
        spec.depthwiseNames = names(name + ".conv_3x3");
        spec.projectNames = names(name + ".reduce_1x1");
    });
    model->addBlocks(from, specs);
    const int64_t features = configFlag(config, "finegrained_output", true) && width < 1.0 ? 1280 : rounded(1280);
    model->last = conv("conv_1x1", {specs.back().out, features});
    model->head = Head(from.weights, "classifier", features, from.classes, from.placement);
    return model;
}

// Percent of the width and, for the d variants, the depth; timm and torchvision.
std::unique_ptr<Model> fromName(const ModelSource& from) {
    const bool timm = from.architecture.starts_with("mobilenetv2");
    const int percent = timm ? numberAfter(from.architecture, "mobilenetv2_") : 100;
    const bool deep = from.architecture.ends_with("d");
    const double width = percent / 100.0;
    const auto rounded = [&](int64_t channels) { return makeDivisible(static_cast<double>(channels) * width); };
    auto model = std::make_unique<MobileNet>();
    const int64_t stem = deep ? 32 : rounded(32);
    model->stem.emplace_back(from.weights, timm ? "conv_stem" : "features.0.0", BatchNorm{timm ? "bn1" : "features.0.1"}, ConvShape{3, stem, 3, 2},
                             from.placement, Activation::Relu6);
    const auto specs = expandStages(stages(percent == 110 ? 1.2 : percent == 120 ? 1.4 : 1), stem, rounded,
                                    [&](InvertedResidualSpec& spec, const Stage&, const BlockPlace& place) {
        if (timm)
            return nameAsTimm(spec, place);
        const std::string prefix = "features." + std::to_string(place.flat + 1) + ".conv.";
        nameAsTorchvision(spec, prefix);
        const std::string last = spec.expands ? "2" : "1";  // not a pair of its own there
        spec.projectNames = {prefix + last, prefix + (spec.expands ? "3" : "2")};
    });
    model->addBlocks(from, specs);
    const int64_t features = deep ? 1280 : std::max<int64_t>(1280, rounded(1280));
    model->last = Conv(from.weights, timm ? "conv_head" : "features.18.0", BatchNorm{timm ? "bn2" : "features.18.1"},
                       {specs.back().out, features}, from.placement, Activation::Relu6);
    model->head = Head(from.weights, timm ? "classifier" : "classifier.1", features, from.classes, from.placement);
    return model;
}

}  // namespace

bool knowsMobileNetV2(const std::string& architecture) {
    constexpr const char* kNames[] = {"mobilenetv2_035", "mobilenetv2_050", "mobilenetv2_075", "mobilenetv2_100",
                                      "mobilenetv2_140", "mobilenetv2_110d", "mobilenetv2_120d", "mobilenet_v2"};
    return std::find(std::begin(kNames), std::end(kNames), architecture) != std::end(kNames);
}

std::unique_ptr<Model> buildMobileNetV2(const ModelSource& source) { return source.isTransformers() ? fromTransformers(source) : fromName(source); }

}  // namespace shortlist::torch_backend
