// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include <cmath>
#include <vector>

#include "kernels/half.h"
#include "kernels/row_products.h"
#include "tests/support/hash_noise.h"

using namespace shortlist;
using namespace shortlist::kernels;

namespace {

std::vector<uint16_t> bf16Noise(uint32_t seed, int64_t count) {
    std::vector<uint16_t> values;
    for (int64_t i = 0; i < count; ++i)
        values.push_back(floatToBf16(test::hashNoise(seed, static_cast<uint64_t>(i))));
    return values;
}

}  // namespace

class RowProductsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstDouble_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("depth");
        for (const int rows : {1, 2, 3, 6, 7, 15, 64})
            for (const auto& [n, depth] : {std::pair(1, 1), std::pair(5, 31), std::pair(4, 32), std::pair(259, 65), std::pair(1030, 96)})
                QTest::addRow("cpu/rows=%d/n=%d/depth=%d", rows, n, depth) << rows << n << depth;
    }
    // Odd addresses of the table too: in a file it may begin anywhere.
    void againstDouble() {
        QFETCH(int, rows);
        QFETCH(int, n);
        QFETCH(int, depth);
        const auto x = bf16Noise(1, int64_t{rows} * depth), weight = bf16Noise(2, int64_t{n} * depth + 1);
        std::vector<float> out(static_cast<size_t>(rows) * static_cast<size_t>(n) + 1, -7.0f);
        rowProducts({x.data(), weight.data() + 1, rows, n, depth}, out.data(), {Device::Cpu, nullptr, 2});
        for (int r = 0; r < rows; ++r)
            for (int i = 0; i < n; ++i) {
                double sum = 0, size = 0;
                for (int d = 0; d < depth; ++d) {
                    const double product = static_cast<double>(bf16ToFloat(x[static_cast<size_t>(r * depth + d)])) * bf16ToFloat(weight[static_cast<size_t>(i * depth + d + 1)]);
                    sum += product, size += std::fabs(product);
                }
                QVERIFY(std::fabs(out[static_cast<size_t>(r * n + i)] - sum) <= 1e-6 * size);
            }
        QCOMPARE(out.back(), -7.0f);
    }

    // The same bits for a row, whatever stands beside it.
    void sameImageSameNumber() {
        const auto x = bf16Noise(3, 16 * 200), weight = bf16Noise(4, 300 * 200);
        std::vector<float> together(16 * 300), alone(300);
        rowProducts({x.data(), weight.data(), 16, 300, 200}, together.data(), {Device::Cpu, nullptr, 2});
        for (size_t r = 0; r < 16; ++r) {
            rowProducts({x.data() + r * 200, weight.data(), 1, 300, 200}, alone.data(), {});
            QVERIFY(std::equal(alone.begin(), alone.end(), together.begin() + static_cast<std::ptrdiff_t>(r * 300)));
        }
    }

    void refusals() {
        float out = 0;
        const uint16_t value = 0;
        QVERIFY_THROWS_EXCEPTION(Error, rowProducts({nullptr, &value, 1, 1, 1}, &out, {}));
        QVERIFY_THROWS_EXCEPTION(Error, rowProducts({&value, &value, -1, 1, 1}, &out, {}));
        QVERIFY_THROWS_EXCEPTION(Error, rowProducts({&value, &value, 1, 1, 0}, &out, {}));
        QVERIFY_THROWS_EXCEPTION(Error, rowProducts({&value, &value, 1, 1, 1}, &out, {Device::Cuda, nullptr, 1}));
        rowProducts({nullptr, nullptr, 0, 5, 1}, nullptr, {});
    }
};

QTEST_GUILESS_MAIN(RowProductsTest)
#include "tst_row_products.moc"
