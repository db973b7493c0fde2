// SPDX-License-Identifier: Apache-2.0
// bench_kernels [--quick] [--filter TEXT] [--json FILE]
// topk_logprobs against libtorch's x.float().log_softmax(-1).topk(k), a full sort, and the floors of reading and of
// exponentiating, all interleaved in one run. Every result is checked against fp64 before it is timed.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/log_softmax.h>
#include <c10/core/InferenceMode.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/cpu/thread_pool.h"
#include "tests/bench/bench_loops.h"
#include "tests/bench/bench_timer.h"
#include "tests/support/cases_topk.h"

namespace shortlist::bench {
namespace {

using kernels::DType;

constexpr int64_t kRotatingBytes = 64 << 20;
constexpr int64_t kDistinctRows = 24;  // generating more takes longer than measuring

struct Case {
    DType type;
    int64_t rows, n;
    int k, threads;
    std::string distribution;
    bool rotate;  // false: the same row again and again, so that it stays in the second-level cache

    std::string name() const {
        return std::string("topk/cpu/") + test::typeName(type) + "/b" + std::to_string(rows) + "/n" + std::to_string(n) + "/k" + std::to_string(k) +
               "/t" + std::to_string(threads) + "/" + distribution + (rotate ? "" : "-cached");
    }
};

struct Settings {
    bool quick = false;
    std::string filter, json;
};

std::vector<Case> allCases() {
    std::vector<Case> cases;
    for (const auto& [rows, n] : {std::pair<int64_t, int64_t>{1, 151936}, {32, 151936}, {256, 151936}, {256, 1000}, {1, 1000}})
        for (const DType type : {DType::F32, DType::BF16, DType::F16})
            for (const int threads : {1, 2})
                for (const int k : {1, 5, 20, 100})
                    cases.push_back({type, rows, n, k, threads, "normal", true});
    for (const char* distribution : {"ascending", "constant", "masked"})
        for (const int k : {5, 20, 100})
            cases.push_back({DType::F32, 1, 151936, k, 1, distribution, true});
    for (const DType type : {DType::F32, DType::BF16})
        for (const int k : {1, 5, 20, 100})
            cases.push_back({type, 1, 151936, k, 1, "normal", false});
    return cases;
}

// Normal(0, 3) by the sum of twelve uniforms, or one of the named distributions.
float logit(const Case& c, int64_t row, int64_t i) {
    if (c.distribution != "normal")
        return test::topkLogit(c.distribution, row, i, c.n);
    float sum = 0;
    for (uint64_t j = 0; j < 12; ++j)
        sum += test::hashNoise(static_cast<uint32_t>(row + 5), static_cast<uint64_t>(i) * 12 + j);
    return 1.5f * sum;  // twelve uniforms on [-1, 1) have variance 4
}

class Data {
  public:
    explicit Data(const Case& c) : m_case(c), m_setBytes(static_cast<size_t>(c.rows * c.n) * kernels::sizeOf(c.type)) {
        const test::TopkCase rows{"", c.type, std::min(c.rows, kDistinctRows), c.n, c.n, c.k, 1.0f, c.distribution};
        m_first = std::make_unique<test::StoredRows>(rows, [&](int64_t r, int64_t i) { return logit(c, r, i); });
        m_sets = c.rotate ? std::max<int64_t>(1, (kRotatingBytes + static_cast<int64_t>(m_setBytes) - 1) / static_cast<int64_t>(m_setBytes)) : 1;
        m_bytes.resize(m_setBytes * static_cast<size_t>(m_sets) + 64);
        m_begin = m_bytes.data() + (64 - reinterpret_cast<uintptr_t>(m_bytes.data()) % 64) % 64;
        const size_t rowBytes = static_cast<size_t>(c.n) * kernels::sizeOf(c.type);
        for (int64_t row = 0; row < c.rows * m_sets; ++row)
            std::copy_n(m_first->bytes.data() + static_cast<size_t>(row % rows.rows) * rowBytes, rowBytes, m_begin + static_cast<size_t>(row) * rowBytes);
    }
    uint8_t* set(int64_t call) { return m_begin + static_cast<size_t>(call % m_sets) * m_setBytes; }
    // fp32 values of a row of set 0.
    const float* row(int64_t r) const { return m_first->values.data() + r % std::min(m_case.rows, kDistinctRows) * m_case.n; }

  private:
    Case m_case;
    size_t m_setBytes;
    int64_t m_sets = 1;
    std::unique_ptr<test::StoredRows> m_first;
    std::vector<uint8_t> m_bytes;
    uint8_t* m_begin = nullptr;
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

// Throws when a rank or a number is not what fp64 gives.
void verify(const Case& c, Data& data, Ours& ours) {
    ours.run(data.set(0));
    for (int64_t r = 0; r < std::min(c.rows, kDistinctRows); ++r) {
        const test::TopkReference expected(data.row(r), c.n, 1.0);
        for (int j = 0; j < c.k; ++j) {
            const int32_t id = ours.out.ids[r * c.k + j];
            test::check(id == expected.order[static_cast<size_t>(j)], c.name() + ": wrong id at rank " + std::to_string(j));
            test::check(test::logprobMatches(ours.out.logprobs[r * c.k + j], expected.logprob(id)), c.name() + ": wrong logprob at rank " + std::to_string(j));
        }
        test::check(std::fabs(ours.out.entropy[r] - expected.entropy) <= 1e-5, c.name() + ": wrong entropy");
    }
}

at::ScalarType torchType(DType type) { return type == DType::F32 ? at::kFloat : type == DType::F16 ? at::kHalf : at::kBFloat16; }

nlohmann::ordered_json asJson(const Timing& timing) { return {{"best", timing.best}, {"median", timing.median}}; }

volatile float g_sink;

nlohmann::ordered_json runCase(const Case& c, const Settings& settings, const Loops& loops) {
    Data data(c);
    Ours ours(c);
    verify(c, data, ours);
    at::set_num_threads(c.threads);
    const size_t rowBytes = static_cast<size_t>(c.n) * kernels::sizeOf(c.type);
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
    const Timing a = mine.timing(), b = torch.timing(), r = read.timing(), e = exponentiate.timing();
    nlohmann::ordered_json json{{"name", c.name()}, {"ours_us", asJson(a)}, {"torch_us", asJson(b)}, {"read_us", asJson(r)}, {"exp_us", asJson(e)}};
    if (sorts)
        json["sort_us"] = asJson(sort.timing());
    json["ratio_torch"] = b.median / a.median;
    json["ratio_exp"] = a.median / e.median;
    json["ratio_read"] = a.median / r.median;
    json["checked"] = true;
    std::printf("%-52s ours %9.1f (best %9.1f)  torch %10.1f  read %8.1f  exp %8.1f us  torch/ours %6.1f  ours/exp %5.2f  ours/read %5.2f\n",
                c.name().c_str(), a.median, a.best, b.median, r.median, e.median, b.median / a.median, a.median / e.median, a.median / r.median);
    std::fflush(stdout);
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
        else {
            std::fprintf(stderr, "usage: bench_kernels [--quick] [--filter TEXT] [--json FILE]\n");
            return 2;
        }
    }
    if (!__builtin_cpu_supports("avx2")) {
        std::fprintf(stderr, "bench_kernels: its read and exp loops need AVX2\n");
        return 2;
    }
    const Loops loops = __builtin_cpu_supports("avx512bw") ? loopsAvx512() : loopsAvx2();
    const c10::InferenceMode inference;
    auto results = nlohmann::ordered_json::array();
    for (const Case& c : allCases())
        if (c.name().find(settings.filter) != std::string::npos)
            results.push_back(runCase(c, settings, loops));
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
