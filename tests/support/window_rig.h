// SPDX-License-Identifier: Apache-2.0
// Bridge and window around the fake backend, with settings in a folder of their own.
#pragma once

#include <QDropEvent>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>

#include "app/views/main_window.h"
#include "tests/support/fake_backend.h"
#include "tests/support/image_files.h"

namespace shortlist::test {

using app::CandidateModel;
using app::ImageListModel;

struct WindowRig {
    std::shared_ptr<FakeControl> control = std::make_shared<FakeControl>();
    app::Language language;
    app::EngineBridge bridge{config(control)};
    app::MainWindow window;

    explicit WindowRig(const app::Settings& settings = {}) : window(bridge, language, settings) {
        window.show();
        window.activateWindow();
        (void)QTest::qWaitForWindowActive(&window);  // shortcuts belong to the active window
        window.loadModel(QStringLiteral("everyday"), QStringLiteral("auto"));
    }
    ~WindowRig() { language.set(QStringLiteral("en")); }

    static engine::EngineConfig config(const std::shared_ptr<FakeControl>& control) {
        engine::EngineConfig config;
        config.maker = fakeMaker(control);
        config.max_batch = 4;
        return config;
    }
    // Once, before the first rig: nothing of the user's is read or written.
    static void useSettingsIn(const QTemporaryDir& dir) { QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, dir.path()); }

    QTreeView* list() { return window.findChild<QTreeView*>(QStringLiteral("images")); }
    QAbstractItemModel* images() { return list()->model(); }
    app::CandidatePanel& panel() { return *window.findChild<app::CandidatePanel*>(); }
    app::ImageView& view() { return *window.findChild<app::ImageView*>(); }
    CandidateModel& candidates() { return panel().model(); }
    QString cell(int row, int column) { return images()->index(row, column).data().toString(); }
    QString best(int row) { return cell(row, ImageListModel::kBest); }
    QString confidence(int row) { return cell(row, ImageListModel::kConfidence); }
    QString sentence() { return window.statusBar()->currentMessage(); }
    void select(int row) { list()->setCurrentIndex(images()->index(row, 0)); }
    bool done(int rows) { return images()->rowCount() == rows && window.settled(); }

    void drop(QMimeData& data) {
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &event);
    }
    void drop(const QList<QUrl>& urls) {
        QMimeData data;
        data.setUrls(urls);
        drop(data);
    }
};

}  // namespace shortlist::test
