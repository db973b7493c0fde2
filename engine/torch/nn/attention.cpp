// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/attention.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/scaled_dot_product_attention.h>

#include <algorithm>

#include "kernels/attention.h"

namespace shortlist::torch_backend {

KvCache::KvCache(int64_t layers, int64_t heads, int64_t headSize, int64_t capacity, at::TensorOptions options) {
    for (int64_t layer = 0; layer < layers; ++layer) {
        m_keys.push_back(at::empty({capacity, heads, headSize}, options));
        m_values.push_back(at::empty({capacity, heads, headSize}, options));
    }
}

void KvCache::write(int64_t layer, const at::Tensor& k, const at::Tensor& v) {
    m_keys[static_cast<size_t>(layer)].narrow(0, m_length, k.size(0)).copy_(k);
    m_values[static_cast<size_t>(layer)].narrow(0, m_length, v.size(0)).copy_(v);
}

void KvCache::reserve(int64_t rows) {
    if (m_length + rows <= m_keys[0].size(0))
        return;
    const int64_t capacity = std::max(m_length + rows, 2 * m_keys[0].size(0));
    for (auto* all : {&m_keys, &m_values})
        for (at::Tensor& layer : *all) {
            const at::Tensor wider = at::empty({capacity, layer.size(1), layer.size(2)}, layer.options());
            wider.narrow(0, 0, m_length).copy_(layer.narrow(0, 0, m_length));
            layer = wider;
        }
}

at::Tensor groupedAttention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal, const at::Tensor& mask) {
    const int64_t n = q.size(0), heads = q.size(1), d = q.size(2), rows = k.size(0), kvHeads = k.size(1), group = heads / kvHeads;
    const bool plain = q.is_cpu() && q.scalar_type() == at::kBFloat16 && n > 1 && (!mask.defined() || mask.is_contiguous()) && q.stride(1) == d && k.stride(1) == d && k.stride(0) == v.stride(0) && v.stride(1) == d;
    if (plain && kernels::attentionIsFast()) {
        const at::Tensor mixed = at::empty({n, heads * d}, q.options());
        kernels::attention({q.const_data_ptr(), k.const_data_ptr(), v.const_data_ptr(), n, rows, heads, kvHeads, d, q.stride(0), k.stride(0), causal, mask.defined() ? static_cast<const uint8_t*>(mask.const_data_ptr()) : nullptr}, mixed.mutable_data_ptr(),
                           at::get_num_threads());
        return mixed;
    }
    const at::Tensor queries = q.view({n, kvHeads, group, d}).permute({1, 2, 0, 3});  // [kv heads, group, n, d]
    const auto shared = [&](const at::Tensor& x) { return x.permute({1, 0, 2}).unsqueeze(1).expand({kvHeads, group, rows, d}); };
    const auto bias = mask.defined() ? std::optional<at::Tensor>(mask.expand({kvHeads, group, n, rows})) : std::nullopt;
    const at::Tensor mixed = at::scaled_dot_product_attention(queries, shared(k), shared(v), bias, 0.0, causal && n > 1);
    return mixed.permute({2, 0, 1, 3}).reshape({n, heads * d});
}

}  // namespace shortlist::torch_backend
