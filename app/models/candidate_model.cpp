// SPDX-License-Identifier: Apache-2.0
#include "app/models/candidate_model.h"

#include <QLocale>
#include <algorithm>
#include <cmath>

namespace shortlist::app {

QString percentText(float logprob) {
    if (std::isnan(logprob))
        return QStringLiteral("–");
    return QLocale().toString(100 * std::exp(static_cast<double>(logprob)), 'f', 1) + QStringLiteral(" %");
}

int CandidateModel::rowCount(const QModelIndex& parent) const {
    if (parent.isValid() || !m_outcome || !m_outcome->ok())
        return 0;
    return std::min(m_topK, static_cast<int>(m_outcome->candidates.size()));
}

int CandidateModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

void CandidateModel::setOutcome(std::shared_ptr<const engine::Outcome> outcome) {
    beginResetModel();
    m_outcome = std::move(outcome);
    endResetModel();
}

void CandidateModel::setTopK(int topK) {
    beginResetModel();
    m_topK = topK;
    endResetModel();
}

void CandidateModel::setShowLogprobs(bool logprobs) {
    m_showLogprobs = logprobs;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, kValue), index(rowCount() - 1, kValue));
    Q_EMIT headerDataChanged(Qt::Horizontal, kValue, kValue);
}

QString CandidateModel::valueText(float logprob) const {
    if (!m_showLogprobs || std::isnan(logprob))
        return percentText(logprob);
    return std::isinf(logprob) ? QStringLiteral("−∞") : QLocale().toString(logprob, 'f', 3);
}

QString CandidateModel::asText() const {
    QString text;
    for (int row = 0; row < rowCount(); ++row) {
        const engine::Candidate& candidate = m_outcome->candidates[static_cast<size_t>(row)];
        text += QStringLiteral("%1\t%2\t%3\n").arg(row + 1).arg(QString::fromStdString(m_outcome->label(static_cast<size_t>(row))), valueText(candidate.logprob));
    }
    return text;
}

QVariant CandidateModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto rank = static_cast<size_t>(index.row());
    const float logprob = m_outcome->candidates[rank].logprob;
    if (role == kShareRole)
        return std::isnan(logprob) ? -1.0 : std::exp(static_cast<double>(logprob));
    if (role == Qt::TextAlignmentRole && (index.column() == kValue || index.column() == kRank))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
        case kRank: return QString::number(index.row() + 1);
        case kLabel: return QString::fromStdString(m_outcome->label(rank));
        case kBar: return role == Qt::AccessibleTextRole ? QVariant(percentText(logprob)) : QVariant();
        case kValue: return valueText(logprob);
        default: return {};
    }
}

QVariant CandidateModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case kRank: return tr("#");
        case kLabel: return tr("Candidate");
        case kValue: return m_showLogprobs ? tr("Logprob") : tr("Confidence");
        default: return {};
    }
}

}  // namespace shortlist::app
