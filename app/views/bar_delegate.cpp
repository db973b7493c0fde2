// SPDX-License-Identifier: Apache-2.0
#include "app/views/bar_delegate.h"

#include <QPainter>

#include "app/models/candidate_model.h"

namespace shortlist::app {

QSize RoomyDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const QSize size = QStyledItemDelegate::sizeHint(option, index);
    return {size.width(), qMax(size.height(), option.fontMetrics.height() * 8 / 5)};
}

void BarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index);
    const double share = index.data(CandidateModel::kShareRole).toDouble();
    if (share < 0)
        return;
    const qreal height = option.rect.height() * 0.42;
    QRectF track(option.rect.x() + 4, option.rect.center().y() - height / 2 + 0.5, option.rect.width() - 8, height);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    QColor ground = option.palette.color(QPalette::Text);
    ground.setAlphaF(0.10f);
    painter->setBrush(ground);
    painter->drawRoundedRect(track, height / 2, height / 2);
    track.setWidth(qMax(share > 0 ? 3.0 : 0.0, track.width() * share));
    QColor bar = option.palette.color(option.state & QStyle::State_Selected ? QPalette::HighlightedText : QPalette::Highlight);
    if (index.data(CandidateModel::kOutsideRole).toBool())
        bar = ground, bar.setAlphaF(0.45f);  // no candidate: it must not look like the best one
    painter->setBrush(bar);
    painter->drawRoundedRect(track, qMin(height, track.width()) / 2, height / 2);
    painter->restore();
}

}  // namespace shortlist::app
