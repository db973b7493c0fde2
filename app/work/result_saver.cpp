// SPDX-License-Identifier: Apache-2.0
#include "app/work/result_saver.h"

namespace shortlist::app {

ResultSaver::ResultSaver(QObject* parent) : QObject(parent) {
    connect(&m_reports.notifier(), &QSocketNotifier::activated, this, [this] {
        for (const Report& report : m_reports.take())
            Q_EMIT saved(report.records, QString::fromStdString(report.trouble));
    });
}

void ResultSaver::save(const std::string& path, engine::RecordFormat format, int topK, std::vector<std::shared_ptr<const engine::Outcome>> outcomes) {
    m_thread = std::jthread([this, path, format, topK, outcomes = std::move(outcomes)] {
        Report report;
        try {
            engine::OutputFile file(path);
            file.write(engine::recordHeader(format, topK));
            for (const auto& outcome : outcomes)
                if (outcome) {
                    file.write(engine::formatRecord(format, *outcome, topK));
                    ++report.records;
                }
            file.finish();
        } catch (const std::exception& error) {
            report.trouble = error.what();
        }
        m_reports.put(std::move(report));
    });
}

}  // namespace shortlist::app
