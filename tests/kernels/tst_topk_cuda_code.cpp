// SPDX-License-Identifier: Apache-2.0
// The CUDA kernel's own code, block by block on the host. What a card adds is shown by `shortlist-selftest --device cuda`.
#include <QTest>

#include "tests/support/cuda_emulation.h"

namespace shortlist::kernels {
namespace {
alignas(16) unsigned char topkDynamicShared[64 << 10];
}
}  // namespace shortlist::kernels

#include "kernels/cuda/topk_kernel.cuh"
#include "kernels/cuda/topk_plan.h"
#include "tests/support/cases_topk.h"
#include "tests/support/qt_check.h"
#include "tests/support/qt_rows.h"

using namespace shortlist;
using namespace shortlist::kernels;
using namespace shortlist::test;

namespace {

enum class Order { Rising, Falling, Mixed };

// As the launcher does, for a card with so many multiprocessors; blocks run one after another in the given order.
struct Emulated {
    int multiprocessors = 4;
    Order order = Order::Rising;
    TopkPlan forced{0, 0, 0};

    struct Launcher {
        const TopkArgs& args;
        const TopkOut& out;
        const TopkWork& work;
        Order order;

        template <DType type, int kThreads, int kVectors>
        void run() const {
            const size_t bytes = topkSharedBytes<kThreads>(args.k);
            Q_ASSERT(bytes <= 48 << 10);
            emulation::Block block({kThreads, 1, 1}, [&] { topkKernel<type, kThreads, kVectors>(args, out, work); });
            const auto blocks = static_cast<unsigned>(args.rows * work.splits);
            for (unsigned i = 0; i < blocks; ++i) {
                std::memset(topkDynamicShared, 0xa5, sizeof(topkDynamicShared));  // shared memory begins with anything
                block.run({order == Order::Rising ? i : order == Order::Falling ? blocks - 1 - i : (i * 7 + 3) % blocks, 0, 0});
            }
        }
    };
    void operator()(const TopkArgs& args, const TopkOut& out) const {
        if (args.rows == 0)
            return;
        const TopkPlan plan = forced.threads ? forced : topkPlan(args, multiprocessors);
        std::vector<uint64_t> workspace(workspaceBytes(args, plan.splits) / 8 + 1, 0);
        const TopkWork work = workIn(workspace.data(), args, plan.splits);
        for (int call = 0; call < (plan.splits > 1 ? 2 : 1); ++call)  // the second finds what the first left
            launchPlan(plan, args.type, Launcher{args, out, work, order});
    }
};

}  // namespace

class TopkCudaCodeTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstFp64_data() {
        addTopkRows("emulated/");
    }
    void againstFp64() {
        QFETCH(int, index);
        runBody([&] { runTopkCase(topkCases()[static_cast<size_t>(index)], Emulated()); });
    }

    // Every kernel variant, whatever the plan would choose; adversarial rows make its filter overflow.
    void everyVariant_data() {
        QTest::addColumn<int>("splits");
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("vectors");
        for (const int splits : {1, 2, 7, 37})
            for (const int vectors : {1, 4})
                QTest::addRow("splits=%d/vectors=%d", splits, vectors) << splits << 256 << vectors;
        QTest::newRow("warp") << 1 << 32 << 4;
    }
    void everyVariant() {
        QFETCH(int, splits);
        QFETCH(int, threads);
        QFETCH(int, vectors);
        Emulated emulated;
        emulated.forced = {splits, threads, vectors};
        for (const char* distribution : {"normal", "ascending", "constant", "ties", "masked"})
            for (const int k : {1, 16, 20, 128})
                if (k <= threads / 2)
                    runBody([&] { runTopkCase({"", k == 16 ? DType::BF16 : DType::F32, 1, 9001, 9004, k, 0.8f, distribution}, emulated); });
    }

    void sameBitsInAnyOrder() {
        std::vector<std::vector<uint8_t>> results;
        for (const Order order : {Order::Rising, Order::Falling, Order::Mixed}) {
            const TopkCase c{"", DType::F32, 3, 20000, 20000, 20, 1.0f, "ties"};
            const StoredRows rows(c, [&](int64_t r, int64_t i) { return topkLogit("normal", r, i, c.n); });
            std::vector<uint8_t> buffer(topkPackedBytes(c.rows, c.k, 0));
            Emulated emulated;
            emulated.order = order;
            emulated.forced = {10, 256, 1};
            emulated({rows.bytes.data(), c.type, c.rows, c.n, c.stride, c.k, 1.0f, nullptr, 0}, topkPackedViews(buffer.data(), c.rows, c.k, 0));
            results.push_back(buffer);
        }
        QCOMPARE(results[1], results[0]);
        QCOMPARE(results[2], results[0]);
    }

    void alignments() {
        std::vector<uint16_t> storage(4100);
        for (size_t i = 0; i < storage.size(); ++i)
            storage[i] = floatToBf16(topkLogit("normal", 0, static_cast<int64_t>(i), 4100));
        for (const int64_t shift : {0, 1, 2, 3, 5, 7, 8, 13})
            for (const TopkPlan plan : {TopkPlan{1, 32, 4}, TopkPlan{3, 256, 1}}) {
                std::vector<float> row(4000);
                for (size_t i = 0; i < row.size(); ++i)
                    row[i] = bf16ToFloat(storage[i + static_cast<size_t>(shift)]);
                const TopkReference expected(row.data(), 4000, 1);
                std::vector<uint8_t> buffer(topkPackedBytes(1, 9, 0));
                const TopkOut out = topkPackedViews(buffer.data(), 1, 9, 0);
                Emulated emulated;
                emulated.forced = plan;
                emulated({storage.data() + shift, DType::BF16, 1, 4000, 4000, 9, 1.0f, nullptr, 0}, out);
                for (int j = 0; j < 9; ++j)
                    QCOMPARE(out.ids[j], expected.order[static_cast<size_t>(j)]);
            }
    }

    void nonfinite() {
        for (const TopkPlan plan : {TopkPlan{1, 32, 4}, TopkPlan{1, 256, 1}, TopkPlan{2, 256, 1}}) {
            Emulated emulated;
            emulated.forced = plan;
            for (const DType type : {DType::F32, DType::F16, DType::BF16})
                runBody([&] { runNonfiniteCases(type, emulated); });
        }
    }

    void plans() {
        const auto planOf = [](DType type, int64_t rows, int64_t n, int k) {
            TopkArgs args;
            args.type = type;
            args.rows = rows;
            args.n = n;
            args.k = k;
            return topkPlan(args, 132);
        };
        QCOMPARE(planOf(DType::F32, 1, 151936, 20).splits, 149);  // one tile a block
        QCOMPARE(planOf(DType::F32, 1, 151936, 20).vectors, 1);
        QCOMPARE(planOf(DType::F32, 32, 151936, 20).splits, 12);
        QCOMPARE(planOf(DType::F32, 32, 151936, 20).vectors, 4);
        QCOMPARE(planOf(DType::BF16, 4096, 151936, 20).splits, 1);
        QCOMPARE(planOf(DType::F32, 256, 1000, 5).threads, 32);
        QCOMPARE(planOf(DType::F32, 256, 1000, 100).threads, 256);
        QCOMPARE(planOf(DType::F32, 1, 1000, 5).threads, 256);
    }
};

QTEST_GUILESS_MAIN(TopkCudaCodeTest)
#include "tst_topk_cuda_code.moc"
