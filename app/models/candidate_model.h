// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "engine/outcome.h"

namespace shortlist::app {

// "81.0 %"; a dash when there is no number.
QString percentText(float logprob);

// The ranked candidates of one outcome, at most k of the kept ones. GUI thread.
class CandidateModel : public QAbstractTableModel {
    Q_OBJECT

  public:
    enum Column { kRank, kLabel, kBar, kValue, kColumns };
    enum Role { kShareRole = Qt::UserRole };  // confidence 0..1, or -1 without a number

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    // Null or a failed outcome empties the list.
    void setOutcome(std::shared_ptr<const engine::Outcome> outcome);
    void setTopK(int topK);
    void setShowLogprobs(bool logprobs);  // instead of percent
    // Ranks and values as tab-separated text.
    QString asText() const;

  private:
    QString valueText(float logprob) const;

    std::shared_ptr<const engine::Outcome> m_outcome;
    int m_topK = 5;
    bool m_showLogprobs = false;
};

}  // namespace shortlist::app
