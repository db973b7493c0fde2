// SPDX-License-Identifier: Apache-2.0
#include "app/models/image_filter_model.h"

namespace shortlist::app {

ImageFilterModel::ImageFilterModel(QObject* parent) : QSortFilterProxyModel(parent) { setSortRole(ImageListModel::kSortRole); }

void ImageFilterModel::setText(const QString& text) {
    m_text = text.trimmed();
    invalidateRowsFilter();
}

void ImageFilterModel::setState(std::optional<ImageListModel::State> state) {
    m_state = state;
    invalidateRowsFilter();
}

bool ImageFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const auto at = [&](int column) { return sourceModel()->index(row, column, parent); };
    if (m_state && at(0).data(ImageListModel::kStateRole).toInt() != static_cast<int>(*m_state))
        return false;
    return m_text.isEmpty() || at(ImageListModel::kName).data().toString().contains(m_text, Qt::CaseInsensitive) ||
           at(ImageListModel::kBest).data().toString().contains(m_text, Qt::CaseInsensitive);
}

bool ImageFilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    if (QSortFilterProxyModel::lessThan(left, right))
        return true;
    if (QSortFilterProxyModel::lessThan(right, left))
        return false;
    return (left.row() < right.row()) == (sortOrder() == Qt::AscendingOrder);
}

}  // namespace shortlist::app
