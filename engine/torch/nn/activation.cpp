// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/activation.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/hardsigmoid.h>
#include <ATen/ops/hardswish.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>

#include <map>

#include "engine/error.h"
#include "kernels/token_ops.h"

namespace shortlist::torch_backend {

at::Tensor activate(at::Tensor x, Activation activation) {
    constexpr double kQuick = 1.702;
    switch (activation) {
        case Activation::None: return x;
        case Activation::Relu: return at::relu_(x);
        case Activation::Relu6: return at::clamp_(x, 0, 6);
        case Activation::HardSwish: return at::hardswish_(x);
        case Activation::HardSigmoid: return at::hardsigmoid_(x);
        case Activation::Silu: return at::silu_(x);
        case Activation::Sigmoid: return at::sigmoid_(x);
        case Activation::Gelu: return at::gelu_(x);
        case Activation::GeluTanh: return at::gelu_(x, "tanh");
        case Activation::QuickGelu:
            if (x.is_cpu() && x.scalar_type() == at::kBFloat16 && x.is_contiguous()) {
                kernels::quickGelu(x.mutable_data_ptr(), x.numel(), at::get_num_threads());
                return x;
            }
            return x.mul_((x * kQuick).sigmoid_());
    }
    return x;
}

at::Tensor siluGate(const at::Tensor& gateUp) {
    const int64_t rows = gateUp.size(0), size = gateUp.size(1) / 2;
    if (!gateUp.is_cpu() || gateUp.scalar_type() != at::kBFloat16 || !gateUp.is_contiguous())
        return at::silu(gateUp.narrow(1, 0, size)).mul_(gateUp.narrow(1, size, size));
    const at::Tensor out = at::empty({rows, size}, gateUp.options());
    kernels::siluGate(gateUp.const_data_ptr(), rows, size, out.mutable_data_ptr(), at::get_num_threads());
    return out;
}

Activation activationNamed(const std::string& name) {
    static const std::map<std::string, Activation> kNames = {
        {"relu", Activation::Relu},         {"relu6", Activation::Relu6},         {"hard_swish", Activation::HardSwish},
        {"hardswish", Activation::HardSwish}, {"swish", Activation::Silu},        {"silu", Activation::Silu},
        {"gelu", Activation::Gelu},         {"gelu_new", Activation::GeluTanh},   {"gelu_fast", Activation::GeluTanh},
        {"gelu_tanh", Activation::GeluTanh}, {"gelu_pytorch_tanh", Activation::GeluTanh}, {"quick_gelu", Activation::QuickGelu}};
    const auto found = kNames.find(name);
    if (found == kNames.end())
        throw engine::Error(engine::ErrorKind::Model, "The activation \"" + name + "\" of config.json is not supported.");
    return found->second;
}

}  // namespace shortlist::torch_backend
