// SPDX-License-Identifier: Apache-2.0
#include "app/session.h"

namespace shortlist::app {

Session::Session(EngineBridge& bridge, QObject* parent) : QObject(parent), m_bridge(bridge) {
    m_options.top_k = engine::kKeptCandidates;
    m_bridge.setOptions(m_options);
    connect(&m_bridge, &EngineBridge::outcomesArrived, this, &Session::takeOutcomes);
    connect(&m_scanner, &FolderScanner::found, this, &Session::takeFound);
    connect(&m_scanner, &FolderScanner::finished, this, &Session::finishScan);
}

Session::Progress Session::progress() const {
    Progress progress = m_progress;
    progress.scanning = m_scans > 0;
    return progress;
}

void Session::open(const std::vector<std::string>& paths) {
    if (paths.empty())
        return;
    ++m_scans;
    m_scanner.scan(paths);
    Q_EMIT progressed();
}

void Session::open(const QString& name, ImageBytes bytes) {
    const int row = m_images.append(name, std::move(bytes));
    ask(row, true);
    Q_EMIT opened(row);
    Q_EMIT progressed();
}

void Session::takeFound(const std::vector<std::string>& paths, bool first) {
    const int begin = m_images.append(paths);
    for (int row = begin; row < m_images.rowCount(); ++row)
        ask(row, first && row == begin);
    if (first)
        Q_EMIT opened(begin);
    Q_EMIT progressed();
}

void Session::finishScan(quint64 images, bool truncated) {
    --m_scans;
    if (truncated)
        Q_EMIT noticed(tr("Only the first %n images were taken.", nullptr, static_cast<int>(FolderScanner::kMaxFiles)));
    else if (images == 0)
        Q_EMIT noticed(tr("No images were found there."));
    Q_EMIT progressed();
}

void Session::ask(int row, bool interactive) {
    if (m_progress.done == m_progress.total)
        m_progress = {};  // a new stretch of work
    ++m_progress.total;
    const uint64_t id = m_images.ask(row);
    const ImageRef& image = m_images.image(row);
    m_bridge.submit({id, 0, image.path, image.bytes, interactive});
}

void Session::classifyAgain(const std::vector<int>& rows) {
    for (const int row : rows)
        ask(row, rows.size() == 1);
    Q_EMIT progressed();
}

void Session::explainAll() {
    std::vector<int> rows;
    for (int row = 0; row < m_images.rowCount(); ++row)
        if (const auto outcome = m_images.outcome(row); outcome && outcome->ok() && !outcome->logprobs)
            rows.push_back(row);
    classifyAgain(rows);
}

void Session::remove(const std::vector<int>& rows) { m_images.remove(rows); }

void Session::setLogprobs(bool on, int selected) {
    m_options.logprobs = on;
    m_bridge.setOptions(m_options);
    const auto outcome = selected >= 0 ? m_images.outcome(selected) : nullptr;
    if (on && outcome && outcome->ok() && !outcome->logprobs)
        classifyAgain({selected});
}

void Session::modelReady(std::shared_ptr<const engine::ModelIdentity> model, int selected) {
    m_images.setModel(std::move(model));
    if (selected >= 0 && m_images.state(selected) == ImageListModel::State::Earlier)
        classifyAgain({selected});
}

void Session::cancel() {
    m_scanner.cancel();
    m_bridge.cancelAll();
}

void Session::takeOutcomes(const std::vector<engine::Outcome>& outcomes) {
    m_progress.done += static_cast<int>(outcomes.size());
    for (const engine::Outcome& outcome : outcomes)
        m_progress.failed += !outcome.ok() && outcome.failure->kind != engine::ErrorKind::Cancelled ? 1 : 0;
    Q_EMIT answered(m_images.apply(outcomes));
    if (m_progress.done == m_progress.total)
        Q_EMIT progressed();
}

}  // namespace shortlist::app
