// SPDX-License-Identifier: Apache-2.0
#include "app/work/input_collector.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QNetworkReply>

#include "engine/decode.h"

namespace shortlist::app {
namespace {

constexpr const char* kTooLarge = "tooLarge";

bool isWeb(const QUrl& url) { return url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https"); }

// Without compression: this is for the decoder next door, and speed is all that counts.
ImageBytes encodePng(const QImage& image) {
    constexpr int kUncompressed = 100;
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG", kUncompressed);
    return std::make_shared<const std::vector<uint8_t>>(bytes.begin(), bytes.end());
}

}  // namespace

InputCollector::InputCollector(QObject* parent) : QObject(parent) {
    m_network.setTransferTimeout(kDownloadMs);
    connect(&m_encoded.notifier(), &QSocketNotifier::activated, this, [this] {
        for (const Encoded& encoded : m_encoded.take())
            Q_EMIT imageTaken(encoded.name, encoded.bytes);
    });
}

bool InputCollector::canTake(const QMimeData& data) { return data.hasUrls() || data.hasImage() || data.hasText(); }

void InputCollector::take(const QMimeData& data) {
    if (data.hasUrls() && takeUrls(data.urls()))
        return;
    if (data.hasImage())
        return encode(qvariant_cast<QImage>(data.imageData()));
    if (!data.hasText() || !takeText(data.text()))
        Q_EMIT trouble(tr("There is no image in it. Drop or paste image files, folders, a picture or its web address."));
}

bool InputCollector::takeUrls(const QList<QUrl>& urls) {
    std::vector<std::string> paths;
    bool web = false;
    for (const QUrl& url : urls) {
        if (url.isLocalFile())
            paths.push_back(localPath(url.toLocalFile()));
        else if (isWeb(url) && !std::exchange(web, true))  // one question, not a hundred
            Q_EMIT downloadWanted(url);
    }
    if (!paths.empty())
        Q_EMIT pathsTaken(paths);
    return web || !paths.empty();
}

// Lines that name files, or one web address.
bool InputCollector::takeText(const QString& text) {
    QList<QUrl> urls;
    for (const QString& line : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QString name = line.trimmed();
        const QUrl url(name, QUrl::StrictMode);
        if (url.isLocalFile() || isWeb(url))
            urls << url;
        else if (QFileInfo(name).isAbsolute() && QFileInfo::exists(name))
            urls << QUrl::fromLocalFile(name);
    }
    return takeUrls(urls);
}

void InputCollector::encode(const QImage& image) {
    if (image.isNull())
        return Q_EMIT trouble(tr("The picture could not be taken over. Save it to a file and open that."));
    if (static_cast<qint64>(image.width()) * image.height() > engine::kMaxPixels || std::max(image.width(), image.height()) > engine::kMaxSide)
        return Q_EMIT trouble(tr("The picture is too large. Scale it below 400 megapixels and try again."));
    const QString name = tr("pasted %1.png").arg(++m_pasted);
    m_thread = std::jthread([this, image, name] { m_encoded.put({name, encodePng(image)}); });
}

void InputCollector::download(const QUrl& url) {
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::NoLessSafeRedirectPolicy);
    QNetworkReply* reply = m_network.get(request);
    connect(reply, &QNetworkReply::downloadProgress, reply, [reply](qint64 received, qint64 total) {
        if (std::max(received, total) <= kMaxDownload)
            return;
        reply->setProperty(kTooLarge, true);
        reply->abort();
    });
    connect(reply, &QNetworkReply::finished, this, [this, reply] { finish(reply); });
}

void InputCollector::finish(QNetworkReply* reply) {
    reply->deleteLater();
    const QString host = reply->url().host();
    if (reply->error() == QNetworkReply::OperationCanceledError) {
        return Q_EMIT trouble(reply->property(kTooLarge).toBool()
                                  ? tr("The file at %1 is over %2 MB. Download it with a browser and open it from there.").arg(host).arg(kMaxDownload >> 20)
                                  : tr("%1 did not answer in time. Check the address and the network, then try again.").arg(host));
    }
    if (reply->error() != QNetworkReply::NoError)
        return Q_EMIT trouble(tr("The image could not be downloaded from %1: %2").arg(host, reply->errorString()));
    const QByteArray bytes = reply->readAll();
    const QString file = reply->url().fileName();
    Q_EMIT imageTaken(file.isEmpty() ? host : file, std::make_shared<const std::vector<uint8_t>>(bytes.begin(), bytes.end()));
}

}  // namespace shortlist::app
