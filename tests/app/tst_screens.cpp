// SPDX-License-Identifier: Apache-2.0
// The window's main states with the real model, rendered offscreen into <build>/screens; no text may be cut off. Run a second
// time with QT_SCALE_FACTOR=1.5.
#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QLabel>
#include <QMenuBar>
#include <QProgressBar>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "app/views/main_window.h"
#include "tests/support/cases_vlm.h"

using namespace shortlist;
using namespace shortlist::test;

namespace {

// Text of a widget that does not fit, or nothing.
QString clipped(const QWidget& widget) {
    if (!widget.isVisible() || widget.visibleRegion().isEmpty())
        return {};
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) {
        const QRect room = label->contentsRect();
        const QRect needed = label->fontMetrics().boundingRect(QRect(0, 0, room.width(), 10000), label->wordWrap() ? Qt::TextWordWrap : 0, label->text());
        const bool tall = label->wordWrap() && needed.height() > room.height() + 1;
        return tall || needed.width() > room.width() + 1 ? label->text() : QString();
    }
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget))
        return button->text().isEmpty() || button->width() + 1 >= button->minimumSizeHint().width() ? QString() : button->text();
    if (const auto* box = qobject_cast<const QComboBox*>(&widget))
        return box->fontMetrics().horizontalAdvance(box->currentText()) <= box->width() ? QString() : box->currentText();
    return {};
}

}  // namespace

class ScreensTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        if (!QFile::exists(qEnvironmentVariable("SHORTLIST_BACKEND_DIR") + "/libshortlist_torch.so"))
            QSKIP("this build has no libtorch module");
        writeVlmModel(m_vlm.path().toStdString(), readGolden("qwen2_vl.json")[0]);
        m_out = QDir(QStringLiteral(SHORTLIST_SCREENS)).filePath(QString::number(qRound(100 * qApp->devicePixelRatio())));
        QVERIFY(QDir().mkpath(m_out));
    }

    void states_data() {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("language");
        QTest::addColumn<QString>("appearance");
        for (const char* state : {"empty", "one-image", "unsure", "folder-running", "error", "switch-off", "model-card", "vlm-labels", "vlm-answer", "label-editor"})
            for (const char* language : {"en", "zh_CN"})
                for (const char* appearance : {"light", "dark"})
                    QTest::addRow("%s-%s-%s", state, language, appearance) << state << language << appearance;
    }
    void states() {
        QFETCH(QString, state);
        QFETCH(QString, language);
        QFETCH(QString, appearance);
        app::Language translator;
        translator.set(language);
        app::setAppearance(appearance);
        app::Settings settings;
        settings.language = language;
        settings.appearance = appearance;
        settings.logprobs = state != QStringLiteral("switch-off");
        settings.task.answers = state == QLatin1String("vlm-answer");
        settings.task.sets.insert(QStringLiteral("flea market"), QStringLiteral("cat\nquick brown fox\n猫 | 一张猫的照片\nphoto\nCat\n"));
        settings.task.set = QStringLiteral("flea market");
        const bool vlm = state.startsWith(QLatin1String("vlm")) || state == QLatin1String("label-editor");
        app::EngineBridge bridge{{}};
        app::MainWindow window(bridge, translator, settings);
        window.show();
        window.loadModel(vlm ? m_vlm.path() : QStringLiteral("everyday"), QStringLiteral("cpu"));
        QTRY_COMPARE_WITH_TIMEOUT(bridge.model().state, engine::ModelState::Ready, 60000);
        arrange(window, state);
        QTest::qWait(0);
        const QString file = QDir(m_out).filePath(QStringLiteral("%1-%2-%3.png").arg(state, language, appearance));
        QWidget* shown = state == QLatin1String("model-card") || state == QLatin1String("label-editor") ? window.findChild<QDialog*>() : static_cast<QWidget*>(&window);
        QVERIFY(shown && shown->grab().save(file));
        for (const QWidget* widget : window.findChildren<QWidget*>()) {
            const QString text = clipped(*widget);
            QVERIFY2(text.isEmpty(), qPrintable(QStringLiteral("cut off in %1: %2").arg(file, text)));
        }
        translator.set(QStringLiteral("en"));
    }

  private:
    static std::string sample(const char* name) { return std::string(SHORTLIST_SOURCE_DIR "/resources/samples/") + name; }
    static void arrange(app::MainWindow& window, const QString& state) {
        if (state == QLatin1String("model-card"))
            return QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        if (state == QLatin1String("label-editor"))
            return QTest::keyClick(&window, Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
        if (state == QLatin1String("empty"))
            return;
        std::vector<std::string> paths = {sample("stop_sign.png")};
        if (state == QLatin1String("unsure"))
            paths = {sample("coffee.jpg"), sample("stop_sign.png"), sample("temple.jpg"), sample("flower.jpg"), sample("cat.jpg"), sample("rocket.jpg"), sample("astronaut.jpg")};
        if (state == QLatin1String("switch-off"))
            paths = {sample("stop_sign.png"), sample("temple.jpg")};
        if (state == QLatin1String("error"))
            paths = {sample("README.md"), sample("stop_sign.png"), "/nowhere/lost photograph.jpg"};
        if (state == QLatin1String("folder-running"))
            for (int i = 0; i < 3000; ++i)
                paths.push_back(sample(i % 2 ? "flower.jpg" : "temple.jpg"));
        window.openPaths(paths);
        const auto answered = [&] { return window.findChild<app::CandidatePanel*>()->model().rowCount() > 0; };
        if (state == QLatin1String("folder-running")) {
            QTRY_VERIFY_WITH_TIMEOUT(answered(), 60000);
            constexpr int kUnderWay = 100;  // enough for a rate, the time left and the thumbnails
            QTRY_VERIFY_WITH_TIMEOUT(window.findChild<QProgressBar*>()->value() >= kUnderWay, 60000);
            return;
        }
        QTRY_VERIFY_WITH_TIMEOUT(window.settled(), 60000);
    }

    QString m_out;
    QTemporaryDir m_vlm;
};

QTEST_MAIN(ScreensTest)
#include "tst_screens.moc"
