// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/work/mailbox.h"
#include "engine/outcome.h"
#include "engine/records.h"

namespace shortlist::app {

// Writes results to a file with the command line's own writers, on a thread of its own: the file appears whole or not at
// all. GUI thread, but for the worker.
class ResultSaver : public QObject {
    Q_OBJECT

  public:
    explicit ResultSaver(QObject* parent = nullptr);

    // Null outcomes are left out. A second call waits for the first.
    void save(const std::string& path, engine::RecordFormat format, int topK, std::vector<std::shared_ptr<const engine::Outcome>> outcomes);

  Q_SIGNALS:
    // `trouble` is empty when all was written.
    void saved(quint64 records, const QString& trouble);

  private:
    struct Report {
        quint64 records = 0;
        std::string trouble;
    };

    Mailbox<Report> m_reports;
    std::jthread m_thread;
};

}  // namespace shortlist::app
