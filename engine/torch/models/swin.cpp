// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/swin.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/mean.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "engine/torch/models/config.h"
#include "engine/torch/nn/conv.h"
#include "engine/torch/nn/window_block.h"

namespace shortlist::torch_backend {
namespace {

struct SwinSpec {
    int64_t patch = 4, window = 7, size = 96;
    double ratio = 4, eps = 1e-5;
    std::vector<int64_t> depths, heads;
    Activation activation = Activation::Gelu;
    bool transformers = false;  // names; and the windows are filled up before the shift, not after it
};

BlockNames blockNames(bool transformers, const std::string& p) {
    const std::string a = p + "attention.self.";
    if (transformers)
        return {p + "layernorm_before", "", a + "query", a + "key", a + "value", p + "attention.output.dense", "",
                p + "layernorm_after", p + "intermediate.dense", p + "output.dense", ""};
    return {p + "norm1", p + "attn.qkv", "", "", "", p + "attn.proj", "", p + "norm2", p + "mlp.fc1", p + "mlp.fc2", ""};
}

// 2 x 2 neighbours side by side, then half of their channels.
struct Merge {
    LayerNorm norm;
    Linear reduce;

    Merge(const ModelSource& from, const std::string& prefix, int64_t size)
        : norm(from.weights, prefix + "norm", 4 * size, 1e-5, from.placement),
          reduce(from.weights, prefix + "reduction", 4 * size, 2 * size, from.placement, Activation::None, false) {}

    at::Tensor operator()(const at::Tensor& x) const {  // [b, h, w, c] -> [b, h / 2, w / 2, 2 c]
        const at::Tensor even = at::constant_pad_nd(x, {0, 0, 0, x.size(2) % 2, 0, x.size(1) % 2});
        const int64_t b = even.size(0), h = even.size(1) / 2, w = even.size(2) / 2, c = even.size(3);
        return reduce(norm(even.view({b, h, 2, w, 2, c}).permute({0, 1, 3, 4, 2, 5}).reshape({b, h, w, 4 * c})));
    }
};

struct SwinStage {
    std::optional<Merge> merge;  // before the blocks
    std::vector<WindowBlock> blocks;
};

class Swin : public Model {
  public:
    Swin(const ModelSource& from, const SwinSpec& spec) {
        const std::string embed = spec.transformers ? "swin.embeddings." : "patch_embed.";
        m_patches = Conv(from.weights, embed + (spec.transformers ? "patch_embeddings.projection" : "proj"),
                         {3, spec.size, spec.patch, spec.patch, 1, Padding::None}, from.placement);
        m_embedNorm = LayerNorm(from.weights, embed + "norm", spec.size, 1e-5, from.placement);
        int64_t size = spec.size, h = from.height / spec.patch, w = from.width / spec.patch;
        for (size_t s = 0; s < spec.depths.size(); ++s) {
            SwinStage& stage = m_stages.emplace_back();
            const std::string root = spec.transformers ? "swin.encoder.layers." : "layers.", prefix = root + std::to_string(s) + ".";
            if (s > 0) {  // transformers counts it to the stage before
                stage.merge.emplace(from, root + std::to_string(spec.transformers ? s - 1 : s) + ".downsample.", size);
                size *= 2, h = (h + 1) / 2, w = (w + 1) / 2;
            }
            if (size % spec.heads[s] != 0 || h < 1 || w < 1 || (spec.transformers && std::min(h, w) < spec.window))
                refuseConfig("The sizes of config.json do not fit each other: embed_dim, num_heads, image size and window.");
            const auto hidden = static_cast<int64_t>(static_cast<double>(size) * spec.ratio);
            for (int64_t l = 0; l < spec.depths[s]; ++l) {
                const std::string block = prefix + "blocks." + std::to_string(l) + ".";
                const std::string table = block + (spec.transformers ? "attention.self." : "attn.") + "relative_position_bias_table";
                const WindowShape shape{{size, spec.heads[s], hidden, spec.eps, spec.activation}, spec.window, h, w, l % 2 == 1, spec.transformers};
                stage.blocks.emplace_back(from.weights, blockNames(spec.transformers, block), table, shape, from.placement);
            }
        }
        m_norm = LayerNorm(from.weights, spec.transformers ? "swin.layernorm" : "norm", size, spec.eps, from.placement);
        m_head = Head(from.weights, spec.transformers ? "classifier" : "head.fc", size, from.classes, from.placement);
    }

    at::Tensor logits(const at::Tensor& images) override {
        at::Tensor x = m_embedNorm(m_patches(images).permute({0, 2, 3, 1}));  // [b, h, w, size]
        for (const SwinStage& stage : m_stages) {
            if (stage.merge)
                x = (*stage.merge)(x);
            for (const WindowBlock& block : stage.blocks)
                x = block(x);
        }
        return m_head(m_norm(x).mean(at::IntArrayRef{1, 2}));  // [b, classes]
    }

  private:
    Conv m_patches;
    LayerNorm m_embedNorm, m_norm;
    std::vector<SwinStage> m_stages;
    Head m_head;
};

struct NamedSwin {
    const char* name;
    int64_t size, third, heads;  // channels, blocks of the third stage, heads of the first
};
constexpr NamedSwin kNamed[] = {{"tiny", 96, 6, 3}, {"small", 96, 18, 3}, {"base", 128, 18, 4}, {"large", 192, 18, 6}};

// swin_<size>_patch<p>_window<w>_<input>
const NamedSwin* named(const std::string& architecture, int& patch, int& window) {
    for (const NamedSwin& row : kNamed) {
        int input = 0, used = 0;
        const std::string begin = "swin_" + std::string(row.name) + "_patch";
        if (architecture.starts_with(begin) && std::sscanf(architecture.c_str() + begin.size(), "%2d_window%2d_%4d%n", &patch, &window, &input, &used) == 3 &&
            architecture.size() == begin.size() + static_cast<size_t>(used) && patch >= 1 && window >= 1)
            return &row;
    }
    return nullptr;
}

SwinSpec fromTimm(const std::string& architecture, const nlohmann::json& args) {
    int patch = 4, window = 7;
    const NamedSwin& row = *named(architecture, patch, window);
    SwinSpec spec;
    spec.patch = configInt(args, "patch_size", 1, 64, patch);
    spec.window = configInt(args, "window_size", 1, 64, window);
    spec.size = configInt(args, "embed_dim", 1, kMaxChannels, row.size);
    spec.depths = args.contains("depths") ? configInts(args, "depths", 1, kMaxDepth) : std::vector<int64_t>{2, 2, row.third, 2};
    spec.heads = args.contains("num_heads") ? configInts(args, "num_heads", 1, 1024) : std::vector<int64_t>{row.heads, 2 * row.heads, 4 * row.heads, 8 * row.heads};
    return spec;
}

SwinSpec fromTransformers(const nlohmann::json& config) {
    SwinSpec spec;
    spec.transformers = true;
    configInt(config, "num_channels", 3, 3, 3);
    spec.patch = configInt(config, "patch_size", 1, 64, 4);
    spec.window = configInt(config, "window_size", 1, 64, 7);
    spec.size = configInt(config, "embed_dim", 1, kMaxChannels);
    spec.ratio = configNumber(config, "mlp_ratio", 0.1, 64, 4.0);
    spec.eps = configNumber(config, "layer_norm_eps", 0, 1, 1e-5);
    spec.depths = configInts(config, "depths", 1, kMaxDepth);
    spec.heads = configInts(config, "num_heads", 1, 1024);
    spec.activation = activationNamed(configText(config, "hidden_act", "gelu"));
    if (configFlag(config, "use_absolute_embeddings", false))
        refuseConfig("Absolute position embeddings (use_absolute_embeddings of config.json) are not supported for Swin.");
    return spec;
}

}  // namespace

bool knowsSwin(const std::string& architecture) {
    int patch = 0, window = 0;
    return named(architecture, patch, window) != nullptr;
}

std::unique_ptr<Model> buildSwin(const ModelSource& source) {
    const SwinSpec spec = source.isTransformers() ? fromTransformers(source.config) : fromTimm(source.architecture, modelArgs(source.config));
    if (spec.depths.size() != spec.heads.size())
        refuseConfig("In config.json depths and num_heads differ in length.");
    return std::make_unique<Swin>(source, spec);
}

}  // namespace shortlist::torch_backend
