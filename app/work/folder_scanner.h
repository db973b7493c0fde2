// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <string>
#include <thread>
#include <vector>

#include "app/work/mailbox.h"

namespace shortlist::app {

// Lists dropped folders off the GUI thread and hands their images over in blocks, the first before the scan ends.
class FolderScanner : public QObject {
    Q_OBJECT

  public:
    explicit FolderScanner(QObject* parent = nullptr);

    // Files stay as they are, folders are searched. A scan that still runs is joined by a second one.
    void scan(std::vector<std::string> paths);
    void cancel();

    static constexpr size_t kMaxFiles = 20'000;  // of one drop

  Q_SIGNALS:
    // `first`: of this call to scan().
    void found(const std::vector<std::string>& paths, bool first);
    // `truncated`: there were more than kMaxFiles.
    void finished(quint64 images, bool truncated);

  private:
    struct Block {
        std::vector<std::string> paths;
        bool first = false, last = false;
        quint64 images = 0;
        bool truncated = false;
    };

    void deliver();

    Mailbox<Block> m_blocks;
    std::vector<std::jthread> m_threads;
};

}  // namespace shortlist::app
