// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace shortlist::torch_backend {

enum class Activation : uint8_t { None, Relu, Relu6, HardSwish, HardSigmoid, Silu, Sigmoid, Gelu, GeluTanh, QuickGelu };

// In place; x is returned. For what no fused operator does.
at::Tensor activate(at::Tensor x, Activation activation);

// silu(gate) * up of rows that hold both side by side: [rows, 2 size] -> [rows, size].
at::Tensor siluGate(const at::Tensor& gateUp);

// The names of transformers (hidden_act) and timm (act_layer): "relu", "gelu", "gelu_new", "swish", ... Throws
// engine::Error(Model) that names an unknown one.
Activation activationNamed(const std::string& name);

}  // namespace shortlist::torch_backend
