// SPDX-License-Identifier: Apache-2.0
// The window offscreen: by drops, keys and clicks; with the fake backend, and once with the real one.
#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QSpinBox>

#include "tests/support/window_rig.h"

using namespace shortlist;
using namespace shortlist::test;
using Rig = shortlist::test::WindowRig;

class MainWindowTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        QLocale::setDefault(QLocale::c());
        Rig::useSettingsIn(m_dir);
        QVERIFY(QDir(m_dir.path()).mkpath("folder/sub"));
        for (int i = 0; i < 6; ++i)
            writeBytes(file(QStringLiteral("folder/%1.jpg").arg(i)).toStdString(), smallJpeg());
        writeBytes(file("folder/sub/7.jpg").toStdString(), smallJpeg());
        writeBytes(file("one.jpg").toStdString(), smallJpeg());
        writeBytes(file("broken.jpg").toStdString(), {0xff, 0xd8, 0xff, 0x00});
    }

    void dropOneImage() {
        Rig rig;
        rig.drop({QUrl::fromLocalFile(file("one.jpg"))});
        QTRY_COMPARE(rig.candidates().rowCount(), 4);
        QCOMPARE(rig.confidence(0), QStringLiteral("70.0 %"));
        QCOMPARE(rig.list()->currentIndex().row(), 0);
        QTRY_VERIFY(rig.window.settled());
        QVERIFY(rig.window.grab().toImage().pixelColor(rig.window.width() / 2, rig.window.height() / 2).isValid());
    }

    void dropAFolder() {
        Rig rig;
        rig.drop({QUrl::fromLocalFile(file("folder"))});
        QTRY_COMPARE(rig.images()->rowCount(), 7);
        QTRY_VERIFY(rig.window.settled());
        for (int row = 0; row < 7; ++row)
            QCOMPARE(rig.confidence(row), QStringLiteral("70.0 %"));
        const int top = rig.candidates().rowCount();
        QTest::keyClick(rig.list(), Qt::Key_Down);
        QCOMPARE(rig.list()->currentIndex().row(), 1);
        QTRY_COMPARE(rig.candidates().rowCount(), top);
    }

    void badFilesBecomeSentences() {
        Rig rig;
        rig.drop({QUrl::fromLocalFile(file("broken.jpg")), QUrl::fromLocalFile(file("gone.jpg")), QUrl::fromLocalFile(file("one.jpg"))});
        QTRY_VERIFY(rig.images()->rowCount() == 3 && rig.window.settled());
        QCOMPARE(rig.best(0), QStringLiteral("failed"));
        QVERIFY(rig.window.findChild<app::ImageView*>()->accessibleDescription().contains("damaged"));
        rig.list()->setCurrentIndex(rig.images()->index(1, 0));
        QVERIFY(rig.window.findChild<app::ImageView*>()->accessibleDescription().contains("cannot be read"));
        QCOMPARE(rig.confidence(2), QStringLiteral("70.0 %"));
        rig.list()->setCurrentIndex(rig.images()->index(2, 0));
        QTRY_VERIFY(rig.window.settled());
        QVERIFY(rig.window.findChild<app::ImageView*>()->accessibleDescription().isEmpty());
    }

    void theSwitch() {
        Rig rig;
        QTest::keyClick(&rig.window, Qt::Key_L, Qt::ControlModifier);
        rig.drop({QUrl::fromLocalFile(file("folder"))});
        QTRY_VERIFY(rig.images()->rowCount() == 7 && rig.window.settled());
        QCOMPARE(rig.confidence(0), QStringLiteral("no logprobs"));
        QCOMPARE(rig.candidates().rowCount(), 1);
        QVERIFY(rig.control->batchesOff > 0);
        QTest::keyClick(&rig.window, Qt::Key_L, Qt::ControlModifier);
        QTRY_COMPARE(rig.confidence(0), QStringLiteral("70.0 %"));  // the selected one runs again at once
        QTRY_COMPARE(rig.candidates().rowCount(), 4);
        QCOMPARE(rig.confidence(1), QStringLiteral("no logprobs"));  // the others do not
    }

    void candidatesAndCopy() {
        Rig rig;
        rig.drop({QUrl::fromLocalFile(file("one.jpg"))});
        QTRY_COMPARE(rig.candidates().rowCount(), 4);
        const int batches = rig.control->batches;
        rig.window.findChild<QSpinBox*>()->setValue(2);
        QCOMPARE(rig.candidates().rowCount(), 2);
        QTest::keyClick(&rig.window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(QGuiApplication::clipboard()->text().startsWith("1\t"));
        QCOMPARE(rig.control->batches.load(), batches);  // another k runs nothing again
    }

    void cancelKeepsWhatIsDone() {
        Rig rig;
        rig.control->delayMs = 60;
        QList<QUrl> urls;
        for (int i = 0; i < 60; ++i)
            urls << QUrl::fromLocalFile(file("one.jpg"));
        rig.drop(urls);
        QTRY_COMPARE(rig.confidence(0), QStringLiteral("70.0 %"));
        QTest::keyClick(&rig.window, Qt::Key_Escape);
        QTRY_VERIFY(rig.window.settled());
        QCOMPARE(rig.best(59), QStringLiteral("cancelled"));
        QCOMPARE(rig.confidence(0), QStringLiteral("70.0 %"));
        rig.drop({QUrl::fromLocalFile(file("one.jpg"))});  // the window goes on
        QTRY_COMPARE(rig.images()->rowCount(), 61);
        QTRY_COMPARE(rig.confidence(60), QStringLiteral("70.0 %"));
    }

    void closingMidRun() {
        auto rig = std::make_unique<Rig>();
        rig->control->delayMs = 20;
        rig->drop({QUrl::fromLocalFile(file("folder"))});
        QTRY_COMPARE(rig->images()->rowCount(), 7);
        rig.reset();
    }

    void modelThatFails() {
        Rig rig;
        QTRY_COMPARE(rig.bridge.model().state, engine::ModelState::Ready);
        rig.control->failLoad = true;
        rig.window.loadModel(QStringLiteral("elsewhere"), QStringLiteral("auto"));
        QTRY_COMPARE(rig.bridge.model().state, engine::ModelState::Failed);
        QVERIFY(rig.sentence().contains("stays as it was"));
        QCOMPARE(rig.window.settings().model, QStringLiteral("everyday"));
        rig.drop({QUrl::fromLocalFile(file("one.jpg"))});
        QTRY_VERIFY(rig.done(1));
        QCOMPARE(rig.confidence(0), QStringLiteral("70.0 %"));  // the old model goes on
    }

    // Everything a person can operate has a name for a screen reader.
    void accessibleNames() {
        Rig rig;
        for (QWidget* widget : rig.window.findChildren<QWidget*>()) {
            const bool operable = qobject_cast<QAbstractItemView*>(widget) || qobject_cast<QAbstractButton*>(widget) || qobject_cast<QAbstractSpinBox*>(widget);
            if (!operable || !widget->isVisibleTo(&rig.window) || widget->objectName().startsWith("qt_"))
                continue;
            const auto* button = qobject_cast<QAbstractButton*>(widget);
            const bool named = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
            QVERIFY2(named || qobject_cast<QHeaderView*>(widget), widget->metaObject()->className());
        }
    }

    void realBackend() {
        const QString samples = QStringLiteral(SHORTLIST_SOURCE_DIR "/resources/samples");
        if (!QFile::exists(qEnvironmentVariable("SHORTLIST_BACKEND_DIR") + "/libshortlist_torch.so"))
            QSKIP("this build has no libtorch module");
        app::EngineBridge bridge{{}};
        app::Language language;
        app::MainWindow window(bridge, language, {});
        window.show();
        window.loadModel(QStringLiteral("everyday"), QStringLiteral("cpu"));
        window.openPaths({samples.toStdString()});
        QTRY_VERIFY_WITH_TIMEOUT(window.settled(), 60000);
        auto* images = window.findChild<QTreeView*>(QStringLiteral("images"))->model();
        QCOMPARE(images->rowCount(), 7);
        for (int row = 0; row < 7; ++row)
            QVERIFY(images->index(row, ImageListModel::kConfidence).data().toString().endsWith(" %"));
        QCOMPARE(window.findChild<app::CandidatePanel*>()->model().rowCount(), 5);
    }

  private:
    QString file(const QString& name) const { return m_dir.filePath(name); }
    QTemporaryDir m_dir;
};

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
