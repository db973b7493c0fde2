// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCache>
#include <QObject>
#include <QPixmap>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "app/image_ref.h"
#include "app/work/mailbox.h"

namespace shortlist::app {

// Small pictures for the rows in sight: made when a row is first painted, the newest wish first, on one thread of low
// priority; a bounded number is kept. GUI thread, but for the worker.
class ThumbnailLoader : public QObject {
    Q_OBJECT

  public:
    explicit ThumbnailLoader(QObject* parent = nullptr);
    ~ThumbnailLoader() override;

    // The picture, or an empty one of the same size while it is being made.
    QPixmap thumbnail(const ImageRef& image);
    void clear();

    static constexpr int kSide = 36;  // device-independent pixels

  Q_SIGNALS:
    void ready(uint32_t key);

  private:
    struct Result {
        uint32_t key;
        QImage image;
    };

    void run(std::stop_token stop);
    void deliver();

    QCache<uint32_t, QPixmap> m_cache;
    Mailbox<Result> m_results;
    std::mutex m_mutex;  // guards what follows
    std::condition_variable_any m_asked;
    std::deque<ImageRef> m_wanted;  // newest last
    int m_pixels = kSide;                        // side in device pixels
    std::jthread m_thread;
};

}  // namespace shortlist::app
