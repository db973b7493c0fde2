// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QMimeData>
#include <QNetworkAccessManager>
#include <QObject>
#include <QUrl>
#include <string>
#include <thread>
#include <vector>

#include "app/image_ref.h"
#include "app/work/mailbox.h"

namespace shortlist::app {

// Turns what was dropped or pasted into files, folders, encoded images and downloads. GUI thread; encoding runs on a
// thread of its own, downloads on Qt's event loop.
class InputCollector : public QObject {
    Q_OBJECT

  public:
    explicit InputCollector(QObject* parent = nullptr);

    static bool canTake(const QMimeData& data);
    // Files and folders first, then addresses, then image data, then text that names one of them.
    void take(const QMimeData& data);
    // After somebody agreed to it.
    void download(const QUrl& url);

    static constexpr qint64 kMaxDownload = 64 << 20;
    static constexpr int kDownloadMs = 20'000;  // without a byte

    void setDownloadTimeout(int milliseconds) { m_network.setTransferTimeout(milliseconds); }

  Q_SIGNALS:
    void pathsTaken(const std::vector<std::string>& paths);
    void imageTaken(const QString& name, ImageBytes bytes);
    void downloadWanted(const QUrl& url);
    void trouble(const QString& sentence);

  private:
    struct Encoded {
        QString name;
        ImageBytes bytes;
    };

    bool takeUrls(const QList<QUrl>& urls);
    bool takeText(const QString& text);
    void encode(const QImage& image);
    void finish(class QNetworkReply* reply);

    QNetworkAccessManager m_network;
    Mailbox<Encoded> m_encoded;
    int m_pasted = 0;
    std::jthread m_thread;
};

}  // namespace shortlist::app
