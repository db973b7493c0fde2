// SPDX-License-Identifier: Apache-2.0
#include "app/models/image_list_model.h"

#include <QFile>
#include <QFileInfo>
#include <algorithm>

#include "app/error_text.h"
#include "app/models/candidate_model.h"

namespace shortlist::app {
namespace {

constexpr int kRowBits = 32;  // of a request id; the rest numbers the question

}  // namespace

int ImageListModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int ImageListModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

int ImageListModel::append(const std::vector<std::string>& paths) {
    const int first = rowCount();
    if (paths.empty())
        return first;
    beginInsertRows({}, first, first + static_cast<int>(paths.size()) - 1);
    for (const std::string& path : paths)
        m_rows.push_back({path, State::Waiting, 0, 0, nullptr});
    endInsertRows();
    return first;
}

uint64_t ImageListModel::ask(int row) {
    Row& entry = m_rows[static_cast<size_t>(row)];
    ++entry.asked;
    if (!entry.outcome) {
        entry.state = State::Waiting;
        Q_EMIT dataChanged(index(row, 0), index(row, kColumns - 1));
    }
    return static_cast<uint64_t>(entry.asked) << kRowBits | static_cast<uint32_t>(row);
}

std::vector<int> ImageListModel::apply(const std::vector<engine::Outcome>& outcomes) {
    std::vector<int> changed;
    for (const engine::Outcome& outcome : outcomes) {
        const auto row = static_cast<size_t>(outcome.id & 0xffffffffu);
        const auto question = static_cast<uint32_t>(outcome.id >> kRowBits);
        if (row >= m_rows.size() || question <= m_rows[row].answered)
            continue;
        Row& entry = m_rows[row];
        entry.answered = question;
        const bool cancelled = !outcome.ok() && outcome.failure->kind == engine::ErrorKind::Cancelled;
        if (cancelled && entry.outcome)
            continue;  // the older answer stands
        entry.state = cancelled ? State::Cancelled : outcome.ok() ? State::Done : State::Failed;
        entry.outcome = cancelled ? nullptr : std::make_shared<const engine::Outcome>(outcome);
        changed.push_back(static_cast<int>(row));
    }
    if (!changed.empty()) {
        const auto [low, high] = std::minmax_element(changed.begin(), changed.end());
        Q_EMIT dataChanged(index(*low, 0), index(*high, kColumns - 1));
    }
    return changed;
}

void ImageListModel::retranslate() {
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, kColumns - 1);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
}

QString ImageListModel::bestText(const Row& row) const {
    switch (row.state) {
        case State::Waiting: return tr("waiting");
        case State::Cancelled: return tr("cancelled");
        case State::Failed: return tr("cannot be classified");
        case State::Done: return QString::fromStdString(row.outcome->label(0));
    }
    return {};
}

QString ImageListModel::confidenceText(const Row& row) const {
    if (row.state != State::Done)
        return {};
    return row.outcome->logprobs ? percentText(row.outcome->candidates.front().logprob) : tr("no logprobs");
}

QVariant ImageListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<size_t>(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() == kConfidence)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return row.state == State::Failed ? errorSentence(*row.outcome->failure) : QFile::decodeName(row.path.c_str());
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
        case kName: return QFileInfo(QFile::decodeName(row.path.c_str())).fileName();
        case kBest: return bestText(row);
        case kConfidence: return confidenceText(row);
        default: return {};
    }
}

QVariant ImageListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case kName: return tr("Image");
        case kBest: return tr("Best candidate");
        case kConfidence: return tr("Confidence");
        default: return {};
    }
}

}  // namespace shortlist::app
