// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/rotary.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>

#include <cmath>

#include "kernels/token_ops.h"

namespace shortlist::torch_backend {
namespace {

float frequency(double theta, int64_t i, int64_t size) { return static_cast<float>(1.0 / std::pow(theta, 2.0 * static_cast<double>(i) / static_cast<double>(size))); }

}  // namespace

void Rotary::apply(at::Tensor x) const {
    const int64_t half = cos.size(1);
    if (x.is_cpu() && x.scalar_type() == at::kBFloat16 && x.stride(2) == 1 && x.stride(1) == x.size(2))
        return kernels::rotate({x.mutable_data_ptr(), x.size(0), x.size(1), x.size(2), x.stride(0), cos.const_data_ptr<float>(), sin.const_data_ptr<float>()}, at::get_num_threads());
    const at::Tensor c = cos.unsqueeze(1), s = sin.unsqueeze(1);  // [tokens, 1, half]
    const at::Tensor wide = x.to(at::kFloat);
    const at::Tensor first = wide.narrow(2, 0, half), second = wide.narrow(2, half, half);
    x.copy_(at::cat({first * c - second * s, second * c + first * s}, 2));
}

void VisionRotary::append(int64_t rows, int64_t columns, std::vector<float>& angles) const {
    const int64_t quarter = headSize / 4;
    const auto turn = [&](int64_t position) {
        for (int64_t i = 0; i < quarter; ++i)
            angles.push_back(static_cast<float>(position) * frequency(10000.0, i, headSize / 2));
    };
    for (int64_t y = 0; y < rows; y += merge)
        for (int64_t x = 0; x < columns; x += merge)
            for (int64_t inner = 0; inner < merge * merge; ++inner)
                turn(y + inner / merge), turn(x + inner % merge);
}

void TextRotary::append(const Place& place, std::vector<float>& angles) const {
    int64_t i = 0;
    for (size_t axis = 0; axis < 3; ++axis)
        for (const int64_t end = i + sections[axis]; i < end; ++i)
            angles.push_back(static_cast<float>(place[axis]) * frequency(theta, i, headSize));
}

Rotary rotaryOf(const std::vector<float>& angles, int64_t half, at::Device device) {
    const at::Tensor host = at::from_blob(const_cast<float*>(angles.data()), {static_cast<int64_t>(angles.size()) / half, half}, at::TensorOptions().dtype(at::kFloat));
    return {host.cos().to(device), host.sin().to(device)};
}

}  // namespace shortlist::torch_backend
