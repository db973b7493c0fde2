// SPDX-License-Identifier: Apache-2.0
#include "app/views/image_view.h"

#include <QPainter>

namespace shortlist::app {
namespace {

constexpr int kMargin = 12;

}  // namespace

ImageView::ImageView(QWidget* parent) : QWidget(parent) {}

void ImageView::showImage(const QImage& image) {
    m_image = image;
    m_message.clear();
    setAccessibleDescription({});
    update();
}

void ImageView::showMessage(const QString& message) {
    m_image = {};
    m_message = message;
    setAccessibleDescription(message);
    update();
}

void ImageView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    const QRect room = rect().adjusted(kMargin, kMargin, -kMargin, -kMargin);
    if (m_image.isNull()) {
        QFont large = font();
        large.setPointSizeF(large.pointSizeF() * 1.2);
        painter.setFont(large);
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(room, Qt::AlignCenter | Qt::TextWordWrap, m_message);
        return;
    }
    // Never larger than one image pixel per device pixel: an enlarged thumbnail looks broken.
    const QSize natural = m_image.size() / devicePixelRatioF();
    QSize size = m_image.size().scaled(room.size(), Qt::KeepAspectRatio);
    if (size.width() > natural.width() * 2)
        size = natural * 2;
    QRect target(QPoint(), size);
    target.moveCenter(room.center());
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(target, m_image);
}

}  // namespace shortlist::app
