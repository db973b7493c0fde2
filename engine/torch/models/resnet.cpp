// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/resnet.h"

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mean.h>

#include <cstdio>
#include <map>
#include <optional>

#include "engine/torch/models/config.h"
#include "engine/torch/nn/conv.h"
#include "engine/torch/nn/linear.h"

namespace shortlist::torch_backend {
namespace {

// The stem's channels: one convolution 7 x 7, or three 3 x 3.
using Stem = std::vector<int64_t>;

struct ResNetSpec {
    Stem stem;
    std::vector<int64_t> outputs, depths;  // by stage
    std::vector<int64_t> reduced;          // inner channels of a bottleneck, by stage
    int64_t groups = 1;
    bool bottleneck = true;
    bool downsampleFirst = false;        // the first stage halves, too
    bool downsampleInBottleneck = false;  // the first 1 x 1 convolution halves, not the 3 x 3
    bool averageDown = false;            // the shortcut halves by averaging (the d variants)
    bool transformers = false;           // names
};

ResNetSpec fromTransformers(const nlohmann::json& config) {
    ResNetSpec spec;
    spec.transformers = true;
    configInt(config, "num_channels", 3, 3, 3);
    requireText(config, "hidden_act", "relu");
    spec.stem = {configInt(config, "embedding_size", 1, kMaxChannels)};
    spec.outputs = configInts(config, "hidden_sizes", 1, kMaxChannels);
    spec.depths = configInts(config, "depths", 1, kMaxDepth);
    spec.bottleneck = configText(config, "layer_type", "bottleneck") == "bottleneck";
    spec.downsampleFirst = configFlag(config, "downsample_in_first_stage", false);
    spec.downsampleInBottleneck = configFlag(config, "downsample_in_bottleneck", false);
    for (const int64_t out : spec.outputs)
        spec.reduced.push_back(std::max<int64_t>(1, out / 4));
    return spec;
}

const std::map<int, std::vector<int64_t>>& depthsByLayers() {
    static const std::map<int, std::vector<int64_t>> kDepths = {
        {10, {1, 1, 1, 1}}, {14, {1, 1, 1, 1}}, {18, {2, 2, 2, 2}}, {26, {2, 2, 2, 2}}, {34, {3, 4, 6, 3}}, {50, {3, 4, 6, 3}},
        {101, {3, 4, 23, 3}}, {152, {3, 8, 36, 3}}, {200, {3, 24, 36, 3}}};
    return kDepths;
}

// timm's and torchvision's names: resnet50d, wide_resnet50_2 (2 times the width), resnext50_32x4d (32 groups of width 4).
struct TimmName {
    int layers = 0, widthFactor = 1, groups = 1, groupWidth = 64;
    char letter = ' ';

    // false: no name of this family
    bool parse(const std::string& name) {
        const bool wide = name.starts_with("wide_resnet"), grouped = name.starts_with("resnext");
        if (!wide && !grouped && !name.starts_with("resnet"))
            return false;
        const char* rest = name.c_str() + (wide ? 11 : grouped ? 7 : 6);
        int used = 0;
        if (std::sscanf(rest, "%3d%n", &layers, &used) != 1 || !depthsByLayers().contains(layers))
            return false;
        rest += used;
        if (std::string_view("cdst").find(*rest) != std::string_view::npos && *rest)
            letter = *rest++;
        used = 0;
        if (wide && std::sscanf(rest, "_%1d%n", &widthFactor, &used) != 1)
            return false;
        if (grouped && (std::sscanf(rest, "_%3dx%3dd%n", &groups, &groupWidth, &used) != 2 || groups < 1 || groupWidth < 1))
            return false;
        return rest[used] == 0 && widthFactor >= 1;
    }
};

ResNetSpec fromTimm(const std::string& architecture, const nlohmann::json& args) {
    TimmName name;
    name.parse(architecture);
    ResNetSpec spec;
    spec.depths = args.contains("layers") ? configInts(args, "layers", 1, kMaxDepth) : depthsByLayers().at(name.layers);
    spec.bottleneck = name.layers >= 50 || name.layers == 26 || name.layers == 14;
    spec.averageDown = name.letter == 'd' || name.letter == 't';
    switch (name.letter) {
        case 'c':
        case 'd': spec.stem = {32, 32, 64}; break;
        case 's': spec.stem = {64, 64, 128}; break;
        case 't': spec.stem = {24, 32, 64}; break;
        default: spec.stem = {64}; break;
    }
    spec.groups = name.groups;
    const auto planes = args.contains("channels") ? configInts(args, "channels", 1, kMaxChannels) : std::vector<int64_t>{64, 128, 256, 512};
    for (const int64_t plane : planes) {
        spec.outputs.push_back(plane * (spec.bottleneck ? 4 : 1));
        spec.reduced.push_back(plane * name.groupWidth * name.widthFactor / 64 * name.groups);
    }
    return spec;
}

class Block {
  public:
    Block(const ModelSource& from, const ResNetSpec& spec, size_t stage, int64_t index, int64_t in, int64_t stride) {
        const std::string prefix = spec.transformers ? "resnet.encoder.stages." + std::to_string(stage) + ".layers." + std::to_string(index) + "."
                                                     : "layer" + std::to_string(stage + 1) + "." + std::to_string(index) + ".";
        const int64_t out = spec.outputs[stage], reduced = spec.reduced[stage];
        const auto conv = [&](int i, ConvShape shape, Activation activation) {
            const std::string n = std::to_string(spec.transformers ? i : i + 1);
            const std::string layer = prefix + "layer." + n;
            m_convs.push_back(spec.transformers ? Conv(from.weights, layer + ".convolution", {layer + ".normalization"}, shape, from.placement, activation)
                                                : Conv(from.weights, prefix + "conv" + n, {prefix + "bn" + n}, shape, from.placement, activation));
        };
        if (in != out || stride != 1)
            addShortcut(from, spec, prefix, {in, out, 1, stride});
        if (spec.bottleneck) {
            const bool early = spec.downsampleInBottleneck;
            conv(0, {in, reduced, 1, early ? stride : 1}, Activation::Relu);
            conv(1, {reduced, reduced, 3, early ? 1 : stride, spec.groups}, Activation::Relu);
            conv(2, {reduced, out, 1, 1}, Activation::Relu);
        } else {
            conv(0, {in, out, 3, stride}, Activation::Relu);
            conv(1, {out, out, 3, 1}, Activation::Relu);
        }
    }

    // x: [b, in, h, w] -> [b, out, h / stride, w / stride]; x may be overwritten
    at::Tensor operator()(const at::Tensor& x) const {
        at::Tensor y = m_convs[0](x);
        for (size_t i = 1; i + 1 < m_convs.size(); ++i)
            y = m_convs[i](y);
        return m_convs.back()(y, shortcut(x));
    }

  private:
    void addShortcut(const ModelSource& from, const ResNetSpec& spec, const std::string& prefix, ConvShape shape) {
        m_average = spec.averageDown ? shape.stride : 1;
        if (spec.averageDown)
            shape.stride = 1;
        const std::string first = prefix + (spec.averageDown ? "downsample.1" : "downsample.0");
        const std::string second = prefix + (spec.averageDown ? "downsample.2" : "downsample.1");
        m_shortcut = spec.transformers ? Conv(from.weights, prefix + "shortcut.convolution", {prefix + "shortcut.normalization"}, shape, from.placement)
                                       : Conv(from.weights, first, {second}, shape, from.placement);
    }
    at::Tensor shortcut(const at::Tensor& x) const {
        if (!m_shortcut)
            return x;
        constexpr bool kCeil = true, kCountPadding = false;
        return (*m_shortcut)(m_average == 1 ? x : at::avg_pool2d(x, 2, m_average, 0, kCeil, kCountPadding));
    }

    std::optional<Conv> m_shortcut;
    int64_t m_average = 1;
    std::vector<Conv> m_convs;
};

class ResNet : public Model {
  public:
    ResNet(const ModelSource& from, const ResNetSpec& spec) {
        addStem(from, spec);
        int64_t in = spec.stem.back();
        for (size_t s = 0; s < spec.outputs.size(); ++s)
            for (int64_t l = 0; l < spec.depths[s]; ++l) {
                const int64_t stride = l == 0 && (s > 0 || spec.downsampleFirst) ? 2 : 1;
                m_blocks.emplace_back(from, spec, s, l, in, stride);
                in = spec.outputs[s];
            }
        m_head = Head(from.weights, spec.transformers ? "classifier.1" : "fc", in, from.classes, from.placement);
    }

    at::Tensor logits(const at::Tensor& images) override {
        at::Tensor x = images;
        for (const Conv& conv : m_stem)
            x = conv(x);
        x = at::max_pool2d(x, 3, 2, 1);  // [b, stem, h/4, w/4]
        for (const Block& block : m_blocks)
            x = block(x);
        return m_head(x.mean({2, 3}));  // [b, classes]
    }

  private:
    void addStem(const ModelSource& from, const ResNetSpec& spec) {
        const auto add = [&](const std::string& conv, const std::string& norm, ConvShape shape) {
            m_stem.emplace_back(from.weights, conv, BatchNorm{norm}, shape, from.placement, Activation::Relu);
        };
        if (spec.transformers)
            return add("resnet.embedder.embedder.convolution", "resnet.embedder.embedder.normalization", {3, spec.stem[0], 7, 2});
        if (spec.stem.size() == 1)
            return add("conv1", "bn1", {3, spec.stem[0], 7, 2});
        add("conv1.0", "conv1.1", {3, spec.stem[0], 3, 2});
        add("conv1.3", "conv1.4", {spec.stem[0], spec.stem[1], 3});
        add("conv1.6", "bn1", {spec.stem[1], spec.stem[2], 3});
    }

    std::vector<Conv> m_stem;
    std::vector<Block> m_blocks;
    Head m_head;
};

}  // namespace

bool knowsResNet(const std::string& architecture) { return TimmName().parse(architecture); }

std::unique_ptr<Model> buildResNet(const ModelSource& source) {
    const ResNetSpec spec = source.isTransformers() ? fromTransformers(source.config) : fromTimm(source.architecture, modelArgs(source.config));
    if (spec.outputs.size() != spec.depths.size())
        refuseConfig("In config.json hidden_sizes and depths differ in length.");
    return std::make_unique<ResNet>(source, spec);
}

}  // namespace shortlist::torch_backend
