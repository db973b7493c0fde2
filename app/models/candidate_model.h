// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <vector>

#include "engine/outcome.h"

namespace shortlist::app {

// "81.0 %" of a probability; a dash when there is no number.
QString percentText(double confidence);

// A ranked list: the candidates of one outcome, at most k of the kept ones, with what lies outside a closed set below them; or of one token of an
// answer. GUI thread.
class CandidateModel : public QAbstractTableModel {
    Q_OBJECT

  public:
    enum Column { kRank, kLabel, kBar, kValue, kColumns };
    enum Role {
        kShareRole = Qt::UserRole,  // confidence 0..1, or -1 without a number
        kOutsideRole,               // no candidate: what lies outside a closed set
    };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    // Null or a failed outcome empties the list.
    void setOutcome(std::shared_ptr<const engine::Outcome> outcome);
    // Of an answer: the token whose candidates are listed.
    void setToken(int token);
    void setTopK(int topK);
    void setShowLogprobs(bool logprobs);  // instead of percent
    void retranslate() { rebuild(); }
    // Ranks and values as tab-separated text.
    QString asText() const;

  private:
    struct Row {
        QString rank, label, tip;
        double share = 0;  // NaN without a number
        double logprob = 0;
    };

    void rebuild();
    void addCandidates();
    void addToken(const engine::AnswerToken& token);
    QString valueText(const Row& row) const;

    std::shared_ptr<const engine::Outcome> m_outcome;
    std::vector<Row> m_rows;
    int m_token = 0;
    int m_topK = 5;
    bool m_showLogprobs = false;
};

// How a token is shown: blanks and line breaks get signs, bytes that are no whole character too.
QString tokenText(const engine::TokenChoice& token);

}  // namespace shortlist::app
