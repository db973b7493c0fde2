// SPDX-License-Identifier: Apache-2.0
// bench_kernels [--device cpu|cuda] [--quick] [--filter TEXT] [--json FILE]
// topk_logprobs against libtorch's x.float().log_softmax(-1).topk(k), a full sort, and the floors of reading and of
// exponentiating, all interleaved in one run. Every result is checked against fp64 before it is timed.
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/log_softmax.h>
#include <c10/core/InferenceMode.h>

#include <cstdio>
#include <fstream>

#include "kernels/cpu/thread_pool.h"
#include "tests/bench/bench_cases.h"
#include "tests/bench/bench_cuda.h"
#include "tests/bench/bench_loops.h"

namespace shortlist::bench {
namespace {

struct Settings {
    bool quick = false;
    std::string device = "cpu", filter, json;
};

struct Ours {
    const Case& c;
    std::vector<uint8_t> packed;
    kernels::TopkOut out;

    explicit Ours(const Case& of) : c(of), packed(kernels::topkPackedBytes(of.rows, of.k, 0)), out(kernels::topkPackedViews(packed.data(), of.rows, of.k, 0)) {}
    void run(const uint8_t* logits) {
        kernels::topkLogprobs({logits, c.type, c.rows, c.n, c.n, c.k, 1.0f, nullptr, 0}, out, {kernels::Device::Cpu, nullptr, c.threads});
    }
};

volatile float g_sink;

nlohmann::ordered_json runCase(const Case& c, const Settings& settings, const Loops& loops) {
    Data data(c);
    Ours ours(c);
    ours.run(data.set(0));
    verify(c, data, ours.out);
    at::set_num_threads(c.threads);
    const size_t rowBytes = c.rowBytes();
    const auto eachRow = [&](const uint8_t* set, auto loop) {
        if (c.threads == 1) {
            for (int64_t r = 0; r < c.rows; ++r)
                g_sink = loop(set + static_cast<size_t>(r) * rowBytes, c.type, c.n);
            return;
        }
        kernels::parallelFor(c.threads, c.rows, [&](int64_t r) { g_sink = loop(set + static_cast<size_t>(r) * rowBytes, c.type, c.n); });
    };
    const auto tensor = [&](int64_t call) { return at::from_blob(data.set(call), {c.rows, c.n}, torchType(c.type)); };
    Side mine{[&](int64_t call) { ours.run(data.set(call)); }, {}};
    Side torch{[&](int64_t call) { g_sink = std::get<0>(at::log_softmax(tensor(call).to(at::kFloat), -1).topk(c.k)).const_data_ptr<float>()[0]; }, {}};
    Side sort{[&](int64_t call) { g_sink = std::get<0>(at::log_softmax(tensor(call).to(at::kFloat), -1).sort(-1, true)).const_data_ptr<float>()[0]; }, {}};
    Side read{[&](int64_t call) { eachRow(data.set(call), loops.read); }, {}};
    Side exponentiate{[&](int64_t call) { eachRow(data.set(call), loops.exponentiate); }, {}};
    std::vector<Side*> sides = {&mine, &torch, &read, &exponentiate};
    const bool sorts = !settings.quick && c.rows * c.n <= 200000 && c.type == DType::F32;
    if (sorts)
        sides.push_back(&sort);
    measureInterleaved(sides, settings.quick ? 3 : 10, settings.quick ? 500 : 3000);
    auto json = report(c, mine.timing(), torch.timing(), read.timing(), "exp", exponentiate.timing());
    if (sorts)
        json["sort_us"] = asJson(sort.timing());
    return json;
}

int run(int argc, char** argv) {
    Settings settings;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--quick")
            settings.quick = true;
        else if (argument == "--filter" && i + 1 < argc)
            settings.filter = argv[++i];
        else if (argument == "--json" && i + 1 < argc)
            settings.json = argv[++i];
        else if (argument == "--device" && i + 1 < argc)
            settings.device = argv[++i];
        else
            settings.device.clear();
    }
    if (settings.device != "cpu" && settings.device != "cuda") {
        std::fprintf(stderr, "usage: bench_kernels [--device cpu|cuda] [--quick] [--filter TEXT] [--json FILE]\n");
        return 2;
    }
    if (!__builtin_cpu_supports("avx2")) {
        std::fprintf(stderr, "bench_kernels: its read and exp loops need AVX2\n");
        return 2;
    }
    const Loops loops = __builtin_cpu_supports("avx512bw") ? loopsAvx512() : loopsAvx2();
    const c10::InferenceMode inference;
    auto results = nlohmann::ordered_json::array();
    if (settings.device == "cuda")
        openCuda();
    for (const Case& c : allCases(settings.device))
        if (c.name().find(settings.filter) != std::string::npos)
            results.push_back(settings.device == "cuda" ? runCudaCase(c, settings.quick) : runCase(c, settings, loops));
    if (!settings.json.empty())
        std::ofstream(settings.json) << results.dump(1) << "\n";
    return results.empty() ? 2 : 0;
}

}  // namespace
}  // namespace shortlist::bench

int main(int argc, char** argv) {
    try {
        return shortlist::bench::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_kernels: %s\n", error.what());
        return 1;
    }
}
