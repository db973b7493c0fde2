// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <vector>

#include "engine/outcome.h"

namespace shortlist::app {

// The images of the window, one row each in the order they came. Holds values only; GUI thread.
class ImageListModel : public QAbstractTableModel {
    Q_OBJECT

  public:
    enum Column { kName, kBest, kConfidence, kColumns };
    enum class State : uint8_t {
        Waiting,    // asked, not answered
        Done,       // has candidates
        Failed,     // has a failure
        Cancelled,  // can be asked again
    };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    // Returns the first new row.
    int append(const std::vector<std::string>& paths);
    // Request id for asking about a row now; an older answer that comes later is dropped.
    uint64_t ask(int row);
    // Takes answers; returns the rows that changed.
    std::vector<int> apply(const std::vector<engine::Outcome>& outcomes);

    const std::string& path(int row) const { return m_rows[static_cast<size_t>(row)].path; }
    State state(int row) const { return m_rows[static_cast<size_t>(row)].state; }
    // Null while there is no answer.
    std::shared_ptr<const engine::Outcome> outcome(int row) const { return m_rows[static_cast<size_t>(row)].outcome; }
    // Draws texts again after a change of language.
    void retranslate();

  private:
    struct Row {
        std::string path;
        State state = State::Waiting;
        uint32_t asked = 0;     // number of the newest question
        uint32_t answered = 0;  // number of the question that `outcome` answers
        std::shared_ptr<const engine::Outcome> outcome;
    };

    QString bestText(const Row& row) const;
    QString confidenceText(const Row& row) const;

    std::vector<Row> m_rows;
};

}  // namespace shortlist::app
