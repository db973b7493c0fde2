// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QObject>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/work/mailbox.h"

namespace shortlist::app {

// Decodes the image that the window shows, on a thread of its own and with the engine's decoders. Only the newest
// request counts. GUI thread, but for the worker.
class PreviewLoader : public QObject {
    Q_OBJECT

  public:
    explicit PreviewLoader(QObject* parent = nullptr);
    ~PreviewLoader() override;

    void load(const std::string& path);

  Q_SIGNALS:
    // A null image when it cannot be decoded: the outcome of the classification says why.
    void loaded(const std::string& path, const QImage& image);

  private:
    struct Result {
        std::string path;
        QImage image;
    };

    void run(std::stop_token stop);
    void deliver();

    Mailbox<Result> m_results;
    std::mutex m_mutex;
    std::condition_variable_any m_asked;
    std::optional<std::string> m_next;
    std::string m_wanted;  // GUI thread
    std::jthread m_thread;
};

}  // namespace shortlist::app
