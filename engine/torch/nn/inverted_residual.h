// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "engine/torch/nn/conv.h"
#include "engine/torch/nn/linear.h"

namespace shortlist::torch_backend {

// A convolution and its batch norm by name.
struct ConvNames {
    std::string conv, norm;
};

// The block of MobileNetV2 (Sandler et al., 2018), with the squeeze-and-excite of MobileNetV3 and EfficientNet:
// [expand 1x1] -> depthwise k x k -> [squeeze and excite] -> project 1x1 [+ x].
struct InvertedResidualSpec {
    int64_t in = 0, middle = 0, out = 0;
    int64_t kernel = 3;
    int64_t stride = 1;
    int64_t squeezed = 0;  // channels of the squeeze; 0: none
    bool expands = true;
    bool skips = false;  // adds its input; needs stride 1 and in == out
    Padding padding = Padding::Same;
    double eps = 1e-5;
    Activation activation = Activation::Relu6;
    Activation squeezeActivation = Activation::Relu;
    Activation gate = Activation::HardSigmoid;
    ConvNames expandNames, depthwiseNames, projectNames;
    std::string reduceName, exciteName;  // 1x1 convolutions with a bias
};

class InvertedResidual {
  public:
    InvertedResidual(Weights& weights, const InvertedResidualSpec& spec, Placement placement);
    // x: [b, in, h, w] -> [b, out, h / stride, w / stride]
    at::Tensor operator()(const at::Tensor& x) const;

  private:
    std::optional<Conv> m_expand;
    Conv m_depthwise, m_project;
    std::optional<Linear> m_reduce, m_excite;
    bool m_skips = false;
};

}  // namespace shortlist::torch_backend
