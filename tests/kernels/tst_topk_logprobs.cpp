// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "tests/support/cases_topk.h"
#include "tests/support/qt_check.h"
#include "tests/support/qt_rows.h"

using namespace shortlist;
using namespace shortlist::test;

namespace {

void runOnCpu(const kernels::TopkArgs& args, const kernels::TopkOut& out) { kernels::topkLogprobs(args, out, {}); }

// Rows, or pieces of one row, on three threads.
void runOnThreads(const kernels::TopkArgs& args, const kernels::TopkOut& out) {
    kernels::topkLogprobs(args, out, {kernels::Device::Cpu, nullptr, 3});
}

}  // namespace

class TopkLogprobsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstFp64_data() {
        addTopkRows("cpu/");
    }
    void againstFp64() {
        QFETCH(int, index);
        runBody([&] { runTopkCase(topkCases()[static_cast<size_t>(index)], runOnCpu); });
        runBody([&] { runTopkCase(topkCases()[static_cast<size_t>(index)], runOnThreads); });
    }

    // Many short rows of changing size, against a full sort in fp64.
    void randomRows() {
        for (int i = 0; i < 50000; ++i) {  // of two rows each
            const uint32_t bits = hashBits(99, static_cast<uint64_t>(i));
            const int64_t n = 1 + bits % 700;
            const int k = static_cast<int>(std::min<int64_t>(n, 1 + (bits >> 10) % 128));
            const char* distribution = (bits >> 20) % 3 == 0 ? "ties" : (bits >> 20) % 3 == 1 ? "masked" : "normal";
            const TopkCase c{"", static_cast<DType>((bits >> 24) % 3), 2, n, n + (bits >> 27), k, 1.0f, distribution};
            runBody([&] { runTopkCase(c, runOnCpu); });
            if (QTest::currentTestFailed())
                return;
        }
    }

    // Every alignment of the row's first logit.
    void alignments() {
        std::vector<float> storage(4000);
        for (size_t i = 0; i < storage.size(); ++i)
            storage[i] = topkLogit("normal", 0, static_cast<int64_t>(i % 3001), 3001);
        for (size_t shift = 0; shift < 16; ++shift) {
            std::rotate(storage.begin(), storage.end() - 1, storage.end());
            std::vector<uint8_t> buffer(kernels::topkPackedBytes(1, 7, 0));
            const kernels::TopkOut out = kernels::topkPackedViews(buffer.data(), 1, 7, 0);
            kernels::topkLogprobs({storage.data() + shift + 1, DType::F32, 1, 3001, 3001, 7, 1.0f, nullptr, 0}, out, {});
            const TopkReference expected(storage.data() + shift + 1, 3001, 1);
            for (int j = 0; j < 7; ++j)
                QCOMPARE(out.ids[j], expected.order[static_cast<size_t>(j)]);
        }
    }

    void nonfinite() {
        for (const DType type : {DType::F32, DType::F16, DType::BF16})
            runBody([&] { runNonfiniteCases(type, runOnCpu); });
    }

    void refusals() {
        std::vector<float> logits(64, 1.0f);
        std::vector<uint8_t> buffer(kernels::topkPackedBytes(2, 8, 1));
        const kernels::TopkOut out = kernels::topkPackedViews(buffer.data(), 2, 8, 0);
        const kernels::TopkArgs good{logits.data(), DType::F32, 2, 16, 32, 8, 1.0f, nullptr, 0};
        const auto refused = [&](auto change, const char* text) {
            kernels::TopkArgs args = good;
            kernels::TopkOut wrong = out;
            change(args, wrong);
            runBody([&] { checkThrows<kernels::Error>([&] { kernels::topkLogprobs(args, wrong, {}); }, text); });
        };
        refused([](auto& a, auto&) { a.k = 0; }, "k must be at least 1");
        refused([](auto& a, auto&) { a.k = 17; }, "k is larger than n");
        refused([](auto& a, auto&) { a.k = 129; }, "k is over 128");
        refused([](auto& a, auto&) { a.n = 0; }, "n must be");
        refused([](auto& a, auto&) { a.rows = -1; }, "rows");
        refused([](auto& a, auto&) { a.row_stride = 15; }, "row_stride");
        refused([](auto& a, auto&) { a.row_stride = -16; }, "row_stride");
        refused([](auto& a, auto&) { a.logits = nullptr; }, "logits is null");
        refused([](auto& a, auto&) { a.logits = reinterpret_cast<const char*>(a.logits) + 2; }, "aligned");
        refused([](auto& a, auto&) { a.inv_temperature = 0; }, "inv_temperature");
        refused([](auto& a, auto&) { a.inv_temperature = std::numeric_limits<float>::quiet_NaN(); }, "inv_temperature");
        refused([](auto& a, auto&) { a.given_count = 1; }, "given is null");
        refused([](auto& a, auto&) { a.type = static_cast<DType>(9); }, "type");
        refused([](auto&, auto& o) { o.entropy = nullptr; }, "output pointer");
    }

    void halfConversions() {
        for (uint32_t bits = 0; bits < 0x10000; ++bits) {
            const auto half = static_cast<uint16_t>(bits);
            const float wide = kernels::halfToFloat(half);
            if (std::isnan(wide))
                QVERIFY(std::isnan(kernels::halfToFloat(kernels::floatToHalf(wide))));
            else
                QCOMPARE(kernels::floatToHalf(wide), half);
            const float brain = kernels::bf16ToFloat(half);
            if (!std::isnan(brain))
                QCOMPARE(kernels::floatToBf16(brain), half);
        }
        QCOMPARE(kernels::floatToHalf(65519.0f), uint16_t{0x7bff});
        QCOMPARE(kernels::floatToHalf(65520.0f), uint16_t{0x7c00});
        QCOMPARE(kernels::floatToHalf(1.00048828125f), uint16_t{0x3c00});   // half way: to even
        QCOMPARE(kernels::floatToHalf(1.00146484375f), uint16_t{0x3c02});
    }
};

QTEST_GUILESS_MAIN(TopkLogprobsTest)
#include "tst_topk_logprobs.moc"
