// SPDX-License-Identifier: Apache-2.0
// What MobileNetV2, MobileNetV3 and EfficientNet share: a stem, stages of inverted residual blocks, a last convolution.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "engine/torch/models/model.h"
#include "engine/torch/nn/inverted_residual.h"

namespace shortlist::torch_backend {

// torchvision's and timm's make_divisible: to the nearest multiple, not more than 10 % down.
int64_t makeDivisible(double channels, int64_t divisor = 8, int64_t least = 0);

// A stage in timm's notation (timm/models/_efficientnet_builder.py): "ir_r2_k3_s2_e6_c24_se0.25_nre". ds: depthwise and
// pointwise; ir: inverted residual; r blocks, kernel, stride of the first, expansion, channels, squeeze ratio, ReLU inside.
struct Stage {
    bool expands = false;
    int repeats = 1;
    int64_t kernel = 3, stride = 1;
    double expansion = 1;
    int64_t channels = 0;
    double squeeze = 0;
    bool relu = false;
    int number = 0;   // of the stage in timm's names
    int offset = 0;   // blocks of the same timm stage before it

    static Stage parse(std::string_view text);
};

// One stage a text, numbered as timm does.
std::vector<Stage> parseStages(std::span<const char* const> texts);

// One block with its places in the three layouts' names.
struct BlockPlace {
    int stage = 0;    // timm's
    int inStage = 0;
    int flat = 0;     // over all blocks
};

// Turns stages into blocks: channels, strides, which blocks add their input. `complete` fills names, squeeze, padding and the rest.
std::vector<InvertedResidualSpec> expandStages(const std::vector<Stage>& stages, int64_t stem, const std::function<int64_t(int64_t)>& roundChannels,
                                               const std::function<void(InvertedResidualSpec&, const Stage&, const BlockPlace&)>& complete);

// The network of all three families.
struct MobileNet : Model {
    std::vector<Conv> stem;  // one, or more where a family counts its first block as stem
    std::vector<InvertedResidual> blocks;
    Conv last;                     // 1x1
    std::optional<Linear> hidden;  // MobileNetV3's layer between pooling and classifier
    Head head;

    void addBlocks(const ModelSource& from, const std::vector<InvertedResidualSpec>& specs);
    at::Tensor logits(const at::Tensor& images) override;
};

// timm's names inside `blocks.<stage>.<i>`.
void nameAsTimm(InvertedResidualSpec& spec, const BlockPlace& place);
// torchvision's inside `<prefix>.<j>`: expand, depthwise, squeeze (fc1, fc2), project, each with conv .0 and norm .1.
void nameAsTorchvision(InvertedResidualSpec& spec, const std::string& prefix);

}  // namespace shortlist::torch_backend
