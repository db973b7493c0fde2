// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractTableModel>
#include <QIcon>
#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "app/image_ref.h"
#include "engine/outcome.h"

namespace shortlist::app {

// The images of the window, one row each in the order they came. Holds values only; GUI thread.
class ImageListModel : public QAbstractTableModel {
    Q_OBJECT

  public:
    enum Column { kName, kBest, kConfidence, kMargin, kEntropy, kState, kColumns };
    enum Role { kSortRole = Qt::UserRole, kStateRole };
    enum class State : uint8_t {
        Waiting,    // asked, not answered
        Done,       // has candidates
        Failed,     // has a failure
        Cancelled,  // can be asked again
        Earlier,    // has candidates of a model that is no longer in use
    };
    static constexpr int kStates = 5;

    // How many rows have each state, and how many answers lack logprobs.
    struct Counts {
        std::array<int, kStates> byState{};
        int withoutLogprobs = 0;
        int of(State state) const { return byState[static_cast<size_t>(state)]; }
    };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    // Returns the first new row.
    int append(const std::vector<std::string>& paths);
    int append(const QString& name, ImageBytes bytes);
    // Rows in any order. Answers to what was removed are dropped when they come.
    void remove(std::vector<int> rows);
    // Request id for asking about a row now; an older answer that comes later is dropped.
    uint64_t ask(int row);
    // Whether that question about the row is the newest and has no answer.
    bool isAsked(int row, uint64_t request) const;
    // Takes answers; returns the rows that changed.
    std::vector<int> apply(const std::vector<engine::Outcome>& outcomes);
    // The model in use: other models' answers stay and are marked.
    void setModel(std::shared_ptr<const engine::ModelIdentity> model);

    const ImageRef& image(int row) const { return m_rows[static_cast<size_t>(row)].image; }
    int rowOf(uint32_t key) const;  // -1 when it was removed
    State state(int row) const;
    Counts counts() const;
    // Null while there is no answer.
    std::shared_ptr<const engine::Outcome> outcome(int row) const { return m_rows[static_cast<size_t>(row)].outcome; }
    static QString stateText(State state);

    // Pictures for a row and for a state; asked only for rows that are painted.
    using Thumbnails = std::function<QVariant(const ImageRef&)>;
    void setPictures(Thumbnails thumbnails, std::array<QIcon, kStates> states);
    void thumbnailReady(uint32_t key);
    // Draws texts again after a change of language.
    void retranslate();

  private:
    struct Row {
        ImageRef image;
        State state = State::Waiting;  // never Earlier: that follows from the outcome
        uint32_t asked = 0;            // number of the newest question
        uint32_t answered = 0;         // number of the question that `outcome` answers
        std::shared_ptr<const engine::Outcome> outcome;
    };

    int append(std::vector<Row> rows);
    QVariant text(const Row& row, int column) const;
    QVariant sortKey(const Row& row, int column) const;

    std::vector<Row> m_rows;  // keys rise
    uint32_t m_nextKey = 1;
    std::shared_ptr<const engine::ModelIdentity> m_model;
    Thumbnails m_thumbnails;
    std::array<QIcon, kStates> m_stateIcons;
};

// The file's name, or what a pasted image is called.
QString displayName(const std::string& path);

}  // namespace shortlist::app
