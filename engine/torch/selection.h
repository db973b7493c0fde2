// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "kernels/topk_logprobs.h"

namespace shortlist::torch_backend {

// The fused top-k pass and the one small copy that brings its results to the host. Owned by a backend, used on its thread.
class Selector {
  public:
    // On the host, until the next call. `out` as kernels::TopkOut.
    struct Rows {
        at::Tensor buffer;
        kernels::TopkOut out;
        int64_t rows = 0;
        int k = 0;
    };
    // logits: [rows, n]; k is clamped to 1..kMaxTopk and to n.
    Rows operator()(const at::Tensor& logits, int64_t k, float inverseTemperature = 1.0f);

    // Waits for the device, bytes that came back and time spent since the beginning.
    int64_t syncs() const { return m_syncs; }
    int64_t bytes() const { return m_bytes; }
    double milliseconds() const { return m_milliseconds; }

  private:
    at::Tensor m_workspace;  // of topk_logprobs, zeroed when it was allocated
    int64_t m_syncs = 0, m_bytes = 0;
    double m_milliseconds = 0;
};

}  // namespace shortlist::torch_backend
