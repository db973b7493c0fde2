// SPDX-License-Identifier: Apache-2.0
// Decode pool, batcher and inference thread with the fake backend and real files.
#include <QTemporaryDir>
#include <QTest>
#include <map>

#include "engine/engine.h"
#include "engine/scheduler/batcher.h"
#include "tests/support/fake_backend.h"
#include "tests/support/image_files.h"

using namespace shortlist;
using namespace shortlist::test;
using engine::ErrorKind;
using engine::Outcome;

namespace {

// An engine with the fake backend that collects its outcomes by request id.
class Rig {
  public:
    explicit Rig(bool load = true, int maxBatch = 4) : control(std::make_shared<FakeControl>()) {
        engine::EngineConfig config;
        config.decode_threads = 2;
        config.max_batch = maxBatch;
        config.maker = fakeMaker(control);
        engine = std::make_unique<engine::Engine>(
            config,
            [this](Outcome&& outcome) {
                const std::scoped_lock lock(m_mutex);
                m_order.push_back(outcome.id);
                m_outcomes.emplace(outcome.id, std::move(outcome));
            },
            [](const engine::ModelStatus&) {});
        if (load)
            engine->loadModel({});
    }

    void submit(uint64_t id, const std::string& path, bool interactive = false, uint64_t job = 0) {
        engine->submit({id, job, path, nullptr, interactive});
    }
    size_t count() {
        const std::scoped_lock lock(m_mutex);
        return m_order.size();
    }
    std::vector<uint64_t> order() {
        const std::scoped_lock lock(m_mutex);
        return m_order;
    }
    Outcome outcome(uint64_t id) {
        const std::scoped_lock lock(m_mutex);
        return m_outcomes.at(id);
    }
    // How many answers each id got.
    std::map<uint64_t, size_t> answers() {
        const std::scoped_lock lock(m_mutex);
        std::map<uint64_t, size_t> counts;
        for (const uint64_t id : m_order)
            ++counts[id];
        return counts;
    }

    std::shared_ptr<FakeControl> control;

  private:
    std::mutex m_mutex;
    std::vector<uint64_t> m_order;
    std::map<uint64_t, Outcome> m_outcomes;

  public:
    std::unique_ptr<engine::Engine> engine;
};

}  // namespace

class EngineTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_dir.isValid());
        m_good = m_dir.filePath("good.jpg").toStdString();
        m_bad = m_dir.filePath("bad.jpg").toStdString();
        writeBytes(m_good, smallJpeg());
        auto half = smallJpeg();
        half.resize(half.size() / 2);
        writeBytes(m_bad, half);
    }

    void classifies() {
        Rig rig;
        rig.submit(1, m_good);
        QTRY_COMPARE(rig.count(), size_t{1});
        const Outcome outcome = rig.outcome(1);
        QVERIFY(outcome.ok());
        QCOMPARE(outcome.width, 24);
        QCOMPARE(outcome.candidates.size(), size_t{4});
        QCOMPARE(outcome.model->name, std::string("fake"));
        QVERIFY(std::abs(outcome.margin() - std::log(0.7f / 0.2f)) < 1e-5f);
    }

    void badFilesAmongGood() {
        Rig rig;
        for (uint64_t id = 0; id < 30; ++id)
            rig.submit(id, id % 10 == 3 ? m_bad : id % 10 == 6 ? m_dir.filePath("missing.jpg").toStdString() : m_good);
        QTRY_COMPARE(rig.count(), size_t{30});
        for (uint64_t id = 0; id < 30; ++id) {
            const Outcome outcome = rig.outcome(id);
            QCOMPARE(outcome.ok(), id % 10 != 3 && id % 10 != 6);
            if (id % 10 == 3)
                QCOMPARE(outcome.failure->kind, ErrorKind::BadImage);
            if (id % 10 == 6)
                QCOMPARE(outcome.failure->kind, ErrorKind::Unreadable);
        }
        const engine::Stats stats = rig.engine->stats();
        QCOMPARE(stats.delivered, uint64_t{30});
        QCOMPARE(stats.failed, uint64_t{6});
    }

    void imagesWaitForTheFirstModel() {
        Rig rig(false);
        rig.submit(1, m_good);
        rig.submit(2, m_bad);
        QTRY_COMPARE(rig.count(), size_t{1});  // the bad one needs no model
        QCOMPARE(rig.order().front(), uint64_t{2});
        rig.engine->loadModel({});
        QTRY_COMPARE(rig.count(), size_t{2});
        QVERIFY(rig.outcome(1).ok());
    }

    void modelThatCannotBeLoaded() {
        Rig rig(false);
        rig.control->failLoad = true;
        rig.submit(1, m_good);
        rig.engine->loadModel({});
        QTRY_COMPARE(rig.count(), size_t{1});
        QCOMPARE(rig.outcome(1).failure->kind, ErrorKind::Model);
        QCOMPARE(rig.engine->modelStatus().state, engine::ModelState::Failed);
        rig.control->failLoad = false;
        rig.engine->loadModel({});
        rig.submit(2, m_good);
        QTRY_COMPARE(rig.count(), size_t{2});
        QVERIFY(rig.outcome(2).ok());
        rig.control->failLoad = true;  // the old model stays in use
        rig.engine->loadModel({});
        QTRY_COMPARE(rig.engine->modelStatus().state, engine::ModelState::Failed);
        rig.submit(3, m_good);
        QTRY_COMPARE(rig.count(), size_t{3});
        QVERIFY(rig.outcome(3).ok());
    }

    void backendFailure() {
        Rig rig;
        rig.control->throwAfter = 1;
        for (uint64_t id = 0; id < 20; ++id)
            rig.submit(id, m_good);
        QTRY_COMPARE(rig.count(), size_t{20});
        int failed = 0;
        for (uint64_t id = 0; id < 20; ++id)
            failed += rig.outcome(id).ok() ? 0 : 1;
        QVERIFY(failed >= 16 && failed < 20);
        rig.control->throwAfter = -1;  // the thread lives on
        rig.submit(99, m_good);
        QTRY_COMPARE(rig.count(), size_t{21});
        QVERIFY(rig.outcome(99).ok());
    }

    void outOfMemoryHalvesTheBatch() {
        Rig rig(true, 8);
        rig.control->memoryFor = 2;
        rig.control->delayMs = 5;
        for (uint64_t id = 0; id < 40; ++id)
            rig.submit(id, m_good);
        QTRY_COMPARE(rig.count(), size_t{40});
        for (uint64_t id = 0; id < 40; ++id)
            QVERIFY(rig.outcome(id).ok());
        rig.control->largestBatch = 0;
        for (uint64_t id = 40; id < 60; ++id)
            rig.submit(id, m_good);
        QTRY_COMPARE(rig.count(), size_t{60});
        QVERIFY2(rig.control->largestBatch <= 2, "what did not fit is remembered");
        rig.control->memoryFor = 0;
        rig.submit(100, m_good);
        QTRY_COMPARE(rig.count(), size_t{61});
        QCOMPARE(rig.outcome(100).failure->kind, ErrorKind::OutOfMemory);
    }

    void cancelActsWithinABatch() {
        Rig rig;
        rig.control->delayMs = 20;
        for (uint64_t id = 0; id < 400; ++id)
            rig.submit(id, m_good, false, 7);
        QTRY_VERIFY(rig.count() >= 4);
        rig.engine->cancel(7);
        const int begun = rig.control->batches;
        QTRY_COMPARE(rig.count(), size_t{400});
        QVERIFY2(rig.control->batches <= begun + 1, "at most one batch, already taken, began after the cancel");
        rig.submit(1000, m_good, false, 8);  // another job is not touched
        QTRY_COMPARE(rig.count(), size_t{401});
        QVERIFY(rig.outcome(1000).ok());
        for (const auto& [id, answers] : rig.answers())
            QCOMPARE(answers, size_t{1});
    }

    void cancelEndsTheRunningBatch() {
        Rig rig;
        rig.control->untilStopped = true;
        rig.submit(1, m_good, false, 3);
        QTRY_COMPARE(rig.control->batches.load(), 1);
        rig.engine->cancel(3);
        QTRY_COMPARE(rig.count(), size_t{1});
        QCOMPARE(rig.outcome(1).failure->kind, ErrorKind::Cancelled);
        rig.control->untilStopped = false;
        rig.submit(2, m_good, false, 4);
        QTRY_COMPARE(rig.count(), size_t{2});
        QVERIFY(rig.outcome(2).ok());
    }

    void anotherTaskKeepsTheModel() {
        Rig rig(false);
        engine::BackendConfig config;
        rig.engine->loadModel(config);
        QTRY_COMPARE(rig.engine->modelStatus().state, engine::ModelState::Ready);
        config.task.prompt = "What is this?";
        rig.engine->loadModel(config);
        QTRY_COMPARE(rig.control->tasks.load(), 1);
        QTRY_COMPARE(rig.engine->modelStatus().state, engine::ModelState::Ready);
        config.task.prompt = "bad";
        rig.engine->loadModel(config);
        QTRY_COMPARE(rig.engine->modelStatus().state, engine::ModelState::Failed);
        QCOMPARE(rig.engine->modelStatus().failure.kind, ErrorKind::Usage);
        rig.submit(1, m_good);
        QTRY_COMPARE(rig.count(), size_t{1});
        QVERIFY(rig.outcome(1).ok());
        QCOMPARE(rig.control->loads.load(), 1);
    }

    void interactiveOvertakes() {
        Rig rig;
        rig.control->delayMs = 10;
        for (uint64_t id = 0; id < 200; ++id)
            rig.submit(id, m_good);
        rig.submit(1000, m_good, true);
        QTRY_COMPARE(rig.count(), size_t{201});
        const auto order = rig.order();
        const auto place = std::find(order.begin(), order.end(), uint64_t{1000}) - order.begin();
        QVERIFY2(place < 100, qPrintable(QStringLiteral("came as number %1").arg(place)));
    }

    void switchTakesEffectMidRun() {
        Rig rig;
        rig.control->delayMs = 10;
        for (uint64_t id = 0; id < 500; ++id)
            rig.submit(id, m_good);
        QTRY_VERIFY(rig.count() >= 4);
        engine::ScoreOptions off;
        off.logprobs = false;
        rig.engine->setOptions(off);
        QTRY_COMPARE(rig.count(), size_t{500});
        size_t without = 0;
        for (uint64_t id = 0; id < 500; ++id) {
            const Outcome outcome = rig.outcome(id);
            QVERIFY(outcome.ok());
            without += outcome.logprobs ? 0 : 1;
            QCOMPARE(outcome.candidates.size(), size_t(outcome.logprobs ? 4 : 1));
            QCOMPARE(outcome.candidates[0].index, rig.outcome(0).candidates[0].index);
        }
        QVERIFY(without > 0 && without < 500);
    }

    void nonfiniteRowsShowNoNumber() {
        Rig rig;
        rig.control->nonfinite = true;
        rig.submit(1, m_good);
        QTRY_COMPARE(rig.count(), size_t{1});
        QCOMPARE(rig.outcome(1).failure->kind, ErrorKind::Nonfinite);
        QVERIFY(rig.outcome(1).candidates.empty());
    }

    void bytesWithoutAFile() {
        Rig rig;
        engine::Request request;
        request.id = 5;
        request.path = "pasted";
        request.bytes = std::make_shared<const std::vector<uint8_t>>(smallJpeg());
        QVERIFY(rig.engine->submit(request));
        QTRY_COMPARE(rig.count(), size_t{1});
        QVERIFY(rig.outcome(5).ok());
    }

    void destructorAnswersEverything() {
        Rig rig;
        rig.control->delayMs = 30;
        for (uint64_t id = 0; id < 100; ++id)
            rig.submit(id, m_good);
        rig.engine.reset();
        QCOMPARE(rig.count(), size_t{100});
        QVERIFY(rig.control->batches < 20);
    }

    void batchFitsItsBudget() {
        engine::BatchSizer sizer(0, 250);
        for (int i = 0; i < 20; ++i)
            sizer.finished(static_cast<size_t>(sizer.limit()), 50.0 * sizer.limit());
        QCOMPARE(sizer.limit(), 5);
        for (int i = 0; i < 40; ++i)
            sizer.finished(static_cast<size_t>(sizer.limit()), 0.5 * sizer.limit());
        QCOMPARE(sizer.limit(), engine::BatchSizer::kMaxBatch);
        for (int i = 0; i < 40; ++i)
            sizer.finished(static_cast<size_t>(sizer.limit()), 4000.0 * sizer.limit());
        QCOMPARE(sizer.limit(), 1);
    }

  private:
    QTemporaryDir m_dir;
    std::string m_good, m_bad;
};

QTEST_GUILESS_MAIN(EngineTest)
#include "tst_engine.moc"
