// SPDX-License-Identifier: Apache-2.0
// Bodies of the topk_logprobs tests: inputs, call, check against fp64. No Qt, so that they run on a bare server too.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "kernels/half.h"
#include "kernels/topk_logprobs.h"
#include "tests/support/check.h"
#include "tests/support/hash_noise.h"

namespace shortlist::test {

using kernels::DType;

struct TopkCase {
    std::string name;
    DType type;
    int64_t rows, n, stride;
    int k;
    float invTemperature;
    std::string distribution;
};

inline const char* typeName(DType type) { return type == DType::F32 ? "fp32" : type == DType::F16 ? "fp16" : "bf16"; }

// One logit of a named distribution; deterministic.
inline float topkLogit(const std::string& distribution, int64_t row, int64_t i, int64_t n) {
    const auto seed = static_cast<uint32_t>(row + 31);
    const float noise = 3 * (hashNoise(seed, 3 * static_cast<uint64_t>(i)) + hashNoise(seed, 3 * static_cast<uint64_t>(i) + 1) +
                             hashNoise(seed, 3 * static_cast<uint64_t>(i) + 2));
    if (distribution == "ascending")
        return static_cast<float>(i) * 20 / static_cast<float>(n);
    if (distribution == "descending")
        return -static_cast<float>(i) * 20 / static_cast<float>(n);
    if (distribution == "constant")
        return 1.25f;
    if (distribution == "ties")
        return std::round(noise);
    if (distribution == "masked")
        return i > 0 && hashBits(seed, static_cast<uint64_t>(i)) % 3 ? -std::numeric_limits<float>::infinity() : noise;
    if (distribution == "one-finite")
        return i == n / 2 ? -7.5f : -std::numeric_limits<float>::infinity();
    if (distribution == "huge")
        return noise * 5000;
    if (distribution == "subnormal")
        return noise * 1e-40f;
    return noise;
}

inline std::vector<TopkCase> topkCases() {
    std::vector<TopkCase> cases;
    const auto add = [&](DType type, int64_t rows, int64_t n, int64_t extra, int k, float invT, const std::string& distribution) {
        cases.push_back({std::string(typeName(type)) + "/b=" + std::to_string(rows) + "/n=" + std::to_string(n) + "/k=" + std::to_string(k) +
                             (extra ? "/strided" : "") + (invT != 1 ? "/temperature" : "") + "/" + distribution,
                         type, rows, n, n + extra, k, invT, distribution});
    };
    for (const DType type : {DType::F32, DType::F16, DType::BF16})
        for (const char* distribution : {"normal", "ascending", "descending", "constant", "ties", "masked", "one-finite", "subnormal"})
            for (const int64_t n : {1, 2, 85, 1000, 4097})
                add(type, 3, n, n == 85 ? 7 : 0, static_cast<int>(std::min<int64_t>(n, n == 1000 ? 128 : 5)), n == 2 ? 0.5f : 1.0f, distribution);
    add(DType::F32, 4, 1000, 0, 20, 1, "huge");
    add(DType::F32, 0, 10, 0, 3, 1, "normal");
    for (const DType type : {DType::F32, DType::F16, DType::BF16})
        add(type, 2, 151936, 64, 20, 1.0f / 0.7f, "normal");
    add(DType::F32, 1, 151936, 0, 100, 1, "ascending");
    add(DType::F32, 1, 800001, 0, 20, 1, "normal");  // long enough to be split over threads
    return cases;
}

// The logits as stored in their type, and back in fp32 exactly as the kernel sees them.
struct StoredRows {
    std::vector<uint8_t> bytes;
    std::vector<float> values;

    StoredRows(const TopkCase& c, const std::function<float(int64_t, int64_t)>& logit)
        : bytes(static_cast<size_t>(c.rows * c.stride) * kernels::sizeOf(c.type), 0xff), values(static_cast<size_t>(c.rows * c.n)) {
        for (int64_t r = 0; r < c.rows; ++r)
            for (int64_t i = 0; i < c.n; ++i)
                values[static_cast<size_t>(r * c.n + i)] = put(c.type, r * c.stride + i, logit(r, i));
    }

  private:
    float put(DType type, int64_t at, float value) {
        if (type == DType::F32) {
            reinterpret_cast<float*>(bytes.data())[at] = value;
            return value;
        }
        const uint16_t half = type == DType::F16 ? kernels::floatToHalf(value) : kernels::floatToBf16(value);
        reinterpret_cast<uint16_t*>(bytes.data())[at] = half;
        return type == DType::F16 ? kernels::halfToFloat(half) : kernels::bf16ToFloat(half);
    }
};

struct TopkReference {
    std::vector<int32_t> order;  // all ids, best first
    double max = 0, logSum = 0, entropy = 0;
    double invT = 1;
    const float* row = nullptr;

    TopkReference(const float* values, int64_t n, double invTemperature) : order(static_cast<size_t>(n)), invT(invTemperature), row(values) {
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return values[a] > values[b]; });
        max = values[order[0]];
        double sum = 0, weighted = 0;
        for (int64_t i = 0; i < n; ++i) {
            const double z = (values[i] - max) * invT, e = std::exp(z);
            sum += e;
            weighted += e > 0 ? z * e : 0;
        }
        logSum = std::log(sum);
        entropy = logSum - weighted / sum;
    }
    double logprob(int32_t id) const { return (row[id] - max) * invT - logSum; }
};

// The bound of the interface: 2e-6 up to 16 nats, else two units in the last place.
inline bool logprobMatches(float got, double expected) {
    if (std::isinf(expected))
        return std::isinf(got) && got < 0;
    const double ulp = std::ldexp(1.0, std::ilogb(std::max(std::fabs(expected), 1e-30)) - 23);
    return std::fabs(got - expected) <= (std::fabs(expected) <= 16 ? 2e-6 : 2 * ulp);
}

// Runs the op on host rows; on a device other than the CPU the runner copies there and back.
using TopkRunner = std::function<void(const kernels::TopkArgs&, const kernels::TopkOut&)>;

inline void runTopkCase(const TopkCase& c, const TopkRunner& run) {
    const StoredRows rows(c, [&](int64_t r, int64_t i) { return topkLogit(c.distribution, r, i, c.n); });
    const std::vector<int32_t> given = {0, static_cast<int32_t>(c.n - 1), -1, static_cast<int32_t>(c.n)};
    std::vector<uint8_t> buffer(kernels::topkPackedBytes(c.rows, c.k, 4) + 4, 0xcd);
    const kernels::TopkOut out = kernels::topkPackedViews(buffer.data(), c.rows, c.k, 4);
    run({rows.bytes.data(), c.type, c.rows, c.n, c.stride, c.k, c.invTemperature, given.data(), 4}, out);
    for (int64_t r = 0; r < c.rows; ++r) {
        const TopkReference expected(rows.values.data() + r * c.n, c.n, c.invTemperature);
        const std::string where = "row " + std::to_string(r) + ": ";
        check(out.nonfinite[r] == 0, where + "flagged as nonfinite");
        for (int j = 0; j < c.k; ++j) {
            const int32_t id = out.ids[r * c.k + j];
            check(id == expected.order[static_cast<size_t>(j)], where + "rank " + std::to_string(j) + " has id " + std::to_string(id) + ", expected " +
                                                                    std::to_string(expected.order[static_cast<size_t>(j)]));
            check(logprobMatches(out.logprobs[r * c.k + j], expected.logprob(id)), where + "logprob of rank " + std::to_string(j));
        }
        check(std::fabs(out.entropy[r] - expected.entropy) <= 1e-5, where + "entropy");
        const double logsumexp = expected.max * expected.invT + expected.logSum;
        check(std::fabs(out.logsumexp[r] - logsumexp) <= 2e-6 * std::max(1.0, std::fabs(logsumexp)), where + "logsumexp");
        check(logprobMatches(out.given_logprobs[r * 4], expected.logprob(0)), where + "given id 0");
        check(logprobMatches(out.given_logprobs[r * 4 + 1], expected.logprob(given[1])), where + "given id n - 1");
        check(std::isnan(out.given_logprobs[r * 4 + 2]) && std::isnan(out.given_logprobs[r * 4 + 3]), where + "given ids outside");
    }
    for (size_t i = buffer.size() - 4; i < buffer.size(); ++i)
        check(buffer[i] == 0xcd, "wrote behind the packed buffer");
}

// A row with one value that has no place in a distribution, between two good rows.
inline void runNonfiniteCase(DType type, float poison, int64_t at, const TopkRunner& run) {
    const TopkCase c{"", type, 3, 300, 300, 4, 1.0f, "normal"};
    const StoredRows rows(c, [&](int64_t r, int64_t i) { return r == 1 && (i == at || at < 0) ? poison : topkLogit("normal", r, i, c.n); });
    std::vector<uint8_t> buffer(kernels::topkPackedBytes(c.rows, c.k, 0));
    const kernels::TopkOut out = kernels::topkPackedViews(buffer.data(), c.rows, c.k, 0);
    run({rows.bytes.data(), c.type, c.rows, c.n, c.stride, c.k, 1.0f, nullptr, 0}, out);
    check(!out.nonfinite[0] && out.nonfinite[1] && !out.nonfinite[2], "only the poisoned row is flagged");
    check(out.ids[4] == -1 && std::isnan(out.logprobs[4]) && std::isnan(out.entropy[1]) && std::isnan(out.logsumexp[1]), "a flagged row has no number");
    check(out.ids[0] >= 0 && std::isfinite(out.logprobs[8]), "its neighbours do");
}

// NaN and +inf at either end and in the middle of a row, and a row that is nothing but -inf.
inline void runNonfiniteCases(DType type, const TopkRunner& run) {
    constexpr float kInf = std::numeric_limits<float>::infinity();
    for (const float poison : {std::numeric_limits<float>::quiet_NaN(), kInf})
        for (const int64_t at : {0, 3, 150, 299})
            runNonfiniteCase(type, poison, at, run);
    runNonfiniteCase(type, -kInf, -1, run);
}

}  // namespace shortlist::test
