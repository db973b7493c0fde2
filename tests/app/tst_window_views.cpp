// SPDX-License-Identifier: Apache-2.0
// What a person does with the results: filter, order, remove, ask again, zoom, save, change language and colours.
#include <QAccessible>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QImageReader>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QToolBar>
#include <QTreeWidget>
#include <QWheelEvent>

#include "tests/support/window_rig.h"

using namespace shortlist;
using namespace shortlist::test;
using Rig = shortlist::test::WindowRig;

class WindowViewsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        QLocale::setDefault(QLocale::c());
        Rig::useSettingsIn(m_dir);
        paint("a-red.png", Qt::red);
        paint("b-green.png", Qt::green);
        paint("c-blue.png", Qt::blue);
        writeBytes(file("d-broken.jpg").toStdString(), {0xff, 0xd8, 0xff, 0x00});
    }

    void filterAndOrder() {
        Rig rig;
        openAll(rig);
        auto* text = rig.window.findChild<QLineEdit*>(QStringLiteral("filter"));
        QTest::keyClicks(text, "gre");
        QCOMPARE(rig.images()->rowCount(), 1);
        QCOMPARE(rig.best(0), QStringLiteral("green"));
        QTest::keyClicks(text, "zzz");
        QCOMPARE(rig.images()->rowCount(), 0);
        QVERIFY(notice(rig).contains("No image passes"));
        clickNotice(rig);
        QCOMPARE(rig.images()->rowCount(), 4);
        QVERIFY(notice(rig).isEmpty());
        auto* state = combo(rig, "Filter by state");
        state->setCurrentIndex(1 + static_cast<int>(ImageListModel::State::Failed));
        QCOMPARE(rig.images()->rowCount(), 1);
        QCOMPARE(rig.cell(0, ImageListModel::kName), QStringLiteral("d-broken.jpg"));
        state->setCurrentIndex(0);
        auto* order = combo(rig, "Order");
        order->setCurrentIndex(order->findText("by best candidate"));
        QCOMPARE(rig.best(1), QStringLiteral("blue"));  // the broken one has no candidate and comes first
        order->setCurrentIndex(order->findText("highest confidence first"));
        QCOMPARE(rig.cell(3, ImageListModel::kName), QStringLiteral("d-broken.jpg"));
        QCOMPARE(rig.cell(0, ImageListModel::kName), QStringLiteral("a-red.png"));  // equal ones keep their order
        order->setCurrentIndex(0);
        QCOMPARE(rig.cell(3, ImageListModel::kName), QStringLiteral("d-broken.jpg"));
    }

    void removeAndClear() {
        Rig rig;
        openAll(rig);
        rig.select(1);
        QTest::keyClick(rig.list(), Qt::Key_Delete);
        QCOMPARE(rig.images()->rowCount(), 3);
        QCOMPARE(rig.cell(1, ImageListModel::kName), QStringLiteral("c-blue.png"));
        rig.control->delayMs = 100;
        rig.select(0);
        QTest::keyClick(&rig.window, Qt::Key_F5);
        QTest::keyClick(rig.list(), Qt::Key_Delete, Qt::ControlModifier | Qt::ShiftModifier);  // its answer is still to come
        QCOMPARE(rig.images()->rowCount(), 0);
        QTRY_VERIFY(rig.window.settled());
        QVERIFY(QFile::exists(file("b-green.png")));
        QVERIFY(rig.view().accessibleDescription().contains("Drop photographs"));
    }

    void anotherModel() {
        Rig rig;
        openAll(rig);
        rig.select(2);
        rig.window.loadModel(QStringLiteral("/models/other"), QStringLiteral("auto"));
        QTRY_VERIFY(notice(rig).contains("2 answers are from an earlier model"));  // the selected one ran again at once
        QCOMPARE(rig.cell(0, ImageListModel::kState), QStringLiteral("earlier model"));
        QCOMPARE(rig.cell(2, ImageListModel::kState), QStringLiteral("classified"));
        QCOMPARE(rig.best(0), QStringLiteral("red"));  // the answer stays
        QCOMPARE(rig.window.settings().recentModels, QStringList{QStringLiteral("/models/other")});
        clickNotice(rig);
        QTRY_COMPARE(rig.cell(0, ImageListModel::kState), QStringLiteral("classified"));
        QTRY_VERIFY(notice(rig).isEmpty());
    }

    void explainAll() {
        Rig rig;
        QTest::keyClick(&rig.window, Qt::Key_L, Qt::ControlModifier);
        openAll(rig);
        QCOMPARE(rig.confidence(0), QStringLiteral("no logprobs"));
        QVERIFY(notice(rig).isEmpty());  // off is what was wanted
        QTest::keyClick(&rig.window, Qt::Key_L, Qt::ControlModifier);
        QTRY_VERIFY(notice(rig).contains("2 images have no logprobs"));
        clickNotice(rig);
        QTRY_COMPARE(rig.confidence(2), QStringLiteral("70.0 %"));
        QTRY_VERIFY(notice(rig).isEmpty());
    }

    void zoomAndPan() {
        Rig rig;
        rig.window.openPaths({file("a-red.png").toStdString()});
        QTRY_VERIFY(rig.done(1) && rig.view().hasImage());
        const double fitted = rig.view().scale();
        QTest::keyClick(&rig.window, Qt::Key_Plus);
        QVERIFY(rig.view().scale() > fitted);
        QTest::keyClick(&rig.window, Qt::Key_Minus);
        QCOMPARE(rig.view().scale(), fitted);
        QTest::keyClick(&rig.window, Qt::Key_1);
        QCOMPARE(rig.view().scale(), 1.0);
        QWheelEvent wheel({50, 50}, rig.view().mapToGlobal(QPoint(50, 50)), {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&rig.view(), &wheel);
        QCOMPARE(rig.view().scale(), 1.25 * 1.25);
        const QImage before = rig.view().grab().toImage();
        QTest::mousePress(&rig.view(), Qt::LeftButton, {}, {60, 60});
        QTest::mouseMove(&rig.view(), {90, 60});
        QMouseEvent drag(QEvent::MouseMove, QPointF(120, 90), rig.view().mapToGlobal(QPointF(120, 90)), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&rig.view(), &drag);
        QVERIFY(rig.view().grab().toImage() != before);
        QTest::keyClick(&rig.window, Qt::Key_0);
        QCOMPARE(rig.view().scale(), fitted);
        for (int i = 0; i < 60; ++i)
            rig.view().zoomIn();
        QCOMPARE(rig.view().scale(), 16.0);  // no further
    }

    void transparency() {
        QImage picture(64, 64, QImage::Format_ARGB32);
        picture.fill(Qt::transparent);
        picture.save(file("clear.png"));
        Rig rig;
        rig.window.openPaths({file("clear.png").toStdString()});
        QTRY_VERIFY(rig.done(1) && rig.view().hasImage());
        const QImage shown = rig.view().grab().toImage();
        QSet<QRgb> colours;
        for (int x = -20; x < 20; ++x)
            colours << shown.pixel(shown.width() / 2 + x, shown.height() / 2);
        QVERIFY(colours.contains(qRgb(0xff, 0xff, 0xff)) && colours.contains(qRgb(0xcc, 0xcc, 0xcc)));
    }

    void stepsByKeyboard() {
        Rig rig;
        openAll(rig);
        rig.select(0);
        QTest::keyClick(rig.list(), Qt::Key_Space);
        QCOMPARE(rig.list()->currentIndex().row(), 1);
        QTest::keyClick(&rig.window, Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(rig.list()->currentIndex().row(), 2);
        QTest::keyClick(&rig.window, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(rig.list()->currentIndex().row(), 1);
        // Tab reaches the filter, the list, the image and the candidates.
        QSet<QString> seen;
        for (int i = 0; i < 40; ++i) {
            QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : &rig.window, Qt::Key_Tab);
            if (QApplication::focusWidget())
                seen << QApplication::focusWidget()->accessibleName();
        }
        for (const char* name : {"Filter by name or candidate", "Images", "Selected image", "Ranked candidates"})
            QVERIFY2(seen.contains(QLatin1String(name)), name);
    }

    void savedResultsAreTheCommandLinesOwn() {
        Rig rig;
        openAll(rig);
        auto* saver = rig.window.findChild<app::ResultSaver*>();
        std::vector<std::shared_ptr<const engine::Outcome>> outcomes;
        auto& images = *qobject_cast<ImageListModel*>(static_cast<QSortFilterProxyModel*>(rig.images())->sourceModel());
        std::string expected = engine::csvHeader(3);
        for (int row = 0; row < images.rowCount(); ++row) {
            outcomes.push_back(images.outcome(row));
            expected += engine::csvRecord(*images.outcome(row), 3);
        }
        saver->save(file("out.csv").toStdString(), engine::RecordFormat::Csv, 3, outcomes);
        QTRY_VERIFY(rig.sentence().contains("4 results were saved"));
        QFile written(file("out.csv"));
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(written.readAll().toStdString(), expected);
        saver->save("/nonexistent/out.csv", engine::RecordFormat::Csv, 3, outcomes);
        QTRY_VERIFY(rig.sentence().contains("were not saved"));
    }

    void settingsRoundTrip() {
        {
            Rig rig;
            rig.window.findChild<QSpinBox*>()->setValue(7);
            QTest::keyClick(&rig.window, Qt::Key_L, Qt::ControlModifier);
            rig.window.resize(1300, 800);
            rig.window.close();
        }
        QString notice;
        const app::Settings settings = app::loadSettings(notice);
        QVERIFY(notice.isEmpty());
        QCOMPARE(settings.topK, 7);
        QVERIFY(!settings.logprobs);
        Rig again(settings);
        QCOMPARE(again.window.findChild<QSpinBox*>()->value(), 7);
        QCOMPARE(again.window.size(), QSize(1300, 800));
    }

    void settingsThatCannotBeUsed() {
        const QString path = m_dir.filePath("shortlist/shortlist.ini");
        const auto with = [&](const QByteArray& text) {
            QFile stored(path);
            QVERIFY(stored.open(QIODevice::WriteOnly));
            stored.write(text);
        };
        QString notice;
        with("\x01\x02 garbage [[[ = = \n\xff\xfe;;;\ntopK=banana\n");
        app::Settings settings = app::loadSettings(notice);
        QVERIFY(notice.contains("cannot be understood"));
        QCOMPARE(settings.topK, 5);
        notice.clear();
        with("[General]\nversion=99\ntopK=4000\nmodel=\nlanguage=tlh\nfuture=1\n");
        settings = app::loadSettings(notice);
        QVERIFY(notice.contains("newer version"));
        QCOMPARE(settings.topK, 20);
        QCOMPARE(settings.model, QStringLiteral("everyday"));
        QVERIFY(settings.language.isEmpty());
        Rig rig(settings);
        rig.window.openPaths({file("a-red.png").toStdString()});
        QTRY_VERIFY(rig.done(1));
        rig.window.close();
        QVERIFY(QSettings(path, QSettings::IniFormat).contains("future"));  // what this version does not know is kept
        QFile::remove(path);
    }

    void languageAndColours() {
        Rig rig;
        openAll(rig);
        choose(rig, "zh_CN");
        QCOMPARE(rig.images()->headerData(ImageListModel::kBest, Qt::Horizontal).toString(), QStringLiteral("最佳候选"));
        QCOMPARE(rig.best(3), QStringLiteral("失败"));
        choose(rig, "en");
        QCOMPARE(rig.images()->headerData(ImageListModel::kBest, Qt::Horizontal).toString(), QStringLiteral("Best candidate"));
        choose(rig, "dark");
        QVERIFY(QApplication::palette().color(QPalette::Window).lightness() < 80);
        QCOMPARE(rig.window.settings().appearance, QStringLiteral("dark"));
        choose(rig, "light");
        QVERIFY(QApplication::palette().color(QPalette::Window).lightness() > 200);
    }

    void helpWindows() {
        Rig rig;
        QTRY_COMPARE(rig.bridge.model().state, engine::ModelState::Ready);
        QTest::keyClick(&rig.window, Qt::Key_F1);
        QTRY_VERIFY(rig.window.findChild<QDialog*>());
        QVERIFY(rig.window.findChild<QTreeWidget*>()->topLevelItemCount() >= 15);
        rig.window.findChild<QDialog*>()->close();
        QTRY_VERIFY(!rig.window.findChild<QDialog*>());
        rig.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&rig.window));
        QTest::keyClick(&rig.window, Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(rig.window.findChild<QListWidget*>());
        QCOMPARE(rig.window.findChild<QListWidget*>()->count(), 4);
    }

    // The tree that a screen reader walks: every control that takes the focus has a name.
    void accessibleTree() {
        Rig rig;
        openAll(rig);
        walk(QAccessible::queryAccessibleInterface(&rig.window));
        QVERIFY(m_visited > 20);
    }

  private:
    QString file(const QString& name) const { return m_dir.filePath(name); }
    void paint(const QString& name, const QColor& colour) {
        QImage picture(320, 240, QImage::Format_RGB32);
        picture.fill(colour);
        QPainter(&picture).drawEllipse(120, 80, 60, 90);
        QVERIFY(picture.save(file(name)));
    }
    void openAll(Rig& rig) {
        rig.window.openPaths({file("a-red.png").toStdString(), file("b-green.png").toStdString(), file("c-blue.png").toStdString(), file("d-broken.jpg").toStdString()});
        QTRY_VERIFY(rig.done(4));
    }
    static QString notice(Rig& rig) {
        const auto* bar = rig.window.findChild<app::ImageListPanel*>()->findChild<app::NoticeBar*>();
        return bar->isVisible() ? bar->sentence() : QString();
    }
    static void clickNotice(Rig& rig) { QTest::mouseClick(rig.window.findChild<app::ImageListPanel*>()->findChild<app::NoticeBar*>()->findChild<QPushButton*>(), Qt::LeftButton); }
    static QComboBox* combo(Rig& rig, const char* name) {
        for (auto* box : rig.window.findChildren<QComboBox*>())
            if (box->accessibleName() == QLatin1String(name))
                return box;
        return nullptr;
    }
    static void choose(Rig& rig, const char* setting) {
        for (QAction* action : rig.window.findChildren<QAction*>())
            if (action->isCheckable() && action->data().toString() == QLatin1String(setting))
                return action->trigger();
        QFAIL(setting);
    }
    void walk(QAccessibleInterface* element) {
        QVERIFY(element);
        ++m_visited;
        const QAccessible::State state = element->state();
        if (state.focusable && !state.invisible && element->object() && qobject_cast<QWidget*>(element->object()))
            QVERIFY2(!element->text(QAccessible::Name).isEmpty(), element->object()->metaObject()->className());
        for (int i = 0; i < element->childCount() && i < 50; ++i)
            if (element->child(i) && element->child(i)->object())
                walk(element->child(i));
    }

    QTemporaryDir m_dir;
    int m_visited = 0;
};

QTEST_MAIN(WindowViewsTest)
#include "tst_window_views.moc"
