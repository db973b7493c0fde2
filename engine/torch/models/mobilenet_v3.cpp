// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/mobilenet_v3.h"

#include <algorithm>

#include "engine/torch/models/config.h"
#include "engine/torch/models/mobile_stages.h"

namespace shortlist::torch_backend {
namespace {

// A stage's number and its part, in timm's notation.
struct Part {
    int stage;
    const char* text;
};

constexpr Part kLarge[] = {{0, "ds_r1_k3_s1_e1_c16_nre"},        {1, "ir_r1_k3_s2_e4_c24_nre"}, {1, "ir_r1_k3_s1_e3_c24_nre"},
                           {2, "ir_r3_k5_s2_e3_c40_se0.25_nre"}, {3, "ir_r1_k3_s2_e6_c80"},     {3, "ir_r1_k3_s1_e2.5_c80"},
                           {3, "ir_r2_k3_s1_e2.3_c80"},          {4, "ir_r2_k3_s1_e6_c112_se0.25"}, {5, "ir_r3_k5_s2_e6_c160_se0.25"}};
constexpr Part kSmall[] = {{0, "ds_r1_k3_s2_e1_c16_se0.25_nre"}, {1, "ir_r1_k3_s2_e4.5_c24_nre"},   {1, "ir_r1_k3_s1_e3.67_c24_nre"},
                           {2, "ir_r1_k5_s2_e4_c40_se0.25"},     {2, "ir_r2_k5_s1_e6_c40_se0.25"}, {3, "ir_r2_k5_s1_e3_c48_se0.25"},
                           {4, "ir_r3_k5_s2_e6_c96_se0.25"}};

template <size_t N>
std::vector<Stage> parsed(const Part (&parts)[N]) {
    std::vector<Stage> stages;
    for (const Part& part : parts) {
        Stage stage = Stage::parse(part.text);
        stage.number = part.stage;
        if (!stages.empty() && stages.back().number == part.stage)
            stage.offset = stages.back().offset + stages.back().repeats;
        stages.push_back(stage);
    }
    return stages;
}

}  // namespace

bool knowsMobileNetV3(const std::string& architecture) {
    constexpr const char* kNames[] = {"mobilenetv3_large_075",    "mobilenetv3_large_100",    "mobilenetv3_small_050",
                                      "mobilenetv3_small_075",    "mobilenetv3_small_100",    "tf_mobilenetv3_large_075",
                                      "tf_mobilenetv3_large_100", "tf_mobilenetv3_small_075", "tf_mobilenetv3_small_100",
                                      "mobilenet_v3_large",       "mobilenet_v3_small"};
    return std::find(std::begin(kNames), std::end(kNames), architecture) != std::end(kNames);
}

std::unique_ptr<Model> buildMobileNetV3(const ModelSource& from) {
    const std::string& name = from.architecture;
    const bool timm = name.find("mobilenetv3") != std::string::npos, large = name.find("large") != std::string::npos;
    const bool tensorflow = name.starts_with("tf_");
    const double width = timm ? numberAfter(name.substr(name.rfind('_')), "_") / 100.0 : 1.0;
    const double eps = tensorflow || !timm ? 1e-3 : 1e-5;
    const Padding padding = tensorflow ? Padding::Tensorflow : Padding::Same;
    const auto rounded = [&](int64_t channels) { return makeDivisible(static_cast<double>(channels) * width); };
    const int64_t stem = width < 0.75 ? 16 : rounded(16);
    auto model = std::make_unique<MobileNet>();
    model->stem.emplace_back(from.weights, timm ? "conv_stem" : "features.0.0", BatchNorm{timm ? "bn1" : "features.0.1", eps},
                             ConvShape{3, stem, 3, 2, 1, padding}, from.placement, Activation::HardSwish);
    const auto specs = expandStages(large ? parsed(kLarge) : parsed(kSmall), stem, rounded,
                                    [&](InvertedResidualSpec& spec, const Stage& stage, const BlockPlace& place) {
        spec.eps = eps, spec.padding = padding;
        spec.activation = stage.relu ? Activation::Relu : Activation::HardSwish;
        spec.squeezed = stage.squeeze > 0 ? makeDivisible(static_cast<double>(spec.middle) * stage.squeeze) : 0;
        timm ? nameAsTimm(spec, place) : nameAsTorchvision(spec, "features." + std::to_string(place.flat + 1) + ".block.");
    });
    model->addBlocks(from, specs);
    const int64_t in = specs.back().out, features = rounded(large ? 960 : 576), hidden = large ? 1280 : 1024;
    const std::string last = timm ? (large ? "blocks.6.0." : "blocks.5.0.") : "features." + std::to_string(specs.size() + 1) + ".";
    model->last = Conv(from.weights, last + (timm ? "conv" : "0"), BatchNorm{last + (timm ? "bn1" : "1"), eps}, {in, features}, from.placement, Activation::HardSwish);
    const std::string middle = timm ? "conv_head" : "classifier.0";
    const std::vector<int64_t> shape = timm ? std::vector<int64_t>{hidden, features, 1, 1} : std::vector<int64_t>{hidden, features};
    model->hidden = Linear(from.weights.take(middle + ".weight", shape).view({hidden, features}), from.weights.take(middle + ".bias", {hidden}),
                           from.placement, Activation::HardSwish);
    model->head = Head(from.weights, timm ? "classifier" : "classifier.3", hidden, from.classes, from.placement);
    return model;
}

}  // namespace shortlist::torch_backend
