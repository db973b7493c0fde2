// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/convnext.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/mean.h>

#include <algorithm>
#include <optional>

#include "engine/torch/models/config.h"
#include "engine/torch/nn/conv.h"
#include "engine/torch/nn/linear.h"

namespace shortlist::torch_backend {
namespace {

constexpr double kEps = 1e-6;

struct Names {
    std::string stem, stemNorm, norm, head;
    std::string depthwise, blockNorm, first, second, scale, grn;  // inside a block

    static Names of(bool transformers, const std::string& root) {
        if (transformers)
            return {root + "embeddings.patch_embeddings", root + "embeddings.layernorm", root + "layernorm", "classifier",
                    "dwconv", "layernorm", "pwconv1", "pwconv2", "layer_scale_parameter", "grn"};
        return {"stem.0", "stem.1", "head.norm", "head.fc", "conv_dw", "norm", "mlp.fc1", "mlp.fc2", "gamma", "mlp.grn"};
    }
};

// Global response normalisation: x + bias + weight * x * n, n the L2 norms over the image divided by their mean over channels.
struct ResponseNorm {
    at::Tensor weight, bias;  // [c]

    at::Tensor operator()(const at::Tensor& x) const {  // [b, h, w, c]
        const at::Tensor norms = at::linalg_vector_norm(x, 2, at::IntArrayRef{1, 2}, true);  // [b, 1, 1, c]
        return at::addcmul(bias, x, norms / (norms.mean(-1, true) + kEps) * weight + 1);
    }
};

class Block {
  public:
    Block(const ModelSource& from, const Names& names, const std::string& prefix, int64_t size, double eps, Activation activation)
        : m_depthwise(from.weights, prefix + names.depthwise, {size, size, 7, 1, size}, from.placement),
          m_norm(from.weights, prefix + names.blockNorm, size, eps, from.placement) {
        const auto matrix = [&](const std::string& name, int64_t in, int64_t out) {  // timm's small variants store them as convolutions
            const bool conv = from.weights.shapeOf(name + ".weight").size() == 4;
            return from.weights.take(name + ".weight", conv ? std::vector<int64_t>{out, in, 1, 1} : std::vector<int64_t>{out, in}).view({out, in});
        };
        m_first = Linear(matrix(prefix + names.first, size, 4 * size), from.weights.take(prefix + names.first + ".bias", {4 * size}), from.placement, activation);
        m_second = scaledLinear(from.weights, matrix(prefix + names.second, 4 * size, size), from.weights.take(prefix + names.second + ".bias", {size}),
                                prefix + names.scale, from.placement);
        const std::string grn = prefix + names.grn;
        if (!from.weights.has(grn + ".weight"))
            return;
        const auto shape = from.weights.shapeOf(grn + ".weight").size() == 4 ? std::vector<int64_t>{1, 1, 1, 4 * size} : std::vector<int64_t>{4 * size};
        m_grn = ResponseNorm{from.placement.keep(from.weights.take(grn + ".weight", shape).view(-1)),
                             from.placement.keep(from.weights.take(grn + ".bias", shape).view(-1))};
    }

    // x: [b, c, h, w] channels-last, the shape stays
    at::Tensor operator()(const at::Tensor& x) const {
        at::Tensor y = m_first(m_norm(m_depthwise(x).permute({0, 2, 3, 1})));  // [b, h, w, 4 c]
        if (m_grn)
            y = (*m_grn)(y);
        return m_second(y, x.permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
    }

  private:
    Conv m_depthwise;
    LayerNorm m_norm;
    Linear m_first, m_second;
    std::optional<ResponseNorm> m_grn;
};

at::Tensor channelsNormed(const LayerNorm& norm, const at::Tensor& x) { return norm(x.permute({0, 2, 3, 1})).permute({0, 3, 1, 2}); }

struct Stage {
    std::optional<LayerNorm> norm;  // before the convolution that halves
    std::optional<Conv> down;
    std::vector<Block> blocks;
};

class ConvNeXt : public Model {
  public:
    ConvNeXt(const ModelSource& from, const std::vector<int64_t>& sizes, const std::vector<int64_t>& depths, int64_t patch, double eps, Activation activation) {
        const bool transformers = from.isTransformers();
        const std::string root = transformers ? configText(from.config, "model_type", "") + "." : "";
        const Names names = Names::of(transformers, root);
        m_stem = Conv(from.weights, names.stem, {3, sizes[0], patch, patch, 1, Padding::None}, from.placement);
        m_stemNorm = LayerNorm(from.weights, names.stemNorm, sizes[0], eps, from.placement);
        for (size_t s = 0; s < sizes.size(); ++s) {
            Stage& stage = m_stages.emplace_back();
            const std::string prefix = (transformers ? root + "encoder.stages." : "stages.") + std::to_string(s) + ".";
            const std::string down = prefix + (transformers ? "downsampling_layer." : "downsample.");
            if (s > 0) {
                stage.norm = LayerNorm(from.weights, down + "0", sizes[s - 1], eps, from.placement);
                stage.down = Conv(from.weights, down + "1", {sizes[s - 1], sizes[s], 2, 2, 1, Padding::None}, from.placement);
            }
            for (int64_t l = 0; l < depths[s]; ++l)
                stage.blocks.emplace_back(from, names, prefix + (transformers ? "layers." : "blocks.") + std::to_string(l) + ".", sizes[s], eps, activation);
        }
        int64_t features = sizes.back();
        m_norm = LayerNorm(from.weights, names.norm, features, transformers ? configNumber(from.config, "layer_norm_eps", 0, 1, 1e-12) : eps, from.placement);
        const auto hidden = from.weights.shapeOf("head.pre_logits.fc.weight");
        if (!transformers && hidden.size() == 2) {
            m_hidden = Linear(from.weights, "head.pre_logits.fc", features, hidden[0], from.placement, Activation::Gelu);
            features = hidden[0];
        }
        m_head = Head(from.weights, names.head, features, from.classes, from.placement);
    }

    at::Tensor logits(const at::Tensor& images) override {
        at::Tensor x = channelsNormed(m_stemNorm, m_stem(images));  // [b, sizes[0], h/4, w/4]
        for (const Stage& stage : m_stages) {
            if (stage.down)
                x = (*stage.down)(channelsNormed(*stage.norm, x));
            for (const Block& block : stage.blocks)
                x = block(x);
        }
        x = m_norm(x.mean({2, 3}));  // [b, features]
        return m_head(m_hidden ? (*m_hidden)(x) : x);
    }

  private:
    Conv m_stem;
    LayerNorm m_stemNorm, m_norm;
    std::vector<Stage> m_stages;
    std::optional<Linear> m_hidden;
    Head m_head;
};

}  // namespace

bool knowsConvNeXt(const std::string& architecture) {
    constexpr const char* kSizes[] = {"atto", "femto", "pico", "nano", "tiny", "small", "base", "large", "large_mlp", "xlarge", "xxlarge", "huge"};
    const std::string size = architecture.substr(std::min(architecture.find('_') + 1, architecture.size()));
    return (architecture.starts_with("convnext_") || architecture.starts_with("convnextv2_")) &&
           std::find(std::begin(kSizes), std::end(kSizes), size) != std::end(kSizes);
}

std::unique_ptr<Model> buildConvNeXt(const ModelSource& from) {
    std::vector<int64_t> sizes, depths;
    if (from.isTransformers()) {
        configInt(from.config, "num_channels", 3, 3, 3);
        sizes = configInts(from.config, "hidden_sizes", 1, kMaxChannels);
        depths = configInts(from.config, "depths", 1, kMaxDepth);
        if (sizes.size() != depths.size())
            refuseConfig("In config.json hidden_sizes and depths differ in length.");
        return std::make_unique<ConvNeXt>(from, sizes, depths, configInt(from.config, "patch_size", 1, 64, 4), kEps,
                                          activationNamed(configText(from.config, "hidden_act", "gelu")));
    }
    for (int s = 0; s < 4; ++s) {  // timm's config names the network, its tensors say the sizes
        const std::string prefix = "stages." + std::to_string(s) + ".blocks.";
        const auto shape = from.weights.shapeOf(prefix + "0.conv_dw.weight");
        sizes.push_back(shape.empty() ? 1 : shape[0]);
        depths.push_back(std::max<int64_t>(1, from.weights.countOf(prefix, ".conv_dw.weight")));
    }
    return std::make_unique<ConvNeXt>(from, sizes, depths, 4, from.architecture.ends_with("xxlarge") ? 1e-5 : kEps, Activation::Gelu);
}

}  // namespace shortlist::torch_backend
