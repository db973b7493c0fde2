// SPDX-License-Identifier: Apache-2.0
// Everything that can be dropped or pasted, good and bad; downloads from a real server on loopback.
#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QMessageBox>
#include <QTcpServer>
#include <QTcpSocket>

#include "tests/support/window_rig.h"

using namespace shortlist;
using namespace shortlist::test;
using Rig = shortlist::test::WindowRig;

namespace {

// Answers every request with the same bytes, or with silence.
class Server : public QTcpServer {
  public:
    explicit Server(QByteArray answer) : m_answer(std::move(answer)) {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                ++requests;
                socket->readAll();
                socket->write(m_answer);
            });
        });
    }
    QUrl url(const QString& name) const { return QUrl(QStringLiteral("http://127.0.0.1:%1/%2").arg(serverPort()).arg(name)); }
    int requests = 0;

  private:
    QByteArray m_answer;
};

QByteArray http(const char* status, const QByteArray& body) {
    return QByteArray("HTTP/1.1 ") + status + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

QByteArray jpegBytes() {
    const auto bytes = smallJpeg();
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

// Answers the question that is open.
void answer(Rig& rig, QMessageBox::ButtonRole role) {
    QTRY_VERIFY(rig.window.findChild<QMessageBox*>());
    auto* box = rig.window.findChild<QMessageBox*>();
    for (QAbstractButton* button : box->buttons())
        if (box->buttonRole(button) == role)
            return button->click();
    QFAIL("no such button");
}

}  // namespace

class WindowInputTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        QLocale::setDefault(QLocale::c());
        Rig::useSettingsIn(m_dir);
        writeBytes(file("one.jpg").toStdString(), smallJpeg());
        QDir().mkpath(file("many"));
        for (int i = 0; i < 200; ++i)
            writeBytes(file(QStringLiteral("many/%1.jpg").arg(i)).toStdString(), smallJpeg());
        QDir().mkpath(file("broken"));
        for (int i = 0; i < 1000; ++i)
            writeBytes(file(QStringLiteral("broken/%1.jpg").arg(i)).toStdString(), {0xff, 0xd8, 0xff, 0x00});
    }

    void imageData() {
        Rig rig;
        QMimeData data;
        QImage picture(40, 30, QImage::Format_RGB32);
        picture.fill(Qt::red);
        data.setImageData(picture);
        rig.drop(data);
        QTRY_VERIFY(rig.done(1));
        QCOMPARE(rig.cell(0, ImageListModel::kName), QStringLiteral("pasted 1.png"));
        QCOMPARE(rig.best(0), QStringLiteral("red"));
        QTRY_VERIFY(rig.view().hasImage());  // shown from memory, no file is there
    }

    void imageDataOverTheLimit() {
        Rig rig;
        QMimeData data;
        data.setImageData(QImage(20001, 20001, QImage::Format_Mono));  // 400.04 megapixels
        rig.drop(data);
        QVERIFY(rig.sentence().contains("400 megapixels"));
        QCOMPARE(rig.images()->rowCount(), 0);
    }

    void pasteFilesAndText() {
        Rig rig;
        auto* files = new QMimeData;
        files->setUrls({QUrl::fromLocalFile(file("one.jpg"))});
        QGuiApplication::clipboard()->setMimeData(files);
        QTest::keyClick(&rig.window, Qt::Key_V, Qt::ControlModifier);
        QTRY_VERIFY(rig.done(1));
        QGuiApplication::clipboard()->setText(file("one.jpg") + "\n");
        QTest::keyClick(&rig.window, Qt::Key_V, Qt::ControlModifier);
        QTRY_VERIFY(rig.done(2));
        QCOMPARE(rig.confidence(1), QStringLiteral("70.0 %"));
        QGuiApplication::clipboard()->setText("no picture at all");
        QTest::keyClick(&rig.window, Qt::Key_V, Qt::ControlModifier);
        QVERIFY(rig.sentence().contains("There is no image in it"));
        QCOMPARE(rig.images()->rowCount(), 2);
    }

    void downloadAfterAYes() {
        Rig rig;
        Server server(http("200 OK", jpegBytes()));
        rig.drop({server.url("cat.jpg")});
        answer(rig, QMessageBox::RejectRole);
        QTRY_VERIFY(!rig.window.findChild<QMessageBox*>());
        QCOMPARE(server.requests, 0);  // nothing is fetched before a yes
        rig.drop({server.url("cat.jpg")});
        answer(rig, QMessageBox::AcceptRole);
        QTRY_VERIFY(rig.done(1));
        QCOMPARE(rig.cell(0, ImageListModel::kName), QStringLiteral("cat.jpg"));
        QCOMPARE(rig.confidence(0), QStringLiteral("70.0 %"));
    }

    void downloadsThatFail_data() {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("silence") << QByteArray() << "did not answer in time";
        QTest::newRow("not found") << http("404 Not Found", "") << "could not be downloaded";
        QTest::newRow("too large") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n") + QByteArray(5000, 'x') << "over 64 MB";
    }
    void downloadsThatFail() {
        QFETCH(QByteArray, reply);
        QFETCH(QString, sentence);
        Rig rig;
        rig.window.findChild<app::InputCollector*>()->setDownloadTimeout(300);
        Server server(reply);
        rig.drop({server.url("x.jpg")});
        answer(rig, QMessageBox::AcceptRole);
        QTRY_VERIFY2(rig.sentence().contains(sentence), qPrintable(rig.sentence()));
        QCOMPARE(rig.images()->rowCount(), 0);
        rig.drop({QUrl::fromLocalFile(file("one.jpg"))});  // the window goes on
        QTRY_VERIFY(rig.done(1));
    }

    void aThousandBrokenFiles() {
        Rig rig;
        rig.drop({QUrl::fromLocalFile(file("broken"))});
        QTRY_VERIFY_WITH_TIMEOUT(rig.done(1000), 30000);
        QCOMPARE(rig.best(999), QStringLiteral("failed"));
        QVERIFY(!rig.window.findChild<QDialog*>());  // one line in the strip, not a thousand dialogs
        bool told = false;
        for (const QLabel* label : rig.window.findChild<app::ThroughputStrip*>()->findChildren<QLabel*>())
            told = told || label->text().contains("1,000 failed") || label->text().contains("1000 failed");
        QVERIFY(told);
    }

    void oneImageOvertakesAFolder() {
        Rig rig;
        rig.control->delayMs = 20;
        rig.drop({QUrl::fromLocalFile(file("many"))});
        QTRY_VERIFY(rig.images()->rowCount() == 200 && rig.control->batches > 1);
        rig.drop({QUrl::fromLocalFile(file("one.jpg"))});
        QTRY_COMPARE(rig.images()->rowCount(), 201);
        QTRY_COMPARE(rig.confidence(200), QStringLiteral("70.0 %"));
        QCOMPARE(rig.best(199), QStringLiteral("waiting"));
        QCOMPARE(rig.list()->currentIndex().row(), 200);
        QTest::keyClick(&rig.window, Qt::Key_Escape);
        QTRY_VERIFY(rig.window.settled());
    }

    void anEmptyFolder() {
        Rig rig;
        QDir().mkpath(file("empty"));
        rig.drop({QUrl::fromLocalFile(file("empty"))});
        QTRY_VERIFY(rig.sentence().contains("No images were found"));
        QVERIFY(rig.window.settled());
    }

    void cancelledWhileTheModelLoads() {
        Rig rig;
        rig.control->loadDelayMs = 300;
        rig.window.loadModel(QStringLiteral("slow"), QStringLiteral("auto"));
        rig.drop({QUrl::fromLocalFile(file("many"))});
        QTRY_COMPARE(rig.images()->rowCount(), 200);
        QTest::keyClick(&rig.window, Qt::Key_Escape);
        QTRY_VERIFY(rig.window.settled());
        QTRY_COMPARE(rig.bridge.model().state, engine::ModelState::Ready);
        QCOMPARE(rig.best(199), QStringLiteral("cancelled"));
        rig.drop({QUrl::fromLocalFile(file("one.jpg"))});
        QTRY_COMPARE(rig.confidence(200), QStringLiteral("70.0 %"));
    }

  private:
    QString file(const QString& name) const { return m_dir.filePath(name); }
    QTemporaryDir m_dir;
};

QTEST_MAIN(WindowInputTest)
#include "tst_window_input.moc"
