// SPDX-License-Identifier: Apache-2.0
#include "app/work/preview_loader.h"

#include "engine/decode.h"

namespace shortlist::app {
namespace {

constexpr int kMaxPreviewSide = 2048;  // enough for every screen; keeps a 100-megapixel scan out of the GUI's memory

QImage decode(const std::string& path) {
    try {
        const engine::DecodedImage decoded = engine::decodeImage(engine::readFile(path));
        const QImage view(decoded.pixels.data(), decoded.width, decoded.height, 3 * static_cast<qsizetype>(decoded.width), QImage::Format_RGB888);
        if (std::max(decoded.width, decoded.height) <= kMaxPreviewSide)
            return view.convertToFormat(QImage::Format_RGB32);
        return view.scaled(kMaxPreviewSide, kMaxPreviewSide, Qt::KeepAspectRatio, Qt::SmoothTransformation).convertToFormat(QImage::Format_RGB32);
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace

PreviewLoader::PreviewLoader(QObject* parent) : QObject(parent), m_thread([this](std::stop_token stop) { run(stop); }) {
    connect(&m_results.notifier(), &QSocketNotifier::activated, this, &PreviewLoader::deliver);
}

PreviewLoader::~PreviewLoader() {
    m_thread.request_stop();
    m_thread.join();
}

void PreviewLoader::load(const std::string& path) {
    m_wanted = path;
    const std::scoped_lock lock(m_mutex);
    m_next = path;
    m_asked.notify_one();
}

void PreviewLoader::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        std::unique_lock lock(m_mutex);
        if (!m_asked.wait(lock, stop, [this] { return m_next.has_value(); }))
            return;
        const std::string path = *std::exchange(m_next, std::nullopt);
        lock.unlock();
        m_results.put({path, decode(path)});
    }
}

void PreviewLoader::deliver() {
    for (const Result& result : m_results.take())
        if (result.path == m_wanted)
            Q_EMIT loaded(result.path, result.image);
}

}  // namespace shortlist::app
