// SPDX-License-Identifier: Apache-2.0
#include "app/work/preview_loader.h"

#include <cmath>

#include "app/work/pixels.h"

namespace shortlist::app {
namespace {

constexpr double kMaxPreviewPixels = 40e6;  // a 100-megapixel scan would take 400 MB of the GUI's memory
constexpr int kSmallestSide = 256;

Pyramid pyramidOf(QImage image) {
    Pyramid pyramid;
    if (image.isNull())
        return pyramid;
    const double pixels = static_cast<double>(image.width()) * image.height();
    if (pixels > kMaxPreviewPixels)
        image = image.scaled(image.size() * std::sqrt(kMaxPreviewPixels / pixels), Qt::KeepAspectRatio, Qt::SmoothTransformation);
    pyramid.push_back(std::move(image));
    while (std::min(pyramid.back().width(), pyramid.back().height()) >= 2 * kSmallestSide)
        pyramid.push_back(pyramid.back().scaled(pyramid.back().size() / 2, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
    return pyramid;
}

}  // namespace

PreviewLoader::PreviewLoader(QObject* parent) : QObject(parent), m_thread([this](std::stop_token stop) { run(stop); }) {
    connect(&m_results.notifier(), &QSocketNotifier::activated, this, &PreviewLoader::deliver);
}

PreviewLoader::~PreviewLoader() {
    m_thread.request_stop();
    m_thread.join();
}

void PreviewLoader::load(const ImageRef& image) {
    m_wanted = image.key;
    const std::scoped_lock lock(m_mutex);
    m_next = image;
    m_asked.notify_one();
}

void PreviewLoader::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        std::unique_lock lock(m_mutex);
        if (!m_asked.wait(lock, stop, [this] { return m_next.has_value(); }))
            return;
        const ImageRef image = *std::exchange(m_next, std::nullopt);
        lock.unlock();
        m_results.put({image.key, pyramidOf(decodeForView(image))});
    }
}

void PreviewLoader::deliver() {
    for (const Result& result : m_results.take())
        if (result.key == m_wanted)
            Q_EMIT loaded(result.key, result.pyramid);
}

}  // namespace shortlist::app
