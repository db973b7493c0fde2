// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/onednn.h"

#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>

namespace shortlist::torch_backend::onednn {
namespace {

using at::IntArrayRef;
using at::Tensor;
using MaybeTensor = std::optional<Tensor>;
using MaybeText = std::optional<std::string_view>;
using Scalars = c10::List<std::optional<at::Scalar>>;

// An operator and what it takes beside its name.
struct Post {
    std::string_view attr;
    Scalars scalars;
    std::string_view algorithm;
};

Post postOf(Activation activation) {
    switch (activation) {
        case Activation::Relu: return {"relu", Scalars(), ""};
        case Activation::Relu6: return {"hardtanh", Scalars({at::Scalar(0.0), at::Scalar(6.0)}), ""};
        case Activation::HardSwish: return {"hardswish", Scalars(), ""};
        case Activation::HardSigmoid: return {"hardsigmoid", Scalars(), ""};
        case Activation::Silu: return {"swish", Scalars(), ""};
        case Activation::Sigmoid: return {"sigmoid", Scalars(), ""};
        case Activation::Gelu: return {"gelu", Scalars(), "none"};
        case Activation::GeluTanh: return {"gelu", Scalars(), "tanh"};
        default: return {"none", Scalars(), ""};
    }
}

template <typename Signature>
auto find(const char* name, const char* overload = "") {
    return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Signature>();
}

constexpr int64_t kOnes[] = {1, 1};

struct Pair {
    int64_t values[2];
    explicit Pair(int64_t value) : values{value, value} {}
    operator IntArrayRef() const { return IntArrayRef(values, 2); }
};

}  // namespace

bool fuses(Activation activation) { return activation != Activation::QuickGelu; }

bool hasBf16() {
#if defined(__x86_64__)
    static const bool has = __builtin_cpu_supports("avx512bf16");
    return has;
#else
    return false;
#endif
}

Tensor packConv(const Tensor& weight, ConvGeometry geometry, IntArrayRef inputSize) {
    static const auto op = find<Tensor(const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef, int64_t, c10::OptionalArrayRef<int64_t>)>(
        "mkldnn::_reorder_convolution_weight");
    return op.call(weight.is_mkldnn() ? weight.to_dense() : weight, Pair(geometry.padding), Pair(geometry.stride), kOnes, geometry.groups, inputSize);
}

bool sameFormat(const Tensor& a, const Tensor& b) {
    static const auto op = find<Tensor(const Tensor&)>("mkldnn::_get_mkldnn_serialized_md");
    return op.call(a).equal(op.call(b));
}

Tensor conv(const Tensor& x, const Tensor& packed, const Tensor& bias, ConvGeometry geometry, Activation activation) {
    static const auto op = find<Tensor(const Tensor&, const Tensor&, const MaybeTensor&, IntArrayRef, IntArrayRef, IntArrayRef, int64_t,
                                       std::string_view, Scalars, MaybeText)>("mkldnn::_convolution_pointwise");
    const Post post = postOf(activation);
    return op.call(x, packed, bias, Pair(geometry.padding), Pair(geometry.stride), kOnes, geometry.groups, post.attr, post.scalars, post.algorithm);
}

Tensor convAdd(const Tensor& x, Tensor other, const Tensor& packed, const Tensor& bias, ConvGeometry geometry, Activation activation) {
    static const auto op = find<Tensor&(Tensor&, const Tensor&, const Tensor&, const MaybeTensor&, IntArrayRef, IntArrayRef, IntArrayRef,
                                        int64_t, std::string_view, std::optional<at::Scalar>, MaybeText, Scalars, MaybeText)>(
        "mkldnn::_convolution_pointwise_", "binary");
    const MaybeText unary = activation == Activation::Relu ? MaybeText("relu") : std::nullopt;
    return op.call(other, x, packed, bias, Pair(geometry.padding), Pair(geometry.stride), kOnes, geometry.groups, "add", std::nullopt, unary,
                   Scalars(), std::nullopt);
}

Tensor packLinear(const Tensor& weight) {
    static const auto op = find<Tensor(const Tensor&, std::optional<int64_t>)>("mkldnn::_reorder_linear_weight");
    return op.call(weight, std::nullopt);
}

Tensor linear(const Tensor& x, const Tensor& packed, const Tensor& bias, Activation activation) {
    static const auto op = find<Tensor(const Tensor&, const Tensor&, const MaybeTensor&, std::string_view, Scalars, MaybeText)>("mkldnn::_linear_pointwise");
    const Post post = postOf(activation);
    return op.call(x, packed, bias.defined() ? MaybeTensor(bias) : std::nullopt, post.attr, post.scalars, post.algorithm);
}

Tensor linearAdd(const Tensor& x, const Tensor& other, const Tensor& packed, const Tensor& bias) {
    static const auto op = find<Tensor(const Tensor&, const Tensor&, const Tensor&, const MaybeTensor&, std::string_view)>(
        "mkldnn::_linear_pointwise", "binary");
    return op.call(x, other, packed, bias.defined() ? MaybeTensor(bias) : std::nullopt, "add");
}

}  // namespace shortlist::torch_backend::onednn
