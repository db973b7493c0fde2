// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/torch/models/qwen2_vl_config.h"
#include "engine/torch/nn/attention.h"
#include "engine/torch/nn/lazy_linear.h"
#include "engine/torch/nn/rotary.h"

namespace shortlist::torch_backend {

// Rows of a packed batch that belong to one sequence: they see what is in its cache and, of themselves, what comes before (causal), or what
// `mask` allows (bool [rows, cache length + rows]), or everything.
struct Span {
    KvCache* cache = nullptr;
    int64_t rows = 0;
    bool causal = false;    // only with an empty cache
    bool lastOnly = false;  // the state of its last row is wanted, not those of the others
    at::Tensor mask;
};

// Qwen2-VL's language model: grouped-query attention with M-RoPE, RMSNorm, SwiGLU. Sequences of any lengths run as one packed batch: the
// products see all rows together, attention each sequence alone, so there is no quadratic mask. Used on the inference thread. Reference:
// transformers, Qwen2VLTextModel.
class Decoder {
  public:
    // `root`: what the names begin with, "model." or "model.language_model.".
    Decoder(Weights& weights, const std::string& root, const DecoderShape& shape, Placement placement);

    // ids: on the host -> [ids, size]
    at::Tensor embed(const std::vector<int32_t>& ids) const;
    // x: [rows of all spans, size], places: one a row. Every span's rows are added to its cache. -> the final, normalised states of the rows
    // that the spans want, [wanted, size]; the last layer computes no others. Throws engine::Error(Cancelled) between layers.
    at::Tensor forward(at::Tensor x, const std::vector<Place>& places, std::span<const Span> spans, const std::stop_token& stop);
    // x: [rows, size] -> logits [rows, vocabulary], fp32
    at::Tensor logits(const at::Tensor& x) const { return m_head(x); }
    KvCache makeCache(int64_t capacity) const;

  private:
    struct Layer {
        RmsNorm norm1, norm2;
        LazyLinear qkv, project, gateUp, down;
    };

    at::Tensor attend(int64_t layer, const at::Tensor& qkv, const Rotary& rotary, std::span<const Span> spans, bool wantedOnly) const;

    DecoderShape m_shape;
    TextRotary m_rotary;
    Placement m_placement;
    at::Tensor m_table;  // [vocabulary, size], as stored
    std::vector<Layer> m_layers;
    RmsNorm m_norm;
    LogitsHead m_head;
};

}  // namespace shortlist::torch_backend
