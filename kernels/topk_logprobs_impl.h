// SPDX-License-Identifier: Apache-2.0
// One function per device behind topkLogprobs; arguments are already checked.
#pragma once

#include "kernels/topk_logprobs.h"

namespace shortlist::kernels {

void topkLogprobsCpu(const TopkArgs& args, const TopkOut& out, const Stream& stream);
void topkLogprobsCuda(const TopkArgs& args, const TopkOut& out, const Stream& stream, void* workspace);
size_t topkLogprobsWorkspaceCuda(const TopkArgs& args);

}  // namespace shortlist::kernels
