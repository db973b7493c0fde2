// SPDX-License-Identifier: Apache-2.0
#include "kernels/topk_logprobs.h"

#include <cmath>

#include "kernels/topk_logprobs_impl.h"

namespace shortlist::kernels {
namespace {

bool aligned(const void* pointer, size_t bytes) { return reinterpret_cast<uintptr_t>(pointer) % bytes == 0; }

void check(const TopkArgs& args, const TopkOut& out) {
    require(args.type == DType::F32 || args.type == DType::F16 || args.type == DType::BF16,
            "topk_logprobs: type must be F32, F16 or BF16");
    require(args.rows >= 0, "topk_logprobs: rows is negative");
    require(args.n >= 1, "topk_logprobs: n must be at least 1");
    require(args.n <= INT32_MAX, "topk_logprobs: n is over 2^31 - 1");
    require(args.k >= 1, "topk_logprobs: k must be at least 1");
    require(args.k <= kMaxTopk, "topk_logprobs: k is over 128");
    require(args.k <= args.n, "topk_logprobs: k is larger than n");
    require(args.row_stride >= args.n, "topk_logprobs: row_stride is smaller than n");
    require(std::isfinite(args.inv_temperature) && args.inv_temperature > 0,
            "topk_logprobs: inv_temperature must be positive and finite");
    require(args.given_count >= 0, "topk_logprobs: given_count is negative");
    if (args.rows == 0)
        return;
    require(args.logits != nullptr, "topk_logprobs: logits is null");
    require(aligned(args.logits, sizeOf(args.type)), "topk_logprobs: logits is not aligned to its type");
    require(out.ids && out.logprobs && out.logsumexp && out.entropy && out.nonfinite,
            "topk_logprobs: an output pointer is null");
    require(aligned(out.ids, 4) && aligned(out.logprobs, 4) && aligned(out.logsumexp, 4) && aligned(out.entropy, 4),
            "topk_logprobs: an output pointer is not aligned to 4 bytes");
    if (args.given_count > 0) {
        require(args.given != nullptr, "topk_logprobs: given is null but given_count is not 0");
        require(out.given_logprobs != nullptr, "topk_logprobs: given_logprobs is null but given_count is not 0");
        require(aligned(args.given, 4) && aligned(out.given_logprobs, 4),
                "topk_logprobs: given or given_logprobs is not aligned to 4 bytes");
    }
}

}  // namespace

void topkLogprobs(const TopkArgs& args, const TopkOut& out, const Stream& stream, void* workspace,
                  size_t workspaceBytes) {
    check(args, out);
    require(workspaceBytes >= topkLogprobsWorkspace(args, stream.device) &&
                (workspace != nullptr || topkLogprobsWorkspace(args, stream.device) == 0),
            "topk_logprobs: workspace is too small");
    if (args.rows == 0)
        return;
    if (stream.device == Device::Cuda)
        topkLogprobsCuda(args, out, stream, workspace);
    else
        topkLogprobsCpu(args, out, stream);
}

size_t topkLogprobsWorkspace(const TopkArgs& args, Device device) {
    return device == Device::Cuda ? topkLogprobsWorkspaceCuda(args) : 0;
}

size_t topkPackedBytes(int64_t rows, int k, int64_t givenCount) {
    // nonfinite is padded to whole words so that the buffer's size is a multiple of 4
    return static_cast<size_t>(rows) * (8 * static_cast<size_t>(k) + 8 + 4 * static_cast<size_t>(givenCount)) +
           (static_cast<size_t>(rows) + 3) / 4 * 4;
}

TopkOut topkPackedViews(void* buffer, int64_t rows, int k, int64_t givenCount) {
    auto* cursor = static_cast<float*>(buffer);
    TopkOut out;
    out.ids = reinterpret_cast<int32_t*>(cursor);
    out.logprobs = cursor += rows * k;
    out.logsumexp = cursor += rows * k;
    out.entropy = cursor += rows;
    out.given_logprobs = cursor += rows;
    out.nonfinite = reinterpret_cast<uint8_t*>(cursor + rows * givenCount);
    return out;
}

}  // namespace shortlist::kernels
