// SPDX-License-Identifier: Apache-2.0
#include "app/work/thumbnail_loader.h"

#include <sys/resource.h>

#include <QGuiApplication>
#include <QPainter>
#include <algorithm>

#include "app/work/pixels.h"

namespace shortlist::app {
namespace {

constexpr int kKept = 2000;
constexpr size_t kWaiting = 80;  // more than a screen of rows: what was scrolled past is not worth decoding

// Centred on a square of its own size, so that all rows line up.
QImage onSquare(const QImage& picture, int side) {
    QImage square(side, side, QImage::Format_ARGB32_Premultiplied);
    square.fill(Qt::transparent);
    if (picture.isNull())
        return square;
    const QImage small = picture.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QPainter(&square).drawImage((side - small.width()) / 2, (side - small.height()) / 2, small);
    return square;
}

}  // namespace

ThumbnailLoader::ThumbnailLoader(QObject* parent) : QObject(parent), m_cache(kKept), m_thread([this](std::stop_token stop) { run(stop); }) {
    connect(&m_results.notifier(), &QSocketNotifier::activated, this, &ThumbnailLoader::deliver);
}

ThumbnailLoader::~ThumbnailLoader() {
    m_thread.request_stop();
    m_thread.join();
}

QPixmap ThumbnailLoader::thumbnail(const ImageRef& image) {
    if (const QPixmap* known = m_cache.object(image.key))
        return *known;
    const int pixels = static_cast<int>(kSide * qGuiApp->devicePixelRatio());
    QPixmap empty = QPixmap::fromImage(onSquare({}, pixels));
    empty.setDevicePixelRatio(qGuiApp->devicePixelRatio());
    m_cache.insert(image.key, new QPixmap(empty));  // asked once
    const std::scoped_lock lock(m_mutex);
    m_pixels = pixels;
    m_wanted.push_back(image);
    if (m_wanted.size() > kWaiting) {
        m_cache.remove(m_wanted.front().key);  // asked again when it comes into sight
        m_wanted.pop_front();
    }
    m_asked.notify_one();
    return empty;
}

void ThumbnailLoader::clear() {
    const std::scoped_lock lock(m_mutex);
    m_wanted.clear();
    m_cache.clear();
}

void ThumbnailLoader::run(std::stop_token stop) {
    constexpr int kNice = 15;
    setpriority(PRIO_PROCESS, 0, kNice);  // of this thread, on Linux
    while (!stop.stop_requested()) {
        std::unique_lock lock(m_mutex);
        if (!m_asked.wait(lock, stop, [this] { return !m_wanted.empty(); }))
            return;
        const ImageRef image = std::move(m_wanted.back());
        m_wanted.pop_back();
        const int side = m_pixels;
        lock.unlock();
        m_results.put({image.key, onSquare(decodeForView(image, side), side)});
    }
}

void ThumbnailLoader::deliver() {
    for (const Result& result : m_results.take()) {
        auto* pixmap = new QPixmap(QPixmap::fromImage(result.image));
        pixmap->setDevicePixelRatio(qGuiApp->devicePixelRatio());
        m_cache.insert(result.key, pixmap);
        Q_EMIT ready(result.key);
    }
}

}  // namespace shortlist::app
