// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/mobile_stages.h"

#include <ATen/ops/mean.h>

#include <algorithm>
#include <charconv>

namespace shortlist::torch_backend {
namespace {

double numberOf(std::string_view text) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

int64_t makeDivisible(double channels, int64_t divisor, int64_t least) {
    const auto rounded = static_cast<int64_t>(channels + static_cast<double>(divisor) / 2) / divisor * divisor;
    const int64_t made = std::max(least > 0 ? least : divisor, rounded);
    return static_cast<double>(made) < 0.9 * channels ? made + divisor : made;
}

Stage Stage::parse(std::string_view text) {
    Stage stage;
    stage.expands = text.starts_with("ir");
    while (!text.empty()) {
        const size_t end = std::min(text.find('_'), text.size());
        const std::string_view part = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (part == "nre")
            stage.relu = true;
        else if (part.starts_with("se"))
            stage.squeeze = numberOf(part.substr(2));
        else if (part.starts_with("r"))
            stage.repeats = static_cast<int>(numberOf(part.substr(1)));
        else if (part.starts_with("k"))
            stage.kernel = static_cast<int64_t>(numberOf(part.substr(1)));
        else if (part.starts_with("s"))
            stage.stride = static_cast<int64_t>(numberOf(part.substr(1)));
        else if (part.starts_with("e"))
            stage.expansion = numberOf(part.substr(1));
        else if (part.starts_with("c"))
            stage.channels = static_cast<int64_t>(numberOf(part.substr(1)));
    }
    return stage;
}

std::vector<Stage> parseStages(std::span<const char* const> texts) {
    std::vector<Stage> stages;
    for (const char* text : texts) {
        stages.push_back(Stage::parse(text));
        stages.back().number = static_cast<int>(stages.size()) - 1;
    }
    return stages;
}

std::vector<InvertedResidualSpec> expandStages(const std::vector<Stage>& stages, int64_t stem, const std::function<int64_t(int64_t)>& roundChannels,
                                               const std::function<void(InvertedResidualSpec&, const Stage&, const BlockPlace&)>& complete) {
    std::vector<InvertedResidualSpec> blocks;
    int64_t in = stem;
    for (const Stage& stage : stages)
        for (int i = 0; i < stage.repeats; ++i) {
            InvertedResidualSpec spec;
            spec.in = in;
            spec.out = roundChannels(stage.channels);
            spec.expands = stage.expands;
            spec.middle = stage.expands ? makeDivisible(static_cast<double>(in) * stage.expansion) : in;
            spec.kernel = stage.kernel;
            spec.stride = i == 0 ? stage.stride : 1;
            spec.skips = spec.stride == 1 && spec.in == spec.out;
            complete(spec, stage, {stage.number, stage.offset + i, static_cast<int>(blocks.size())});
            in = spec.out;
            blocks.push_back(std::move(spec));
        }
    return blocks;
}

void MobileNet::addBlocks(const ModelSource& from, const std::vector<InvertedResidualSpec>& specs) {
    for (const InvertedResidualSpec& spec : specs)
        blocks.emplace_back(from.weights, spec, from.placement);
}

at::Tensor MobileNet::logits(const at::Tensor& images) {
    at::Tensor x = images;
    for (const Conv& conv : stem)
        x = conv(x);
    for (const InvertedResidual& block : blocks)
        x = block(x);
    x = last(x).mean({2, 3});  // [b, features]
    return head(hidden ? (*hidden)(x) : x);
}

void nameAsTimm(InvertedResidualSpec& spec, const BlockPlace& place) {
    const std::string prefix = "blocks." + std::to_string(place.stage) + "." + std::to_string(place.inStage) + ".";
    spec.expandNames = {prefix + "conv_pw", prefix + "bn1"};
    spec.depthwiseNames = {prefix + "conv_dw", prefix + (spec.expands ? "bn2" : "bn1")};
    spec.projectNames = spec.expands ? ConvNames{prefix + "conv_pwl", prefix + "bn3"} : ConvNames{prefix + "conv_pw", prefix + "bn2"};
    spec.reduceName = prefix + "se.conv_reduce";
    spec.exciteName = prefix + "se.conv_expand";
}

void nameAsTorchvision(InvertedResidualSpec& spec, const std::string& prefix) {
    int part = 0;
    const auto next = [&] { return prefix + std::to_string(part++); };
    const auto pair = [&] {
        const std::string name = next();
        return ConvNames{name + ".0", name + ".1"};
    };
    if (spec.expands)
        spec.expandNames = pair();
    spec.depthwiseNames = pair();
    if (spec.squeezed > 0) {
        const std::string name = next();
        spec.reduceName = name + ".fc1";
        spec.exciteName = name + ".fc2";
    }
    spec.projectNames = pair();
}

}  // namespace shortlist::torch_backend
