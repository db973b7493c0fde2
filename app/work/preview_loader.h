// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QObject>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "app/image_ref.h"
#include "app/work/mailbox.h"

namespace shortlist::app {

// The picture at several sizes, each half of the one before, so that painting never scales down by more than two.
using Pyramid = std::vector<QImage>;

// Decodes the image that the window shows, on a thread of its own and with the engine's decoders. Only the newest
// request counts. GUI thread, but for the worker.
class PreviewLoader : public QObject {
    Q_OBJECT

  public:
    explicit PreviewLoader(QObject* parent = nullptr);
    ~PreviewLoader() override;

    void load(const ImageRef& image);

  Q_SIGNALS:
    // An empty pyramid when it cannot be decoded.
    void loaded(uint32_t key, const Pyramid& pyramid);

  private:
    struct Result {
        uint32_t key;
        Pyramid pyramid;
    };

    void run(std::stop_token stop);
    void deliver();

    Mailbox<Result> m_results;
    std::mutex m_mutex;
    std::condition_variable_any m_asked;
    std::optional<ImageRef> m_next;
    uint32_t m_wanted = 0;  // GUI thread
    std::jthread m_thread;
};

}  // namespace shortlist::app
