// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/vit.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <optional>

#include "engine/torch/models/config.h"
#include "engine/torch/nn/conv.h"
#include "engine/torch/nn/positions.h"
#include "engine/torch/nn/transformer_block.h"

namespace shortlist::torch_backend {
namespace {

// What the classifier reads: the class token, the mean of the patches, both side by side.
enum class Pool : uint8_t { Token, Mean, TokenAndMean };

struct ViTSpec {
    int64_t patch = 16, depth = 0;
    BlockShape block;
    Pool pool = Pool::Token;
    std::string patches, positions, classToken, preNorm, norm, poolNorm;  // a missing preNorm or norm is skipped
    std::vector<std::string> extraTokens;  // registers, distillation
    std::string head, secondHead;          // the mean of both where the second is in the file
    bool antialias = false;                // of interpolated positions
    bool registersHavePositions = true;    // or they stand outside of them
    BlockNames (*names)(const std::string& root, int64_t layer) = nullptr;
    std::string root;
};

BlockNames transformersNames(const std::string& root, int64_t layer) {
    const std::string p = root + "encoder.layer." + std::to_string(layer) + ".", a = p + "attention.attention.";
    return {p + "layernorm_before", "", a + "query", a + "key", a + "value", p + "attention.output.dense", "",
            p + "layernorm_after", p + "intermediate.dense", p + "output.dense", ""};
}

BlockNames dinoNames(const std::string& root, int64_t layer) {
    const std::string p = root + "encoder.layer." + std::to_string(layer) + ".", a = p + "attention.attention.";
    return {p + "norm1", "", a + "query", a + "key", a + "value", p + "attention.output.dense", p + "layer_scale1.lambda1",
            p + "norm2", p + "mlp.fc1", p + "mlp.fc2", p + "layer_scale2.lambda1"};
}

BlockNames gatedDinoNames(const std::string& root, int64_t layer) {
    BlockNames names = dinoNames(root, layer);
    const std::string p = root + "encoder.layer." + std::to_string(layer) + ".mlp.";
    names.first = p + "weights_in", names.second = p + "weights_out";
    return names;
}

BlockNames timmNames(const std::string&, int64_t layer) {
    const std::string p = "blocks." + std::to_string(layer) + ".";
    return {p + "norm1", p + "attn.qkv", "", "", "", p + "attn.proj", p + "ls1.gamma", p + "norm2", p + "mlp.fc1", p + "mlp.fc2", p + "ls2.gamma"};
}

ViTSpec fromTransformers(const ModelSource& from) {
    const nlohmann::json& config = from.config;
    const std::string type = configText(config, "model_type", "");
    const bool dino = type.starts_with("dinov2");
    ViTSpec spec;
    spec.root = type + ".";
    configInt(config, "num_channels", 3, 3, 3);
    spec.patch = configInt(config, "patch_size", 1, 256, dino ? 14 : 16);
    spec.depth = configInt(config, "num_hidden_layers", 1, kMaxDepth);
    spec.block.size = configInt(config, "hidden_size", 1, kMaxChannels);
    spec.block.heads = configInt(config, "num_attention_heads", 1, 1024);
    spec.block.eps = configNumber(config, "layer_norm_eps", 0, 1, dino ? 1e-6 : 1e-12);
    spec.block.activation = activationNamed(configText(config, "hidden_act", "gelu"));
    spec.block.gated = dino && configFlag(config, "use_swiglu_ffn", false);
    const int64_t ratio = configInt(config, "mlp_ratio", 1, 64, 4);
    spec.block.hidden = dino ? spec.block.size * ratio : configInt(config, "intermediate_size", 1, 4 * kMaxChannels);
    if (spec.block.gated)
        spec.block.hidden = (spec.block.hidden * 2 / 3 + 7) / 8 * 8;
    const std::string e = spec.root + "embeddings.";
    spec.patches = e + "patch_embeddings.projection", spec.positions = e + "position_embeddings", spec.classToken = e + "cls_token";
    spec.norm = spec.root + "layernorm";
    spec.head = from.weights.has("cls_classifier.weight") ? "cls_classifier" : "classifier";
    spec.secondHead = "distillation_classifier";
    spec.names = !dino ? transformersNames : spec.block.gated ? gatedDinoNames : dinoNames;
    if (dino) {
        spec.pool = Pool::TokenAndMean;
        spec.registersHavePositions = false;
        spec.antialias = type == "dinov2_with_registers";
        spec.extraTokens = {e + "register_tokens"};
    } else {
        spec.extraTokens = {e + "distillation_token"};
    }
    return spec;
}

struct NamedSize {
    const char* name;
    int64_t heads;
};

// timm's sizes: the heads are the one number that no tensor's shape tells.
constexpr NamedSize kTimmSizes[] = {{"tiny", 3}, {"small", 6}, {"medium", 8}, {"base", 12}, {"large", 16}, {"huge", 16}, {"giant", 16}};

const NamedSize* timmSize(const std::string& architecture) {
    for (const NamedSize& size : kTimmSizes)
        for (const char* family : {"vit_", "deit_", "deit3_"})
            for (const char* middle : {"_patch", "_distilled_patch"})
                if (architecture.starts_with(std::string(family) + size.name + middle))
                    return &size;
    return nullptr;
}

ViTSpec fromTimm(const ModelSource& from) {
    const nlohmann::json& args = modelArgs(from.config);
    const auto shape = [&](const std::string& name, size_t axis, int64_t absent) {
        const auto sides = from.weights.shapeOf(name);
        return axis < sides.size() ? sides[axis] : absent;
    };
    const bool clip = from.weights.has("norm_pre.weight");
    ViTSpec spec;
    spec.patch = shape("patch_embed.proj.weight", 2, 16);
    spec.depth = std::max<int64_t>(1, from.weights.countOf("blocks.", ".norm1.weight"));
    spec.block.size = shape("patch_embed.proj.weight", 0, 1);
    spec.block.heads = configInt(args, "num_heads", 1, 1024, timmSize(from.architecture)->heads);
    spec.block.hidden = shape("blocks.0.mlp.fc2.weight", 1, 1);
    spec.block.gated = shape("blocks.0.mlp.fc1.weight", 0, 0) == 2 * spec.block.hidden;
    spec.block.eps = clip ? 1e-5 : 1e-6;
    spec.block.activation = from.architecture.find("quickgelu") != std::string::npos ? Activation::QuickGelu : Activation::Gelu;
    spec.patches = "patch_embed.proj", spec.positions = "pos_embed", spec.classToken = "cls_token";
    spec.extraTokens = {"dist_token", "reg_token"};
    spec.preNorm = "norm_pre", spec.norm = "norm", spec.poolNorm = "fc_norm", spec.head = "head", spec.secondHead = "head_dist";
    spec.antialias = true;
    spec.names = timmNames;
    const bool token = from.weights.has("cls_token") && !from.weights.has("fc_norm.weight");
    const std::string pool = configText(args, "global_pool", configText(from.config, "global_pool", token ? "token" : "avg"));
    if (pool != "token" && pool != "avg")
        refuseConfig("The global_pool \"" + pool + "\" of config.json is not supported; token and avg are.");
    spec.pool = pool == "avg" ? Pool::Mean : Pool::Token;
    return spec;
}

class ViT : public Model {
  public:
    ViT(const ModelSource& from, const ViTSpec& spec) : m_pool(spec.pool) {
        const int64_t size = spec.block.size;
        const ConvShape patches{3, size, spec.patch, spec.patch, 1, Padding::None};
        m_patches = from.weights.has(spec.patches + ".bias") || !from.weights.has(spec.preNorm + ".weight")
                        ? Conv(from.weights, spec.patches, patches, from.placement)
                        : Conv(from.weights.take(spec.patches + ".weight", {size, 3, spec.patch, spec.patch}), at::zeros({size}), patches, from.placement);
        takePositions(from, spec);
        if (from.weights.has(spec.preNorm + ".weight"))
            m_preNorm = LayerNorm(from.weights, spec.preNorm, size, spec.block.eps, from.placement);
        for (int64_t layer = 0; layer < spec.depth; ++layer)
            m_blocks.emplace_back(from.weights, spec.names(spec.root, layer), spec.block, from.placement);
        if (spec.poolNorm.empty() || from.weights.has(spec.norm + ".weight"))
            m_norm = LayerNorm(from.weights, spec.norm, size, spec.block.eps, from.placement);
        if (!spec.poolNorm.empty() && from.weights.has(spec.poolNorm + ".weight"))
            m_poolNorm = LayerNorm(from.weights, spec.poolNorm, size, spec.block.eps, from.placement);
        m_head = Head(from.weights, spec.head, spec.pool == Pool::TokenAndMean ? 2 * size : size, from.classes, from.placement);
        if (from.weights.has(spec.secondHead + ".weight"))
            m_secondHead = Head(from.weights, spec.secondHead, size, from.classes, from.placement);
    }

    at::Tensor logits(const at::Tensor& images) override {
        const int64_t batch = images.size(0);
        at::Tensor x = m_patches(images).flatten(2).transpose(1, 2) + m_positions;  // [b, patches, size]
        if (m_prefix.defined())
            x = at::cat({m_prefix.expand({batch, -1, -1}), x}, 1);  // [b, prefix + patches, size]
        x = x.contiguous();
        if (m_preNorm)
            x = (*m_preNorm)(x);
        for (const TransformerBlock& block : m_blocks)
            x = block(x);
        const at::Tensor pooled = pool(x);
        if (m_secondHead)
            return (m_head(pooled) + (*m_secondHead)(normed(x.select(1, 1)))) * 0.5;
        return m_head(pooled);
    }

  private:
    at::Tensor normed(const at::Tensor& x) const { return m_norm ? (*m_norm)(x) : x; }

    // Norms go row by row: only the rows that are read are normed. x: [b, n, size] -> [b, features]
    at::Tensor pool(const at::Tensor& x) const {
        if (m_pool == Pool::Token)
            return m_poolNorm ? (*m_poolNorm)(normed(x.select(1, 0))) : normed(x.select(1, 0));
        const at::Tensor all = normed(x);
        const at::Tensor mean = all.slice(1, m_prefix.defined() ? m_prefix.size(1) : 0).mean(1);
        if (m_pool == Pool::TokenAndMean)
            return at::cat({all.select(1, 0), mean}, 1);
        return m_poolNorm ? (*m_poolNorm)(mean) : mean;
    }

    // Positions are added to the tokens once, here.
    void takePositions(const ModelSource& from, const ViTSpec& spec) {
        const int64_t size = spec.block.size;
        std::vector<at::Tensor> tokens;
        if (from.weights.has(spec.classToken) || spec.pool != Pool::Mean)
            tokens.push_back(from.weights.take(spec.classToken, {1, 1, size}));
        for (const std::string& name : spec.extraTokens) {
            const auto shape = from.weights.shapeOf(name);
            if (shape.size() == 3)
                tokens.push_back(from.weights.take(name, {1, shape[1], size}));
        }
        const at::Tensor prefix = tokens.empty() ? at::Tensor() : at::cat(tokens, 1);
        const auto shape = from.weights.shapeOf(spec.positions);
        const int64_t count = shape.size() == 3 ? shape[1] : 1, tokenCount = prefix.defined() ? prefix.size(1) : 0;
        const at::Tensor positions = from.weights.take(spec.positions, {1, count, size});
        const PatchGrid grid{from.height / spec.patch, from.width / spec.patch};
        const int64_t covered = from.isTransformers() ? (spec.registersHavePositions ? tokenCount : 1) : coveredTokens(count, tokenCount, grid);
        const PlacedTokens placed = placeTokens(positions, prefix, covered, grid, spec.antialias);
        m_prefix = from.placement.keep(placed.prefix);
        m_positions = from.placement.keep(placed.positions);
    }

    Pool m_pool;
    Conv m_patches;
    at::Tensor m_prefix;     // [1, prefix, size], positions added; undefined: none
    at::Tensor m_positions;  // [1, patches, size]
    std::vector<TransformerBlock> m_blocks;
    std::optional<LayerNorm> m_preNorm, m_norm, m_poolNorm;
    Head m_head;
    std::optional<Head> m_secondHead;
};

}  // namespace

bool knowsViT(const std::string& architecture) { return timmSize(architecture) != nullptr; }

std::unique_ptr<Model> buildViT(const ModelSource& source) {
    const ViTSpec spec = source.isTransformers() ? fromTransformers(source) : fromTimm(source);
    if (spec.block.size % spec.block.heads != 0)
        refuseConfig("The hidden size of config.json is no multiple of its number of attention heads.");
    return std::make_unique<ViT>(source, spec);
}

}  // namespace shortlist::torch_backend
