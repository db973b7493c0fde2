// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "engine/scheduler/stats_window.h"

using namespace shortlist::engine;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

Outcome answered(bool logprobs) {
    Outcome outcome;
    outcome.logprobs = logprobs;
    outcome.ms = {2, 1, 0.5, 8, 0.01};
    return outcome;
}

// Delivers at an even rate for `seconds`; returns the time of the last one.
StatsWindow::Time steady(StatsWindow& window, StatsWindow::Time now, double rate, double seconds, bool logprobs) {
    for (int i = 0; i < static_cast<int>(rate * seconds); ++i) {
        now += microseconds(static_cast<int64_t>(1e6 / rate));
        window.delivered(answered(logprobs), now);
    }
    return now;
}

}  // namespace

class StatsWindowTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void rateIsWithinTwoPercent_data() {
        QTest::addColumn<double>("rate");
        for (const double rate : {4.0, 37.0, 950.0, 12000.0})
            QTest::addRow("%g", rate) << rate;
    }
    void rateIsWithinTwoPercent() {
        QFETCH(double, rate);
        StatsWindow window;
        StatsWindow::Time now{};
        for (int i = 0; i < 100000; ++i)
            window.submitted();
        now += milliseconds(4000);  // loading the model counts nowhere
        now = steady(window, now, rate, 8, true);
        const Stats stats = window.snapshot(now);
        QVERIFY2(std::abs(stats.qps / rate - 1) <= 0.02, qPrintable(QString::number(stats.qps)));
        QVERIFY(std::abs(stats.qps_on / rate - 1) <= 0.02);
        QCOMPARE(stats.qps_off, 0.0);
        QCOMPARE(stats.mean.model, 8.0);
    }

    void eachPositionOfTheSwitchHasItsRate() {
        StatsWindow window;
        StatsWindow::Time now{};
        for (int i = 0; i < 100000; ++i)
            window.submitted();
        now = steady(window, now, 100, 6, true);
        now = steady(window, now, 200, 6, false);
        const Stats stats = window.snapshot(now);
        QVERIFY(std::abs(stats.qps_on - 100) <= 2);
        QVERIFY(std::abs(stats.qps_off - 200) <= 4);
    }

    void idleShowsNoRate() {
        StatsWindow window;
        StatsWindow::Time now{};
        window.submitted();
        window.delivered(answered(true), now + milliseconds(5));
        QCOMPARE(window.snapshot(now + milliseconds(6)).qps, 0.0);
        QCOMPARE(window.snapshot(now + milliseconds(6)).delivered, uint64_t{1});
    }

    void failuresCountButNotForTheRate() {
        StatsWindow window;
        Outcome failed;
        failed.failure = Failure{ErrorKind::BadImage, ""};
        window.submitted();
        window.submitted();
        window.delivered(failed, StatsWindow::Time{} + milliseconds(3));
        const Stats stats = window.snapshot(StatsWindow::Time{} + milliseconds(9));
        QCOMPARE(stats.failed, uint64_t{1});
        QCOMPARE(stats.qps, 0.0);
    }
};

QTEST_GUILESS_MAIN(StatsWindowTest)
#include "tst_stats_window.moc"
