// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/squeezenet.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mean.h>

#include "engine/torch/nn/conv.h"

namespace shortlist::torch_backend {
namespace {

// Squeeze to few channels, expand by 1 x 1 and 3 x 3 side by side.
class Fire {
  public:
    Fire(const ModelSource& from, const std::string& name, int64_t in, int64_t squeezed, int64_t expanded)
        : m_squeeze(from.weights, name + ".squeeze", {in, squeezed}, from.placement, Activation::Relu),
          m_small(from.weights, name + ".expand1x1", {squeezed, expanded}, from.placement, Activation::Relu),
          m_large(from.weights, name + ".expand3x3", {squeezed, expanded, 3}, from.placement, Activation::Relu) {}

    // x: [b, in, h, w] -> [b, 2 expanded, h, w]
    at::Tensor operator()(const at::Tensor& x) const {
        const at::Tensor squeezed = m_squeeze(x);
        return at::cat({m_small(squeezed), m_large(squeezed)}, 1);
    }

  private:
    Conv m_squeeze, m_small, m_large;
};

class SqueezeNet : public Model {
  public:
    explicit SqueezeNet(const ModelSource& from) {
        const bool newer = from.architecture == "squeezenet1_1";
        const int64_t stem = newer ? 64 : 96;
        m_stem = Conv(from.weights, "features.0", {3, stem, newer ? 3 : 7, 2, 1, Padding::None}, from.placement, Activation::Relu);
        // Positions among torchvision's `features`; a gap is a pooling layer.
        const std::vector<int> places = newer ? std::vector<int>{3, 4, 6, 7, 9, 10, 11, 12} : std::vector<int>{3, 4, 5, 7, 8, 9, 10, 12};
        constexpr int64_t kSqueezed[] = {16, 16, 32, 32, 48, 48, 64, 64};
        int64_t in = stem;
        for (size_t i = 0; i < places.size(); ++i) {
            m_pools.push_back(i == 0 || places[i] > places[i - 1] + 1);
            m_fires.emplace_back(from, "features." + std::to_string(places[i]), in, kSqueezed[i], 4 * kSqueezed[i]);
            in = 8 * kSqueezed[i];
        }
        m_head = Conv(from.weights, "classifier.1", {in, from.classes}, from.placement.inFloat(), Activation::Relu);
    }

    at::Tensor logits(const at::Tensor& images) override {
        constexpr bool kCeil = true;
        at::Tensor x = m_stem(images);
        for (size_t i = 0; i < m_fires.size(); ++i)
            x = m_fires[i](m_pools[i] ? at::max_pool2d(x, 3, 2, 0, 1, kCeil) : x);
        return m_head(x.to(at::kFloat)).mean({2, 3});  // [b, classes]
    }

  private:
    Conv m_stem;
    std::vector<Fire> m_fires;
    std::vector<bool> m_pools;  // before the fire module of the same index
    Conv m_head;
};

}  // namespace

bool knowsSqueezeNet(const std::string& architecture) { return architecture == "squeezenet1_0" || architecture == "squeezenet1_1"; }

std::unique_ptr<Model> buildSqueezeNet(const ModelSource& source) { return std::make_unique<SqueezeNet>(source); }

}  // namespace shortlist::torch_backend
