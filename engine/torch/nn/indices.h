// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include <vector>

namespace shortlist::torch_backend {

// Places for index_select: an int64 tensor [values] of its own on the device.
inline at::Tensor indices(const std::vector<int64_t>& values, at::Device device) {
    return at::from_blob(const_cast<int64_t*>(values.data()), {static_cast<int64_t>(values.size())}, at::TensorOptions().dtype(at::kLong)).to(device, at::kLong, false, true);
}

}  // namespace shortlist::torch_backend
