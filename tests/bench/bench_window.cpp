// SPDX-License-Identifier: Apache-2.0
// bench_window [--images N] [--drop N]
// What the window costs: start-up, stalls of the GUI thread while it classifies, its rate against an engine without a window,
// a large drop, one photograph. Prints JSON. Needs the built-in model; makes its images from the samples.
#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QMimeData>
#include <QPainter>
#include <QProcess>
#include <QRandomGenerator>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "app/views/main_window.h"
#include "engine/scan.h"

namespace shortlist::bench {
namespace {

using Json = nlohmann::ordered_json;

double nowMs() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

void spinUntil(const std::function<bool()>& done) {
    while (!done())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents);
}

// Gaps between the beats of a 1 ms timer on the GUI thread.
class Heartbeat {
  public:
    Heartbeat() {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            const double now = nowMs();
            m_gaps.push_back(now - m_last);
            m_last = now;
        });
        m_timer.start(1);
    }
    Json report() {
        std::sort(m_gaps.begin(), m_gaps.end());
        const auto at = [&](double share) { return m_gaps[std::min(m_gaps.size() - 1, static_cast<size_t>(share * static_cast<double>(m_gaps.size())))]; };
        return {{"beats", m_gaps.size()}, {"p50_ms", at(0.5)}, {"p99_ms", at(0.99)}, {"p999_ms", at(0.999)}, {"max_ms", m_gaps.back()}};
    }

  private:
    QTimer m_timer;
    double m_last = nowMs();
    std::vector<double> m_gaps;
};

struct Window {
    app::Language language;
    app::EngineBridge bridge{{}};
    app::MainWindow window{bridge, language, {}};

    Window() {
        window.show();
        window.loadModel(QStringLiteral("everyday"), QStringLiteral("cpu"));
    }
    void waitForModel() {
        spinUntil([this] { return bridge.model().state == engine::ModelState::Ready; });
    }
    QAbstractItemModel* rows() { return window.findChild<QTreeView*>(QStringLiteral("images"))->model(); }
    app::CandidateModel& candidates() { return window.findChild<app::CandidatePanel*>()->model(); }
};

// Small JPEGs, no two alike, in folders of 1,000.
void makeImages(const QString& folder, int count) {
    const QImage source(QStringLiteral(SHORTLIST_SOURCE_DIR "/resources/samples/temple.jpg"));
    QRandomGenerator random(1);
    for (int i = 0; i < count; ++i) {
        const QString in = QStringLiteral("%1/%2").arg(folder).arg(i / 1000);
        if (i % 1000 == 0)
            QDir().mkpath(in);
        const QPoint corner(static_cast<int>(random.bounded(source.width() - 256)), static_cast<int>(random.bounded(source.height() - 192)));
        source.copy(QRect(corner, QSize(256, 192))).scaled(128, 96).save(QStringLiteral("%1/%2.jpg").arg(in).arg(i % 1000), "JPG", 88);
    }
}

// Images per second of the engine alone, fed as the command line feeds it.
double engineRate(const std::string& folder) {
    std::mutex mutex;
    std::condition_variable changed;
    int done = 0, ready = 0;
    engine::Engine engine({}, [&](engine::Outcome&&) { const std::scoped_lock lock(mutex); ++done; changed.notify_one(); },
                          [&](const engine::ModelStatus& status) { const std::scoped_lock lock(mutex); ready += status.state == engine::ModelState::Ready; changed.notify_one(); });
    engine::ScoreOptions options;
    engine.setOptions(options);
    engine.loadModel({"everyday", "cpu", "auto", 0});
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return ready > 0; });
    }
    const double begin = nowMs();
    int asked = 0;
    engine::scanFolder(folder, true, [&](std::string path) { engine::Request request; request.path = std::move(path); ++asked; return engine.submit(std::move(request)); }, [](const std::string&) {}, {});
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return done == asked; });
    return asked / (nowMs() - begin) * 1e3;
}

// The same folder in a live window; with `beats` the beat of its GUI thread meanwhile, which takes its own share of a core.
double windowRate(const std::string& folder, int count, Json* beats) {
    Window window;
    window.waitForModel();
    auto heartbeat = beats ? std::make_unique<Heartbeat>() : nullptr;
    const double begin = nowMs();
    window.window.openPaths({folder});
    spinUntil([&] { return window.rows()->rowCount() == count && window.window.settled(); });
    const double rate = count / (nowMs() - begin) * 1e3;
    if (beats)
        *beats = heartbeat->report();
    return rate;
}

Json measureRates(const std::string& folder, int count) {
    Json beats;
    std::vector<double> window, alone;
    for (int round = 0; round < 5; ++round) {  // A B B A A B ...
        const bool first = round % 2 == 0;
        if (first)
            window.push_back(windowRate(folder, count, nullptr));
        alone.push_back(engineRate(folder));
        if (!first)
            window.push_back(windowRate(folder, count, nullptr));
    }
    windowRate(folder, count, &beats);
    std::sort(window.begin(), window.end());
    std::sort(alone.begin(), alone.end());
    return {{"images", count}, {"window_images_s", {{"best", window.back()}, {"median", window[2]}}}, {"engine_images_s", {{"best", alone.back()}, {"median", alone[2]}}},
            {"ratio_median", window[2] / alone[2]}, {"ratio_best", window.back() / alone.back()}, {"gui_gaps", beats}};
}

// A large drop before the model is ready, as after a start by drag and drop.
Json measureDrop(const std::string& folder, int count) {
    Window window;
    spinUntil([&] { return window.bridge.model().state != engine::ModelState::None; });
    Heartbeat heartbeat;
    const double begin = nowMs();
    window.window.openPaths({folder});
    spinUntil([&] { return window.rows()->rowCount() > 0; });
    const double firstRow = nowMs() - begin;
    window.waitForModel();
    const double ready = nowMs() - begin;
    spinUntil([&] { return window.candidates().rowCount() > 0; });
    const double firstResult = nowMs() - begin;
    spinUntil([&] { return window.rows()->rowCount() == count; });
    const double allRows = nowMs() - begin;
    return {{"files", count}, {"first_row_ms", firstRow}, {"model_ready_ms", ready}, {"first_result_ms", firstResult}, {"all_rows_ms", allRows}, {"gui_gaps", heartbeat.report()}};
}

// From the drop to the ranked candidates, the model warm.
Json measureOne(const QString& file) {
    QImage(QStringLiteral(SHORTLIST_SOURCE_DIR "/resources/samples/temple.jpg")).scaled(1632, 1224).save(file, "JPG", 90);
    Window window;
    window.waitForModel();
    std::vector<double> times, models;
    for (int i = 0; i < 21; ++i) {
        const double begin = nowMs();
        window.window.openPaths({QFile::encodeName(file).toStdString()});
        spinUntil([&] { return window.rows()->rowCount() == i + 1 && !window.rows()->index(i, app::ImageListModel::kConfidence).data().toString().isEmpty(); });
        times.push_back(nowMs() - begin);
        models.push_back(window.bridge.stats().mean.model);
        spinUntil([&] { return window.window.settled(); });
    }
    times.erase(times.begin());  // the first one opens what is opened once
    std::sort(times.begin(), times.end());
    return {{"pixels", 1632 * 1224}, {"best_ms", times.front()}, {"median_ms", times[times.size() / 2]}, {"model_ms", models.back()}};
}

// The program itself, from fork to its first paint.
Json measureStart(const QString& program) {
    std::vector<double> times;
    for (int i = 0; i < 9; ++i) {
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("SHORTLIST_STARTED_MS"), QString::number(nowMs(), 'f', 3));
        process.setProcessEnvironment(environment);
        process.start(program, {QStringLiteral("--device"), QStringLiteral("cpu")});
        QByteArray line;
        while (!line.contains("first paint") && process.waitForReadyRead(20000))
            line += process.readAllStandardOutput();
        times.push_back(line.split(' ').value(2).toDouble());
        process.kill();
        process.waitForFinished();
    }
    std::sort(times.begin(), times.end());
    return {{"best_ms", times.front()}, {"median_ms", times[times.size() / 2]}};
}

int run(int argc, char** argv) {
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("images"), {}, QStringLiteral("N"), QStringLiteral("5000")});
    parser.addOption({QStringLiteral("drop"), {}, QStringLiteral("N"), QStringLiteral("20000")});
    parser.process(application);
    const int images = parser.value(QStringLiteral("images")).toInt(), drop = parser.value(QStringLiteral("drop")).toInt();
    QTemporaryDir dir;
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, dir.path());
    qputenv("XDG_CONFIG_HOME", QFile::encodeName(dir.path()));
    makeImages(dir.filePath("rate"), images);
    makeImages(dir.filePath("drop"), drop);
    Json report;
    report["start"] = measureStart(QCoreApplication::applicationDirPath() + QStringLiteral("/shortlist"));
    report["one_photo"] = measureOne(dir.filePath("photo.jpg"));
    report["rates"] = measureRates(QFile::encodeName(dir.filePath("rate")).toStdString(), images);
    report["drop"] = measureDrop(QFile::encodeName(dir.filePath("drop")).toStdString(), drop);
    std::printf("%s\n", report.dump(1).c_str());
    return 0;
}

}  // namespace
}  // namespace shortlist::bench

int main(int argc, char** argv) { return shortlist::bench::run(argc, argv); }
