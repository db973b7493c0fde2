// SPDX-License-Identifier: Apache-2.0
// A model of the libtorch module as C functions, so that bench_models.py can time it beside ONNX Runtime in one process.
#include <cstdio>

#include "tests/support/open_backend.h"

#define BENCH_API extern "C" __attribute__((visibility("default")))

using shortlist::engine::Backend;
using shortlist::engine::PreparedImage;

// Null with the reason on stderr when it cannot be used.
BENCH_API Backend* bench_open(const char* directory, const char* dtype, int threads) {
    try {
        return shortlist::test::openBackend({directory, "cpu", dtype, threads}).release();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_models: %s\n", error.what());
        return nullptr;
    }
}

BENCH_API void bench_close(Backend* backend) { delete backend; }

BENCH_API const char* bench_dtype(Backend* backend) { return backend->info().dtype.c_str(); }

// RGB [count, side, side, 3] -> the k best of each image; returns the model's own milliseconds for the batch, without preprocessing and
// selection, or -1 with the reason on stderr.
BENCH_API double bench_classify(Backend* backend, const uint8_t* pixels, int count, int side, int k, int32_t* ids, float* logprobs) {
    try {
        std::vector<PreparedImage> images;
        for (int i = 0; i < count; ++i)
            images.push_back({pixels + static_cast<size_t>(i) * 3 * side * side, side, side, 3 * static_cast<int64_t>(side), side, side});
        shortlist::engine::ScoreOptions options;
        options.top_k = k;
        const auto rows = backend->classify(images, options, {});
        std::copy(rows.ids.begin(), rows.ids.end(), ids);
        std::copy(rows.logprobs.begin(), rows.logprobs.end(), logprobs);
        return rows.model_ms;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_models: %s\n", error.what());
        return -1;
    }
}
