// SPDX-License-Identifier: Apache-2.0
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "app/models/candidate_model.h"
#include "app/models/image_filter_model.h"
#include "app/models/image_list_model.h"

using namespace shortlist;
using app::CandidateModel;
using app::ImageListModel;

namespace {

engine::Outcome answer(uint64_t id, bool logprobs = true) {
    static const auto model = std::make_shared<const engine::ModelIdentity>(engine::ModelIdentity{"m", "", "fp32", "fake", {"cat", "dog"}, false, {}});
    engine::Outcome outcome;
    outcome.id = id;
    outcome.model = model;
    outcome.logprobs = logprobs;
    outcome.candidates = {{1, logprobs ? std::log(0.8f) : NAN}};
    if (logprobs)
        outcome.candidates.push_back({0, std::log(0.2f)});
    return outcome;
}

engine::Outcome failure(uint64_t id, engine::ErrorKind kind) {
    engine::Outcome outcome;
    outcome.id = id;
    outcome.failure = engine::Failure{kind, "detail"};
    return outcome;
}

}  // namespace

class ModelsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void imageList() {
        QLocale::setDefault(QLocale::c());
        ImageListModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.append({"/x/a.jpg", "/x/b.jpg", "/x/c.jpg"}), 0);
        const uint64_t first = model.ask(0), second = model.ask(1), third = model.ask(2);
        QSignalSpy changes(&model, &ImageListModel::dataChanged);
        model.apply({answer(first), failure(second, engine::ErrorKind::BadImage), failure(third, engine::ErrorKind::Cancelled)});
        QCOMPARE(changes.size(), 1);  // one signal for a bunch
        QCOMPARE(model.index(0, ImageListModel::kName).data().toString(), QStringLiteral("a.jpg"));
        QCOMPARE(model.index(0, ImageListModel::kBest).data().toString(), QStringLiteral("dog"));
        QCOMPARE(model.index(0, ImageListModel::kConfidence).data().toString(), QStringLiteral("80.0 %"));
        QCOMPARE(model.state(1), ImageListModel::State::Failed);
        QVERIFY(!model.index(1, 0).data(Qt::ToolTipRole).toString().isEmpty());
        QCOMPARE(model.state(2), ImageListModel::State::Cancelled);
    }

    void filteredAndOrdered() {
        ImageListModel model;
        app::ImageFilterModel shown;
        shown.setSourceModel(&model);
        const QAbstractItemModelTester tester(&shown, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.append({"/x/b.jpg", "/x/a.jpg", "/x/c.jpg", "/x/d.jpg"});
        shown.sort(ImageListModel::kName);
        QCOMPARE(shown.index(0, 0).data().toString(), QStringLiteral("a.jpg"));
        model.apply({answer(model.ask(1)), failure(model.ask(2), engine::ErrorKind::BadImage)});
        shown.setState(ImageListModel::State::Failed);
        QCOMPARE(shown.rowCount(), 1);
        model.remove({2, 0});
        QCOMPARE(shown.rowCount(), 0);
        shown.setState(std::nullopt);
        shown.setText("dog");
        QCOMPARE(shown.rowCount(), 1);
        QCOMPARE(model.rowOf(2), 0);  // keys outlive removals
        QCOMPARE(model.rowOf(3), -1);
        model.append({"/x/dogs.jpg"});
        QCOMPARE(shown.rowCount(), 2);
    }

    void staleAnswersAreDropped() {
        ImageListModel model;
        model.append({"/x/a.jpg"});
        const uint64_t old = model.ask(0), recent = model.ask(0);
        model.apply({answer(recent, true)});
        QVERIFY(model.apply({answer(old, false)}).empty());
        QVERIFY(model.outcome(0)->logprobs);
        QVERIFY(model.apply({answer(uint64_t{1} << 32 | 99)}).empty());  // a row that is not there
        const uint64_t again = model.ask(0);
        model.apply({failure(again, engine::ErrorKind::Cancelled)});
        QCOMPARE(model.state(0), ImageListModel::State::Done);  // the answer it had stands
    }

    void candidates() {
        QLocale::setDefault(QLocale::c());
        CandidateModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setOutcome(std::make_shared<const engine::Outcome>(answer(1)));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, CandidateModel::kValue).data().toString(), QStringLiteral("80.0 %"));
        QVERIFY(std::abs(model.index(1, CandidateModel::kBar).data(CandidateModel::kShareRole).toDouble() - 0.2) < 1e-6);
        model.setShowLogprobs(true);
        QCOMPARE(model.index(0, CandidateModel::kValue).data().toString(), QStringLiteral("-0.223"));
        QCOMPARE(model.asText(), QStringLiteral("1\tdog\t-0.223\n2\tcat\t-1.609\n"));
        model.setTopK(1);
        QCOMPARE(model.rowCount(), 1);
        model.setOutcome(std::make_shared<const engine::Outcome>(answer(1, false)));
        QCOMPARE(model.index(0, CandidateModel::kValue).data().toString(), QStringLiteral("–"));
        QVERIFY(model.index(0, CandidateModel::kBar).data(CandidateModel::kShareRole).toDouble() < 0);
        model.setOutcome(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(ModelsTest)
#include "tst_models.moc"
