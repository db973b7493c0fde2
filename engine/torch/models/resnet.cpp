// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/resnet.h"

#include <ATen/ops/max_pool2d.h>

#include <optional>

#include "engine/error.h"

namespace shortlist::torch_backend {
namespace {

constexpr int64_t kMaxChannels = 16384;
constexpr int64_t kMaxDepth = 512;

struct ResNetConfig {
    int64_t channels, embedding;
    std::vector<int64_t> hidden, depths;
    bool bottleneck, downsampleFirst, downsampleInBottleneck;

    explicit ResNetConfig(const nlohmann::json& config)
        : channels(configInt(config, "num_channels", 3, 3)),
          embedding(configInt(config, "embedding_size", 1, kMaxChannels)),
          hidden(configInts(config, "hidden_sizes", 1, kMaxChannels)),
          depths(configInts(config, "depths", 1, kMaxDepth)),
          bottleneck(config.value("layer_type", "bottleneck") == "bottleneck"),
          downsampleFirst(config.value("downsample_in_first_stage", false)),
          downsampleInBottleneck(config.value("downsample_in_bottleneck", false)) {
        if (hidden.size() != depths.size())
            throw engine::Error(engine::ErrorKind::Model, "In config.json hidden_sizes and depths differ in length.");
        if (config.value("hidden_act", "relu") != "relu")
            throw engine::Error(engine::ErrorKind::Model, "The activation \"" + config.value("hidden_act", "") +
                                                              "\" of config.json is not supported for ResNet; only relu is.");
    }
};

class Block {
  public:
    Block(Weights& weights, const std::string& prefix, const ResNetConfig& config, int64_t in, int64_t out, int64_t stride,
          Placement placement) {
        const auto conv = [&](const std::string& name, ConvShape shape) {
            return FoldedConv(weights, prefix + name + ".convolution", prefix + name + ".normalization", shape, placement);
        };
        if (in != out || stride != 1)
            m_shortcut = conv("shortcut", {in, out, 1, stride});
        if (config.bottleneck) {
            const int64_t reduced = std::max<int64_t>(1, out / 4);
            const bool early = config.downsampleInBottleneck;
            m_convs.push_back(conv("layer.0", {in, reduced, 1, early ? stride : 1}));
            m_convs.push_back(conv("layer.1", {reduced, reduced, 3, early ? 1 : stride}));
            m_convs.push_back(conv("layer.2", {reduced, out, 1, 1}));
        } else {
            m_convs.push_back(conv("layer.0", {in, out, 3, stride}));
            m_convs.push_back(conv("layer.1", {out, out, 3, 1}));
        }
    }

    // x: [b, in, h, w] -> [b, out, h / stride, w / stride]
    at::Tensor operator()(const at::Tensor& x) const {
        at::Tensor y = m_convs[0](x);
        for (size_t i = 1; i < m_convs.size(); ++i)
            y = m_convs[i](y.relu_());
        y.add_(m_shortcut ? (*m_shortcut)(x) : x);
        return y.relu_();
    }

  private:
    std::optional<FoldedConv> m_shortcut;
    std::vector<FoldedConv> m_convs;
};

class ResNet : public Model {
  public:
    ResNet(const ResNetConfig& config, int64_t classes, Weights& weights, Placement placement)
        : m_stem(weights, "resnet.embedder.embedder.convolution", "resnet.embedder.embedder.normalization",
                 {config.channels, config.embedding, 7, 2}, placement) {
        int64_t in = config.embedding;
        for (size_t s = 0; s < config.hidden.size(); ++s) {
            const int64_t out = config.hidden[s];
            for (int64_t l = 0; l < config.depths[s]; ++l) {
                const int64_t stride = l == 0 && (s > 0 || config.downsampleFirst) ? 2 : 1;
                const std::string prefix = "resnet.encoder.stages." + std::to_string(s) + ".layers." + std::to_string(l) + ".";
                m_blocks.emplace_back(weights, prefix, config, in, out, stride, placement);
                in = out;
            }
        }
        m_head = Linear(weights, "classifier.1", in, classes, placement);
    }

    at::Tensor logits(const at::Tensor& images) override {
        at::Tensor x = at::max_pool2d(m_stem(images).relu_(), 3, 2, 1);  // [b, embedding, h/4, w/4]
        for (const Block& block : m_blocks)
            x = block(x);
        return m_head(x.mean({2, 3}));  // [b, classes]
    }

  private:
    FoldedConv m_stem;
    std::vector<Block> m_blocks;
    Linear m_head;
};

}  // namespace

std::unique_ptr<Model> buildResNet(const nlohmann::json& config, int64_t classes, Weights& weights, Placement placement) {
    return std::make_unique<ResNet>(ResNetConfig(config), classes, weights, placement);
}

}  // namespace shortlist::torch_backend
