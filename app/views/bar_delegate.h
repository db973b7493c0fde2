// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStyledItemDelegate>

namespace shortlist::app {

// Rows with room to breathe.
class RoomyDelegate : public QStyledItemDelegate {
    Q_OBJECT

  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

// Paints CandidateModel's share as a horizontal bar in palette colours. The number beside it tells the same.
class BarDelegate : public RoomyDelegate {
    Q_OBJECT

  public:
    using RoomyDelegate::RoomyDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace shortlist::app
