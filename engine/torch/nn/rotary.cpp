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

std::vector<float> frequencies(double theta, int64_t size) {
    std::vector<float> all;
    for (int64_t i = 0; i < size / 2; ++i)
        all.push_back(static_cast<float>(1.0 / std::pow(theta, 2.0 * static_cast<double>(i) / static_cast<double>(size))));
    return all;
}

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

VisionRotary::VisionRotary(int64_t headSize, int64_t merge) : m_merge(merge), m_frequencies(frequencies(10000.0, headSize / 2)) {}

void VisionRotary::append(int64_t rows, int64_t columns, std::vector<float>& angles) const {
    const auto turn = [&](int64_t position) {
        for (const float frequency : m_frequencies)
            angles.push_back(static_cast<float>(position) * frequency);
    };
    for (int64_t y = 0; y < rows; y += m_merge)
        for (int64_t x = 0; x < columns; x += m_merge)
            for (int64_t inner = 0; inner < m_merge * m_merge; ++inner)
                turn(y + inner / m_merge), turn(x + inner % m_merge);
}

TextRotary::TextRotary(int64_t headSize, double theta, const std::array<int64_t, 3>& sections) : m_sections(sections), m_frequencies(frequencies(theta, headSize)) {}

void TextRotary::append(const Place& place, std::vector<float>& angles) const {
    auto frequency = m_frequencies.begin();
    for (size_t axis = 0; axis < 3; ++axis)
        for (const auto end = frequency + m_sections[axis]; frequency < end; ++frequency)
            angles.push_back(static_cast<float>(place[axis]) * *frequency);
}

Rotary rotaryOf(const std::vector<float>& angles, int64_t half, at::Device device) {
    const at::Tensor host = at::from_blob(const_cast<float*>(angles.data()), {static_cast<int64_t>(angles.size()) / half, half}, at::TensorOptions().dtype(at::kFloat));
    return {host.cos().to(device), host.sin().to(device)};
}

}  // namespace shortlist::torch_backend
