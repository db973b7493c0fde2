// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/error.h"
#include "kernels/types.h"

namespace shortlist::kernels {

constexpr int kMaxTopk = 128;

// Rows of logits on the stream's device. `row_stride` is in elements and >= n. With s_i = logits[i] *
// inv_temperature the row's distribution is softmax(s). `given` holds `given_count` class ids that are scored
// for every row in addition to the k best.
struct TopkArgs {
    const void* logits = nullptr;
    DType type = DType::F32;
    int64_t rows = 0;
    int64_t n = 0;
    int64_t row_stride = 0;
    int k = 1;
    float inv_temperature = 1.0f;
    const int32_t* given = nullptr;
    int64_t given_count = 0;
};

// All on the stream's device, caller-owned; natural logarithms (nats).
//   ids, logprobs   [rows, k]   ordered by logprob descending, then by lower id
//   logsumexp       [rows]      of the scaled logits s
//   entropy         [rows]      of softmax(s); a term of -inf counts 0
//   nonfinite       [rows]      1: NaN or +inf in the row, or nothing but -inf; then every id of the row is -1
//                               and every number NaN, since no probability exists
//   given_logprobs  [rows, given_count]; NaN for an id outside [0, n). May be null when given_count is 0
// A logit of -inf is legal: probability 0, logprob -inf.
struct TopkOut {
    int32_t* ids = nullptr;
    float* logprobs = nullptr;
    float* logsumexp = nullptr;
    float* entropy = nullptr;
    uint8_t* nonfinite = nullptr;
    float* given_logprobs = nullptr;
};

// One fused pass over the logits. Error against fp64: logprob <= 2e-6 for |logprob| <= 16, else 2 ulp;
// entropy <= 1e-5. Deterministic. On CUDA one launch, no allocation and no wait, so that a graph can capture it; a row whose largest
// logit * inv_temperature leaves fp32 counts as nonfinite there. Throws kernels::Error that names the argument: k outside 1..128 or above n,
// n < 1 with rows, a negative size, stride < n, a null or misaligned pointer, inv_temperature not positive
// and finite, a workspace that is too small, a launch that failed. rows = 0 is legal and writes nothing.
void topkLogprobs(const TopkArgs& args, const TopkOut& out, const Stream& stream, void* workspace = nullptr,
                  size_t workspaceBytes = 0);

// Bytes of workspace that topkLogprobs needs on `device`; 0 means it may be null. Fill it with zeros once after allocating it; calls
// of any shape may then share it, one after another, and each leaves it ready for the next. Aligned to 8 bytes.
size_t topkLogprobsWorkspace(const TopkArgs& args, Device device);

// One buffer for all outputs, so that one device-to-host copy brings them back.
size_t topkPackedBytes(int64_t rows, int k, int64_t givenCount);
TopkOut topkPackedViews(void* buffer, int64_t rows, int k, int64_t givenCount);

}  // namespace shortlist::kernels
