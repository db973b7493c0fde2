// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace shortlist::torch_backend {

// Keys and values of one sequence, all layers, in memory that is reserved ahead.
class KvCache {
  public:
    KvCache(int64_t layers, int64_t heads, int64_t headSize, int64_t capacity, at::TensorOptions options);

    int64_t length() const { return m_length; }
    // Writes behind length(), which stays until advance(): every layer writes the same rows. k, v: [n, heads, d]
    void write(int64_t layer, const at::Tensor& k, const at::Tensor& v);
    void advance(int64_t rows) { m_length += rows; }
    // The first `rows` of a layer, those just written included: [rows, heads, d]
    at::Tensor keys(int64_t layer, int64_t rows) const { return m_keys[static_cast<size_t>(layer)].narrow(0, 0, rows); }
    at::Tensor values(int64_t layer, int64_t rows) const { return m_values[static_cast<size_t>(layer)].narrow(0, 0, rows); }
    // Room for so many more rows; what is there is kept.
    void reserve(int64_t rows);
    // Forgets what is behind the first `length` rows.
    void truncate(int64_t length) { m_length = length; }

  private:
    std::vector<at::Tensor> m_keys, m_values;  // a layer: [capacity, heads, d]
    int64_t m_length = 0;
};

// softmax(q k^T / sqrt(d)) v with groups of query heads that share a key head (Ainslie et al., 2023), without copies of keys and values.
// q: [n, heads, d]; k, v: [rows, kv heads, d] -> [n, heads * d]. Causal: n = rows, and every query sees itself and what is before it. mask:
// bool [n, rows], what a query sees; undefined: every row.
at::Tensor groupedAttention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal, const at::Tensor& mask = {});

}  // namespace shortlist::torch_backend
