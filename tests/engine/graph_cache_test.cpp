// SPDX-License-Identifier: Apache-2.0
// Which batches become CUDA graphs and what becomes of them, with hooks that only count: no Qt, for torch's headers do not meet it.
#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <cstdio>

#include "engine/torch/graph_cache.h"
#include "tests/support/check.h"

using namespace shortlist;
using namespace shortlist::test;
using torch_backend::GraphCache;

namespace {

struct Counts {
    int captured = 0, replayed = 0, destroyed = 0, networkRuns = 0;
    bool fails = false;
} counts;

torch_backend::CudaHooks countingHooks() {
    torch_backend::CudaHooks hooks;
    hooks.captureGraph = [](int, void (*work)(void*), void* context) -> void* {
        if (counts.fails)
            throw std::runtime_error("no graph today");
        work(context);
        ++counts.captured;
        return new int(counts.captured);
    };
    hooks.replayGraph = [](void*) { ++counts.replayed; };
    hooks.destroyGraph = [](void* graph) {
        ++counts.destroyed;
        delete static_cast<int*>(graph);
    };
    return hooks;
}

at::Tensor batchOf(int64_t size, double value) { return at::full({size, 3, 2, 2}, value); }

std::string failureSaid;

void run() {
    {
        GraphCache cache(countingHooks(), 0, [](const at::Tensor& x) {
            ++counts.networkRuns;
            return x.mul(2).flatten(1);
        }, [](const std::string& reason) { failureSaid = reason; });
        const auto classify = [&](int64_t size) {
            const at::Tensor input = cache.inputFor(size, [&] { return batchOf(size, 1); });
            return cache.run(input);
        };
        check(classify(2).sum().item<double>() == 2 * 2 * 12 && counts.captured == 0, "the first time as it is");
        check(classify(2).sum().item<double>() == 2 * 2 * 12 && counts.captured == 1, "recorded at the second");
        const at::Tensor own = cache.inputFor(2, [] { return at::Tensor(); });
        check(own.defined() && own.sizes() == at::IntArrayRef({2, 3, 2, 2}), "the graph's own input");
        const int runs = counts.networkRuns;
        const at::Tensor output = classify(2);
        check(counts.replayed == 1 && counts.networkRuns == runs && output.size(0) == 2, "replayed from the third on");
        for (int64_t size = 3; size < 3 + static_cast<int64_t>(GraphCache::kKept); ++size)
            for (int i = 0; i < 2; ++i)
                classify(size);
        check(cache.recorded() == GraphCache::kKept && counts.destroyed == 1, "the least recently used one goes");
        check(!cache.inputFor(2, [] { return at::Tensor(); }).defined(), "and it was that of two images");
        counts.fails = true;
        classify(20), classify(20);
        check(failureSaid == "no graph today" && cache.recorded() == GraphCache::kKept, "a failure is said");
        failureSaid.clear();
        check(classify(20).size(0) == 20 && failureSaid.empty(), "once, and it goes on without");
    }
    check(counts.destroyed == counts.captured, "every graph is destroyed");
}

}  // namespace

int main() {
    try {
        run();
        std::puts("graph_cache: passed");
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "graph_cache: %s\n", error.what());
        return 1;
    }
}
