// SPDX-License-Identifier: Apache-2.0
// The CUDA symbols of a build without CUDA.
#include "kernels/image_to_tensor_impl.h"
#include "kernels/topk_logprobs_impl.h"

namespace shortlist::kernels {
namespace {

[[noreturn]] void refuse(const char* op) { throw Error(std::string(op) + ": this build has no CUDA kernels"); }

}  // namespace

void topkLogprobsCuda(const TopkArgs&, const TopkOut&, const Stream&, void*) { refuse("topk_logprobs"); }
size_t topkLogprobsWorkspaceCuda(const TopkArgs&) { refuse("topk_logprobs"); }
void imageToTensorCuda(const ImageToTensorArgs&, void*, const Stream&) { refuse("image_to_tensor"); }

}  // namespace shortlist::kernels
