// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/swin.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/meshgrid.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/roll.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "engine/torch/models/config.h"
#include "engine/torch/nn/conv.h"
#include "engine/torch/nn/transformer_block.h"

namespace shortlist::torch_backend {
namespace {

struct SwinSpec {
    int64_t patch = 4, window = 7, size = 96;
    double ratio = 4, eps = 1e-5;
    std::vector<int64_t> depths, heads;
    Activation activation = Activation::Gelu;
    bool transformers = false;  // names; and the windows are filled up before the shift, not after it
};

// [side, side] positions of a window -> rows of the bias table, [side^2, side^2]
at::Tensor relativeIndex(int64_t side) {
    const at::Tensor line = at::arange(side);
    const at::Tensor places = at::stack(at::meshgrid({line, line}, "ij")).flatten(1);  // [2, side^2]
    const at::Tensor apart = places.unsqueeze(2) - places.unsqueeze(1) + (side - 1);   // [2, side^2, side^2]
    return apart[0] * (2 * side - 1) + apart[1];
}

int64_t filledUp(int64_t side, int64_t window) { return (side + window - 1) / window * window; }

// x: [b, h, w, c] -> [b * windows, side^2, c]
at::Tensor toWindows(const at::Tensor& x, int64_t side) {
    const int64_t b = x.size(0), rows = x.size(1) / side, columns = x.size(2) / side, c = x.size(3);
    return x.view({b, rows, side, columns, side, c}).permute({0, 1, 3, 2, 4, 5}).reshape({b * rows * columns, side * side, c});
}

at::Tensor fromWindows(const at::Tensor& x, int64_t side, int64_t b, int64_t h, int64_t w) {
    return x.view({b, h / side, w / side, side, side, -1}).permute({0, 1, 3, 2, 4, 5}).reshape({b, h, w, -1});
}

// Pixels that the shift brought together from opposite borders do not see each other: [windows, 1, side^2, side^2], 0 or -100.
at::Tensor shiftMask(int64_t h, int64_t w, int64_t side, int64_t shift) {
    const at::Tensor regions = at::zeros({1, h, w, 1});
    float number = 0;
    const auto bands = [&](int64_t length) { return std::vector<std::pair<int64_t, int64_t>>{{0, length - side}, {length - side, length - shift}, {length - shift, length}}; };
    for (const auto& [top, bottom] : bands(h))
        for (const auto& [left, right] : bands(w))
            regions.slice(1, top, bottom).slice(2, left, right).fill_(number++);
    const at::Tensor windows = toWindows(regions, side).squeeze(-1);  // [windows, side^2]
    return (windows.unsqueeze(1) != windows.unsqueeze(2)).to(at::kFloat).mul_(-100.0).unsqueeze(1);
}

BlockNames blockNames(bool transformers, const std::string& p) {
    const std::string a = p + "attention.self.";
    if (transformers)
        return {p + "layernorm_before", "", a + "query", a + "key", a + "value", p + "attention.output.dense", "",
                p + "layernorm_after", p + "intermediate.dense", p + "output.dense", ""};
    return {p + "norm1", p + "attn.qkv", "", "", "", p + "attn.proj", "", p + "norm2", p + "mlp.fc1", p + "mlp.fc2", ""};
}

class SwinBlock {
  public:
    SwinBlock(const ModelSource& from, const SwinSpec& spec, const std::string& prefix, int64_t size, int64_t heads, int64_t h, int64_t w, bool shifted)
        : m_heads(heads), m_side(std::min({spec.window, h, w})), m_fillFirst(spec.transformers) {
        const BlockNames names = blockNames(spec.transformers, prefix);
        if (spec.transformers && m_side < spec.window)
            refuseConfig("The window of config.json is larger than a stage of the model: the input is too small for it.");
        m_shift = shifted && std::min(h, w) > spec.window ? spec.window / 2 : 0;
        const auto hidden = static_cast<int64_t>(static_cast<double>(size) * spec.ratio);
        m_norm1 = LayerNorm(from.weights, names.norm1, size, spec.eps, from.placement);
        m_qkv = packedQkv(from.weights, names, size, from.placement);
        m_project = Linear(from.weights, names.project, size, size, from.placement);
        m_norm2 = LayerNorm(from.weights, names.norm2, size, spec.eps, from.placement);
        m_first = Linear(from.weights, names.first, size, hidden, from.placement, spec.activation);
        m_second = Linear(from.weights, names.second, hidden, size, from.placement);
        const std::string table = prefix + (spec.transformers ? "attention.self." : "attn.") + "relative_position_bias_table";
        const at::Tensor biases = from.weights.take(table, {(2 * m_side - 1) * (2 * m_side - 1), heads});
        if (biases.is_meta())
            return;
        const int64_t area = m_side * m_side;
        at::Tensor mask = biases.index_select(0, relativeIndex(m_side).view(-1)).view({1, area, area, heads}).permute({0, 3, 1, 2});
        if (m_shift > 0)
            mask = mask + shiftMask(filledUp(h, m_side), filledUp(w, m_side), m_side, m_shift);
        m_mask = from.placement.keep(mask);  // [1 or windows, heads, side^2, side^2]
    }

    // x: [b, h, w, c], the shape stays
    at::Tensor operator()(const at::Tensor& x) const {
        const int64_t b = x.size(0), h = x.size(1), w = x.size(2), fullH = filledUp(h, m_side), fullW = filledUp(w, m_side);
        const auto fill = [&](const at::Tensor& y) { return fullH == h && fullW == w ? y : at::constant_pad_nd(y, {0, 0, 0, fullW - w, 0, fullH - h}); };
        const auto shift = [&](const at::Tensor& y, int64_t by) { return m_shift == 0 ? y : at::roll(y, {by, by}, {1, 2}); };
        at::Tensor y = m_norm1(x);
        y = m_fillFirst ? shift(fill(y), -m_shift) : fill(shift(y, -m_shift));
        const at::Tensor qkv = m_qkv(toWindows(y, m_side));  // [b * windows, side^2, 3 c]
        const int64_t windows = m_mask.size(0);
        const at::Tensor mask = windows == 1 ? m_mask : m_mask.unsqueeze(0).expand({b, windows, -1, -1, -1}).reshape({b * windows, m_heads, m_mask.size(2), -1});
        y = fromWindows(m_project(selfAttention(qkv, m_heads, mask)), m_side, b, fullH, fullW);
        const auto cut = [&](const at::Tensor& z) { return fullH == h && fullW == w ? z : z.slice(1, 0, h).slice(2, 0, w).contiguous(); };
        y = x + (m_fillFirst ? cut(shift(y, m_shift)) : shift(cut(y), m_shift));
        return m_second(m_first(m_norm2(y)), y);
    }

  private:
    int64_t m_heads, m_side, m_shift = 0;
    bool m_fillFirst;
    LayerNorm m_norm1, m_norm2;
    Linear m_qkv, m_project, m_first, m_second;
    at::Tensor m_mask;
};

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
    std::vector<SwinBlock> blocks;
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
            if (size % spec.heads[s] != 0 || h < 1 || w < 1)
                refuseConfig("The sizes of config.json do not fit each other: embed_dim, num_heads, image size and window.");
            for (int64_t l = 0; l < spec.depths[s]; ++l)
                stage.blocks.emplace_back(from, spec, prefix + "blocks." + std::to_string(l) + ".", size, spec.heads[s], h, w, l % 2 == 1);
        }
        m_norm = LayerNorm(from.weights, spec.transformers ? "swin.layernorm" : "norm", size, spec.eps, from.placement);
        m_head = Head(from.weights, spec.transformers ? "classifier" : "head.fc", size, from.classes, from.placement);
    }

    at::Tensor logits(const at::Tensor& images) override {
        at::Tensor x = m_embedNorm(m_patches(images).permute({0, 2, 3, 1}));  // [b, h, w, size]
        for (const SwinStage& stage : m_stages) {
            if (stage.merge)
                x = (*stage.merge)(x);
            for (const SwinBlock& block : stage.blocks)
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
