// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QSortFilterProxyModel>
#include <optional>

#include "app/models/image_list_model.h"

namespace shortlist::app {

// Rows of ImageListModel by text (name or best candidate) and by state, in the order of a column; equal rows keep the order in
// which they came. GUI thread.
class ImageFilterModel : public QSortFilterProxyModel {
    Q_OBJECT

  public:
    explicit ImageFilterModel(QObject* parent = nullptr);

    void setText(const QString& text);
    void setState(std::optional<ImageListModel::State> state);
    bool filters() const { return !m_text.isEmpty() || m_state.has_value(); }

  protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

  private:
    QString m_text;
    std::optional<ImageListModel::State> m_state;
};

}  // namespace shortlist::app
