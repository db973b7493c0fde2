// SPDX-License-Identifier: Apache-2.0
#include "app/models/candidate_model.h"

#include <QLocale>
#include <algorithm>
#include <cmath>

namespace shortlist::app {

QString percentText(double confidence) {
    if (std::isnan(confidence))
        return QStringLiteral("–");
    return QLocale().toString(100 * confidence, 'f', 1) + QStringLiteral(" %");
}

QString tokenText(const engine::TokenChoice& token) {
    QString text = QString::fromStdString(token.text);
    text.replace(QLatin1Char('\n'), QStringLiteral("⏎")).replace(QLatin1Char('\t'), QStringLiteral("⇥"));
    if (text.startsWith(QLatin1Char(' ')))
        text[0] = QChar(0x00B7);
    return text.isEmpty() ? QStringLiteral("∅") : text;
}

int CandidateModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int CandidateModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

void CandidateModel::setOutcome(std::shared_ptr<const engine::Outcome> outcome) {
    m_outcome = std::move(outcome);
    m_token = 0;
    rebuild();
}

void CandidateModel::setToken(int token) {
    m_token = token;
    rebuild();
}

void CandidateModel::setTopK(int topK) {
    m_topK = topK;
    rebuild();
}

void CandidateModel::rebuild() {
    beginResetModel();
    m_rows.clear();
    if (m_outcome && m_outcome->ok()) {
        const bool tokens = m_outcome->answer && !m_outcome->answer->tokens.empty();
        tokens ? addToken(m_outcome->answer->tokens[std::min(static_cast<size_t>(std::max(m_token, 0)), m_outcome->answer->tokens.size() - 1)]) : addCandidates();
    }
    endResetModel();
}

void CandidateModel::addCandidates() {
    const size_t shown = std::min(static_cast<size_t>(m_topK), m_outcome->candidates.size());
    for (size_t i = 0; i < shown; ++i) {
        const engine::Candidate& candidate = m_outcome->candidates[i];
        const QString tip = std::isnan(candidate.mean_logprob) ? QString() : tr("joint logprob %1, a token %2").arg(QLocale().toString(candidate.logprob, 'f', 3), QLocale().toString(candidate.mean_logprob, 'f', 3));
        m_rows.push_back({QString::number(i + 1), QString::fromStdString(m_outcome->label(i)), tip, m_outcome->confidence(i), candidate.logprob});
    }
    if (m_outcome->set && !std::isnan(m_outcome->set->out_of_set))
        m_rows.push_back({QString(), tr("none of the labels"),
                          m_outcome->set->unscored_mass > 0 ? tr("at most: labels that cannot come among the best were not scored") : tr("how much the model wanted to say something else"),
                          m_outcome->set->out_of_set, std::log(m_outcome->set->out_of_set)});
}

void CandidateModel::addToken(const engine::AnswerToken& token) {
    for (size_t i = 0; i < std::min(static_cast<size_t>(m_topK), token.top.size()); ++i)
        m_rows.push_back({QString::number(i + 1), tokenText(token.top[i]), {}, std::exp(static_cast<double>(token.top[i].logprob)), token.top[i].logprob});
}

void CandidateModel::setShowLogprobs(bool logprobs) {
    m_showLogprobs = logprobs;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, kValue), index(rowCount() - 1, kValue));
    Q_EMIT headerDataChanged(Qt::Horizontal, kValue, kValue);
}

QString CandidateModel::valueText(const Row& row) const {
    if (!m_showLogprobs || std::isnan(row.logprob))
        return percentText(row.share);
    return std::isinf(row.logprob) ? QStringLiteral("−∞") : QLocale().toString(static_cast<float>(row.logprob), 'f', 3);
}

QString CandidateModel::asText() const {
    QString text;
    for (const Row& row : m_rows)
        text += QStringLiteral("%1\t%2\t%3\n").arg(row.rank, row.label, valueText(row));
    return text;
}

QVariant CandidateModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<size_t>(index.row())];
    if (role == kShareRole)
        return std::isnan(row.share) ? -1.0 : row.share;
    if (role == kOutsideRole)
        return row.rank.isEmpty();
    if (role == Qt::TextAlignmentRole && (index.column() == kValue || index.column() == kRank))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && !row.tip.isEmpty())
        return row.tip;
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
        case kRank: return row.rank;
        case kLabel: return row.label;
        case kBar: return role == Qt::AccessibleTextRole ? QVariant(percentText(row.share)) : QVariant();
        case kValue: return valueText(row);
        default: return {};
    }
}

QVariant CandidateModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case kRank: return tr("#");
        case kLabel: return m_outcome && m_outcome->answer ? tr("Token") : tr("Candidate");
        case kValue: return m_showLogprobs ? tr("Logprob") : tr("Confidence");
        default: return {};
    }
}

}  // namespace shortlist::app
