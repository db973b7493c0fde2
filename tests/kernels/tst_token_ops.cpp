// SPDX-License-Identifier: Apache-2.0
// The bf16 passes between the products, and attention, against fp64.
#include <QTest>

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/attention.h"
#include "kernels/half.h"
#include "kernels/token_ops.h"
#include "tests/support/hash_noise.h"

using namespace shortlist;
using namespace shortlist::kernels;

namespace {

using Numbers = std::vector<uint16_t>;

Numbers noise(uint32_t seed, int64_t count, float scale = 1) {
    Numbers values;
    for (int64_t i = 0; i < count; ++i)
        values.push_back(floatToBf16(scale * test::hashNoise(seed, static_cast<uint64_t>(i))));
    return values;
}

double at(const Numbers& values, int64_t i) { return bf16ToFloat(values[static_cast<size_t>(i)]); }

// Half a unit in the last place of bf16, and a little for the sums.
bool isClose(double got, double expected, double slack = 1e-6) { return std::fabs(got - expected) <= std::fabs(expected) / 256 + slack; }

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// [queries, heads, dim]
std::vector<double> attentionInDouble(const Numbers& q, const Numbers& k, const Numbers& v, const AttentionArgs& args) {
    std::vector<double> out;
    for (int64_t i = 0; i < args.queries; ++i)
        for (int64_t h = 0; h < args.heads; ++h) {
            const int64_t shared = h / (args.heads / args.kv_heads), seen = args.causal ? i + 1 : args.keys;
            const auto hidden = [&](int64_t j) { return args.seen && !args.seen[i * args.keys + j]; };
            std::vector<double> p;
            double largest = -1e300, sum = 0;
            for (int64_t j = 0; j < seen; ++j) {
                double score = 0;
                for (int64_t c = 0; c < args.dim; ++c)
                    score += at(q, i * args.q_stride + h * args.dim + c) * at(k, j * args.kv_stride + shared * args.dim + c);
                p.push_back(hidden(j) ? -1e30 : score / std::sqrt(static_cast<double>(args.dim)));
                largest = std::max(largest, p.back());
            }
            for (double& value : p)
                sum += value = std::exp(value - largest);
            for (int64_t c = 0; c < args.dim; ++c) {
                double mixed = 0;
                for (int64_t j = 0; j < seen; ++j)
                    mixed += p[static_cast<size_t>(j)] / sum * at(v, j * args.kv_stride + shared * args.dim + c);
                out.push_back(mixed);
            }
        }
    return out;
}

}  // namespace

class TokenOpsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void rotates() {
        for (const int64_t dim : {int64_t{4}, int64_t{16}, int64_t{80}, int64_t{128}}) {
            const int64_t tokens = 7, heads = 3, stride = heads * dim + 5;
            Numbers x = noise(1, tokens * stride);
            const Numbers before = x;
            std::vector<float> cos, sin;
            for (int64_t i = 0; i < tokens * dim / 2; ++i) {
                cos.push_back(std::cos(static_cast<float>(i)));
                sin.push_back(std::sin(static_cast<float>(i)));
            }
            rotate({x.data(), tokens, heads, dim, stride, cos.data(), sin.data()}, 2);
            for (int64_t t = 0; t < tokens; ++t)
                for (int64_t c = 0; c < stride; ++c) {
                    const int64_t i = t * stride + c, inHead = c % dim, half = dim / 2;
                    if (c >= heads * dim) {
                        QCOMPARE(x[static_cast<size_t>(i)], before[static_cast<size_t>(i)]);
                        continue;
                    }
                    const auto angle = static_cast<size_t>(t * half + inHead % half);
                    const double other = inHead < half ? -at(before, i + half) : at(before, i - half);
                    QVERIFY(isClose(at(x, i), at(before, i) * cos[angle] + other * sin[angle]));
                }
        }
    }

    void activations() {
        Numbers x = noise(2, 1003, 12), gates = noise(3, 2 * 5 * 37, 9), out(5 * 37);
        x[7] = floatToBf16(std::numeric_limits<float>::quiet_NaN()), x[8] = floatToBf16(-300), x[9] = floatToBf16(300);
        const Numbers before = x;
        quickGelu(x.data(), 1003, 2);
        QVERIFY(std::isnan(at(x, 7)));
        for (int64_t i = 8; i < 1003; ++i)
            QVERIFY(isClose(at(x, i), at(before, i) * sigmoid(1.702 * at(before, i))));
        siluGate(gates.data(), 5, 37, out.data(), 2);
        for (int64_t row = 0; row < 5; ++row)
            for (int64_t i = 0; i < 37; ++i) {
                const double gate = at(gates, 74 * row + i), up = at(gates, 74 * row + 37 + i);
                QVERIFY(isClose(at(out, 37 * row + i), gate * sigmoid(gate) * up));
            }
    }

    void norms() {
        for (const int64_t size : {int64_t{1}, int64_t{15}, int64_t{64}, int64_t{1536}}) {
            const Numbers x = noise(4, 3 * size, 3), weight = noise(5, size);
            Numbers out(static_cast<size_t>(3 * size));
            rmsNorm(x.data(), weight.data(), 3, size, 1e-6f, out.data(), 2);
            for (int64_t row = 0; row < 3; ++row) {
                double sum = 0;
                for (int64_t i = 0; i < size; ++i)
                    sum += at(x, row * size + i) * at(x, row * size + i);
                for (int64_t i = 0; i < size; ++i)
                    QVERIFY(isClose(at(out, row * size + i), at(x, row * size + i) / std::sqrt(sum / static_cast<double>(size) + 1e-6) * at(weight, i)));
            }
        }
    }

    void attends_data() {
        QTest::addColumn<int>("queries");
        QTest::addColumn<int>("keys");
        QTest::addColumn<int>("heads");
        QTest::addColumn<int>("kvHeads");
        QTest::addColumn<int>("dim");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<bool>("masked");
        QTest::newRow("cpu/tree") << 37 << 119 << 4 << 2 << 32 << false << true;
        QTest::newRow("cpu/one key") << 1 << 1 << 1 << 1 << 2 << false << false;
        QTest::newRow("cpu/vision") << 133 << 133 << 2 << 2 << 80 << false << false;
        QTest::newRow("cpu/prefill") << 77 << 77 << 6 << 2 << 128 << true << false;
        QTest::newRow("cpu/prefill of one block") << 24 << 24 << 2 << 1 << 16 << true << false;
        QTest::newRow("cpu/odd head") << 31 << 65 << 2 << 2 << 36 << false << false;
        QTest::newRow("cpu/fewer queries") << 5 << 200 << 4 << 1 << 64 << false << false;
    }
    void attends() {
        QFETCH(int, queries);
        QFETCH(int, keys);
        QFETCH(int, heads);
        QFETCH(int, kvHeads);
        QFETCH(int, dim);
        QFETCH(bool, causal);
        QFETCH(bool, masked);
        std::vector<uint8_t> seen(static_cast<size_t>(queries) * static_cast<size_t>(keys));
        for (size_t i = 0; i < seen.size(); ++i)
            seen[i] = i % static_cast<size_t>(keys) == 0 || test::hashBits(9, i) % 3 == 0;
        const int64_t qStride = heads * dim + 3, kvStride = kvHeads * dim + 1;
        const Numbers q = noise(6, queries * qStride, 4), k = noise(7, keys * kvStride, 2), v = noise(8, keys * kvStride);
        Numbers out(static_cast<size_t>(queries * heads * dim) + 1, 0x1234);
        const AttentionArgs args{q.data(), k.data(), v.data(), queries, keys, heads, kvHeads, dim, qStride, kvStride, causal, masked ? seen.data() : nullptr};
        attention(args, out.data(), 2);
        const std::vector<double> expected = attentionInDouble(q, k, v, args);
        for (size_t i = 0; i < expected.size(); ++i)  // probabilities are rounded to bf16
            QVERIFY2(std::fabs(at(out, static_cast<int64_t>(i)) - expected[i]) <= 1.0 / 128, qPrintable(QString::number(at(out, static_cast<int64_t>(i)) - expected[i])));
        QCOMPARE(out.back(), uint16_t{0x1234});
    }

    void refusals() {
        uint16_t x[4] = {};
        const float one = 1;
        QVERIFY_THROWS_EXCEPTION(Error, rotate({x, 1, 1, 3, 4, &one, &one}, 1));
        QVERIFY_THROWS_EXCEPTION(Error, rotate({x, 1, 2, 2, 3, &one, &one}, 1));
        QVERIFY_THROWS_EXCEPTION(Error, rotate({nullptr, 1, 1, 2, 2, &one, &one}, 1));
        QVERIFY_THROWS_EXCEPTION(Error, quickGelu(nullptr, 3, 1));
        QVERIFY_THROWS_EXCEPTION(Error, siluGate(x, -1, 2, x, 1));
        QVERIFY_THROWS_EXCEPTION(Error, rmsNorm(x, x, 1, 2, -1, x, 1));
        QVERIFY_THROWS_EXCEPTION(Error, attention({x, x, x, 1, 2, 1, 1, 2, 2, 2, true}, x, 1));
        QVERIFY_THROWS_EXCEPTION(Error, attention({x, x, x, 1, 0, 1, 1, 2, 2, 2, false}, x, 1));
        QVERIFY_THROWS_EXCEPTION(Error, attention({x, x, x, 1, 1, 3, 2, 2, 6, 4, false}, x, 1));
        QVERIFY_THROWS_EXCEPTION(Error, attention({x, nullptr, x, 1, 1, 1, 1, 2, 2, 2, false}, x, 1));
        attention({nullptr, nullptr, nullptr, 0, 1, 1, 1, 2, 2, 2, false}, nullptr, 1);
    }
};

QTEST_GUILESS_MAIN(TokenOpsTest)
#include "tst_token_ops.moc"
