// SPDX-License-Identifier: Apache-2.0
// The rows of bench_kernels: what is measured, on which logits, and the check that comes before the clock.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "tests/bench/bench_timer.h"
#include "tests/support/cases_topk.h"

namespace shortlist::bench {

using kernels::DType;

constexpr int64_t kRotatingBytes = 64 << 20;
constexpr int64_t kDistinctRows = 24;  // generating more takes longer than measuring

struct Case {
    std::string device;  // cpu or cuda
    DType type;
    int64_t rows, n;
    int k, threads;
    std::string distribution;
    bool rotate;  // false: the same row again and again, so that it stays in the second-level cache

    size_t rowBytes() const { return static_cast<size_t>(n) * kernels::sizeOf(type); }
    std::string name() const {
        return "topk/" + device + "/" + test::typeName(type) + "/b" + std::to_string(rows) + "/n" + std::to_string(n) + "/k" + std::to_string(k) +
               (device == "cpu" ? "/t" + std::to_string(threads) : "") + "/" + distribution + (rotate ? "" : "-cached");
    }
};

inline std::vector<Case> allCases(const std::string& device) {
    std::vector<Case> cases;
    for (const auto& [rows, n] : {std::pair<int64_t, int64_t>{1, 151936}, {32, 151936}, {256, 151936}, {256, 1000}, {1, 1000}})
        for (const DType type : {DType::F32, DType::BF16, DType::F16})
            for (const int threads : device == "cpu" ? std::vector<int>{1, 2} : std::vector<int>{1})
                for (const int k : {1, 5, 20, 100})
                    cases.push_back({device, type, rows, n, k, threads, "normal", true});
    if (device == "cpu")
        cases.push_back({device, DType::F32, 512, 151936, 5, 2, "normal", true});  // 311 MB
    for (const char* distribution : {"ascending", "constant", "masked"})
        for (const int k : {5, 20, 100})
            cases.push_back({device, DType::F32, 1, 151936, k, 1, distribution, true});
    for (const DType type : {DType::F32, DType::BF16})
        for (const int k : {1, 5, 20, 100})
            cases.push_back({device, type, 1, 151936, k, 1, "normal", false});
    return cases;
}

// Normal(0, 3) by the sum of twelve uniforms, or one of the named distributions.
inline float logit(const Case& c, int64_t row, int64_t i) {
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
    size_t setBytes() const { return m_setBytes; }
    int64_t sets() const { return m_sets; }
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

// Throws when a rank or a number is not what fp64 gives.
inline void verify(const Case& c, const Data& data, const kernels::TopkOut& out) {
    for (int64_t r = 0; r < std::min(c.rows, kDistinctRows); ++r) {
        const test::TopkReference expected(data.row(r), c.n, 1.0);
        for (int j = 0; j < c.k; ++j) {
            const int32_t id = out.ids[r * c.k + j];
            test::check(id == expected.order[static_cast<size_t>(j)], c.name() + ": wrong id at rank " + std::to_string(j));
            test::check(test::logprobMatches(out.logprobs[r * c.k + j], expected.logprob(id)), c.name() + ": wrong logprob at rank " + std::to_string(j));
        }
        test::check(std::fabs(out.entropy[r] - expected.entropy) <= 1e-5, c.name() + ": wrong entropy");
    }
}

inline at::ScalarType torchType(DType type) { return type == DType::F32 ? at::kFloat : type == DType::F16 ? at::kHalf : at::kBFloat16; }

inline nlohmann::ordered_json asJson(const Timing& timing) { return {{"best", timing.best}, {"median", timing.median}}; }

// One row of the table, for the program and for people. `read` is the floor of merely reading.
inline nlohmann::ordered_json report(const Case& c, const Timing& ours, const Timing& torch, const Timing& read, const char* floorName, const Timing& floor) {
    std::printf("%-52s ours %9.1f (best %9.1f)  torch %10.1f  read %8.1f  %s %8.1f us  torch/ours %6.1f  ours/%s %5.2f  ours/read %5.2f\n", c.name().c_str(),
                ours.median, ours.best, torch.median, read.median, floorName, floor.median, torch.median / ours.median, floorName,
                ours.median / floor.median, ours.median / read.median);
    std::fflush(stdout);
    const std::string name = floorName;
    return {{"name", c.name()},      {"ours_us", asJson(ours)},         {"torch_us", asJson(torch)},
            {"read_us", asJson(read)}, {name + "_us", asJson(floor)}, {"ratio_torch", torch.median / ours.median},
            {"ratio_" + name, ours.median / floor.median}, {"ratio_read", ours.median / read.median}, {"checked", true}};
}

}  // namespace shortlist::bench
