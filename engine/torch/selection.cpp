// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/selection.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

#include "engine/torch/device.h"
#include "engine/torch/model_info.h"

namespace shortlist::torch_backend {

// All outputs lie in one buffer: on CUDA one copy brings them to the host, and that copy is the only wait.
Selector::Rows Selector::operator()(const at::Tensor& logits, int64_t k, float inverseTemperature) {
    const auto begin = std::chrono::steady_clock::now();
    kernels::TopkArgs args;
    args.logits = logits.const_data_ptr();
    args.type = kernelType(logits.scalar_type());
    args.rows = logits.size(0);
    args.n = logits.size(1);
    args.row_stride = logits.stride(0);
    args.k = static_cast<int>(std::min<int64_t>(std::clamp<int64_t>(k, 1, kernels::kMaxTopk), args.n));
    args.inv_temperature = inverseTemperature;
    const kernels::Stream stream = streamOf(logits.device());
    const auto bytes = static_cast<int64_t>(kernels::topkPackedBytes(args.rows, args.k, 0));
    const auto byteOptions = at::TensorOptions().dtype(at::kByte).device(logits.device());
    const at::Tensor packed = at::empty({bytes}, byteOptions);
    const auto workspaceBytes = kernels::topkLogprobsWorkspace(args, stream.device);
    if (static_cast<int64_t>(workspaceBytes) > (m_workspace.defined() ? m_workspace.numel() : 0))
        m_workspace = at::zeros({static_cast<int64_t>(workspaceBytes)}, byteOptions);
    kernels::topkLogprobs(args, kernels::topkPackedViews(packed.mutable_data_ptr(), args.rows, args.k, 0), stream,
                          workspaceBytes ? m_workspace.mutable_data_ptr() : nullptr, workspaceBytes);
    const at::Tensor host = packed.cpu();
    m_syncs += logits.is_cuda() ? 1 : 0;
    m_bytes += bytes;
    m_milliseconds += millisecondsSince(begin);
    return {host, kernels::topkPackedViews(host.mutable_data_ptr(), args.rows, args.k, 0), args.rows, args.k};
}

}  // namespace shortlist::torch_backend
