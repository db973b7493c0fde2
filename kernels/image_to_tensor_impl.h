// SPDX-License-Identifier: Apache-2.0
// One function per device behind imageToTensor; arguments are already checked.
#pragma once

#include "kernels/image_to_tensor.h"

namespace shortlist::kernels {

void imageToTensorCpu(const ImageToTensorArgs& args, void* out, const Stream& stream);
void imageToTensorCuda(const ImageToTensorArgs& args, void* out, const Stream& stream);

}  // namespace shortlist::kernels
