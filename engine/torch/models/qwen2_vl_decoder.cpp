// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/qwen2_vl_decoder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include "engine/torch/nn/cancel.h"
#include "engine/torch/nn/indices.h"

namespace shortlist::torch_backend {
namespace {

std::vector<int64_t> wantedRows(std::span<const Span> spans) {
    std::vector<int64_t> wanted;
    int64_t begin = 0;
    for (const Span& span : spans) {
        for (int64_t row = span.lastOnly ? span.rows - 1 : 0; row < span.rows; ++row)
            wanted.push_back(begin + row);
        begin += span.rows;
    }
    return wanted;
}

}  // namespace

Decoder::Decoder(Weights& weights, const std::string& root, const DecoderShape& shape, Placement placement) : m_shape(shape), m_rotary(shape.headSize(), shape.theta, shape.sections), m_placement(placement) {
    m_table = weights.stored(root + "embed_tokens.weight", {shape.vocabulary, shape.size});
    const int64_t q = shape.size, kv = shape.kvHeads * shape.headSize();
    for (int64_t i = 0; i < shape.depth; ++i) {
        const std::string p = root + "layers." + std::to_string(i) + ".", a = p + "self_attn.", m = p + "mlp.";
        m_layers.push_back({RmsNorm(weights, p + "input_layernorm", shape.size, shape.eps, placement), RmsNorm(weights, p + "post_attention_layernorm", shape.size, shape.eps, placement),
                            LazyLinear(weights, {a + "q_proj", a + "k_proj", a + "v_proj"}, shape.size, {q, kv, kv}, true, placement),
                            LazyLinear(weights, {a + "o_proj"}, shape.size, {shape.size}, false, placement),
                            LazyLinear(weights, {m + "gate_proj", m + "up_proj"}, shape.size, {shape.hidden, shape.hidden}, false, placement),
                            LazyLinear(weights, {m + "down_proj"}, shape.hidden, {shape.size}, false, placement)});
    }
    m_norm = RmsNorm(weights, root + "norm", shape.size, shape.eps, placement);
    m_head = LogitsHead(shape.tied ? m_table : weights.stored("lm_head.weight", {shape.vocabulary, shape.size}), placement);
    if (placement.device.is_cuda())
        m_table = placement.keep(m_table);
}

at::Tensor Decoder::embed(const std::vector<int32_t>& ids) const {
    return m_table.index_select(0, indices(std::vector<int64_t>(ids.begin(), ids.end()), m_table.device())).to(m_placement.dtype);
}

KvCache Decoder::makeCache(int64_t capacity) const {
    return {m_shape.depth, m_shape.kvHeads, m_shape.headSize(), capacity, at::TensorOptions().device(m_placement.device).dtype(m_placement.dtype)};
}

// qkv: [rows, q and kv of all heads] -> [rows, or the wanted ones, size]
at::Tensor Decoder::attend(int64_t layer, const at::Tensor& qkv, const Rotary& rotary, std::span<const Span> spans, bool wantedOnly) const {
    const at::Tensor heads = qkv.view({qkv.size(0), m_shape.heads + 2 * m_shape.kvHeads, m_shape.headSize()});
    rotary.apply(heads.narrow(1, 0, m_shape.heads + m_shape.kvHeads));
    std::vector<at::Tensor> mixed;
    int64_t begin = 0;
    for (const Span& span : spans) {
        const at::Tensor own = heads.narrow(0, begin, span.rows);
        span.cache->write(layer, own.narrow(1, m_shape.heads, m_shape.kvHeads), own.narrow(1, m_shape.heads + m_shape.kvHeads, m_shape.kvHeads));
        const int64_t first = wantedOnly && span.lastOnly ? span.rows - 1 : 0, seen = span.cache->length() + span.rows;
        const at::Tensor mask = span.mask.defined() ? span.mask.narrow(0, first, span.rows - first) : at::Tensor();
        mixed.push_back(groupedAttention(own.narrow(0, first, span.rows - first).narrow(1, 0, m_shape.heads), span.cache->keys(layer, seen), span.cache->values(layer, seen),
                                         span.causal && first == 0, mask));
        begin += span.rows;
    }
    return mixed.size() == 1 ? mixed[0] : at::cat(mixed);
}

at::Tensor Decoder::forward(at::Tensor x, const std::vector<Place>& places, std::span<const Span> spans, const std::stop_token& stop) {
    std::vector<float> angles;
    for (const Place& place : places)
        m_rotary.append(place, angles);
    const Rotary rotary = rotaryOf(angles, m_shape.headSize() / 2, m_placement.device);
    const std::vector<int64_t> wanted = wantedRows(spans);
    for (int64_t i = 0; i < m_shape.depth; ++i) {
        throwIfStopped(stop);
        Layer& layer = m_layers[static_cast<size_t>(i)];
        const bool wantedOnly = i + 1 == m_shape.depth && static_cast<int64_t>(wanted.size()) < x.size(0);
        const at::Tensor mixed = attend(i, layer.qkv(layer.norm1(x)), rotary, spans, wantedOnly);
        if (wantedOnly)
            x = x.index_select(0, indices(wanted, m_placement.device));
        x = layer.project(mixed, x);
        x = layer.down(siluGate(layer.gateUp(layer.norm2(x))), x);
    }
    for (const Span& span : spans)
        span.cache->advance(span.rows);
    return m_norm(x);
}

}  // namespace shortlist::torch_backend
