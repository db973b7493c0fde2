// SPDX-License-Identifier: Apache-2.0
#include "app/views/image_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace shortlist::app {
namespace {

constexpr int kMargin = 12;
constexpr double kStep = 1.25;
constexpr double kLargest = 16;
constexpr double kFittedAtMost = 2;  // an enlarged thumbnail looks broken
constexpr double kPanStep = 48;

void paintCheckerboard(QPainter& painter, const QRectF& area) {
    constexpr int kSquare = 8;
    static const QPixmap board = [] {
        QPixmap pixmap(2 * kSquare, 2 * kSquare);
        pixmap.fill(QColor(0xff, 0xff, 0xff));
        QPainter squares(&pixmap);
        squares.fillRect(0, 0, kSquare, kSquare, QColor(0xcc, 0xcc, 0xcc));
        squares.fillRect(kSquare, kSquare, kSquare, kSquare, QColor(0xcc, 0xcc, 0xcc));
        return pixmap;
    }();
    painter.drawTiledPixmap(area, board);
}

}  // namespace

ImageView::ImageView(QWidget* parent) : QWidget(parent) { setFocusPolicy(Qt::StrongFocus); }

void ImageView::showImage(const Pyramid& pyramid) {
    m_pyramid = pyramid;
    m_message.clear();
    setAccessibleDescription({});
    fit();
}

void ImageView::showMessage(const QString& message) {
    m_pyramid.clear();
    m_message = message;
    setAccessibleDescription(message);
    fit();
}

QSizeF ImageView::imageSize() const { return hasImage() ? QSizeF(m_pyramid[0].size()) / devicePixelRatioF() : QSizeF(); }

double ImageView::fittedScale() const {
    const QSizeF size = imageSize();
    if (size.isEmpty())
        return 1;
    return std::clamp(std::min((width() - 2 * kMargin) / size.width(), (height() - 2 * kMargin) / size.height()), 1e-3, kFittedAtMost);
}

double ImageView::scale() const { return m_scale > 0 ? m_scale : fittedScale(); }
void ImageView::zoomIn() { zoomTo(scale() * kStep, rect().center()); }
void ImageView::zoomOut() { zoomTo(scale() / kStep, rect().center()); }
void ImageView::oneToOne() { zoomTo(1, rect().center()); }

void ImageView::fit() {
    m_scale = 0;
    m_offset = {};
    update();
    Q_EMIT zoomChanged(scale(), true);
}

// The image's point under `anchor` stays there.
void ImageView::zoomTo(double wanted, QPointF anchor) {
    if (!hasImage())
        return;
    const double before = scale(), after = std::clamp(wanted, std::min(fittedScale(), 1.0) / 4, kLargest);
    const QPointF fromCentre = anchor - QRectF(rect()).center() - m_offset;
    m_offset += fromCentre * (1 - after / before);
    m_scale = after;
    keepInSight();
    update();
    Q_EMIT zoomChanged(after, false);
}

// No further than until an edge of the image meets the middle of the view.
void ImageView::keepInSight() {
    const QSizeF half = imageSize() * scale() / 2;
    m_offset.setX(std::clamp(m_offset.x(), -half.width(), half.width()));
    m_offset.setY(std::clamp(m_offset.y(), -half.height(), half.height()));
}

QRectF ImageView::target() const {
    QRectF area(QPointF(), imageSize() * scale());
    area.moveCenter(QRectF(rect()).center() + m_offset);
    return area;
}

void ImageView::paintMessage(QPainter& painter) const {
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.2);
    painter.setFont(large);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(rect().adjusted(kMargin, kMargin, -kMargin, -kMargin), Qt::AlignCenter | Qt::TextWordWrap, m_message);
}

void ImageView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    if (!hasImage()) {
        paintMessage(painter);
        if (hasFocus())
            painter.drawRect(rect().adjusted(0, 0, -1, -1));
        return;
    }
    const QRectF area = target(), seen = area & QRectF(rect());
    const double pixels = area.width() * devicePixelRatioF();
    size_t level = 0;
    while (level + 1 < m_pyramid.size() && m_pyramid[level + 1].width() >= pixels)
        ++level;
    const QImage& image = m_pyramid[level];
    if (image.hasAlphaChannel())
        paintCheckerboard(painter, seen);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, scale() < 4);  // from there on, people look at pixels
    // Only what is in sight is scaled: 16 times a 40-megapixel image would be a lot of painting.
    const double across = image.width() / area.width(), down = image.height() / area.height();
    painter.drawImage(seen, image, QRectF((seen.x() - area.x()) * across, (seen.y() - area.y()) * down, seen.width() * across, seen.height() * down));
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void ImageView::resizeEvent(QResizeEvent* event) {
    keepInSight();
    if (m_scale <= 0)
        Q_EMIT zoomChanged(scale(), true);
    QWidget::resizeEvent(event);
}

void ImageView::wheelEvent(QWheelEvent* event) {
    constexpr double kNotch = 120;
    zoomTo(scale() * std::pow(kStep, event->angleDelta().y() / kNotch), event->position());
    event->accept();
}

void ImageView::mousePressEvent(QMouseEvent* event) {
    m_grabbed = event->position() - m_offset;
    if (hasImage())
        setCursor(Qt::ClosedHandCursor);
}

void ImageView::mouseMoveEvent(QMouseEvent* event) {
    if (!(event->buttons() & Qt::LeftButton) || !hasImage())
        return;
    m_offset = event->position() - m_grabbed;
    keepInSight();
    update();
}

void ImageView::mouseReleaseEvent(QMouseEvent*) { unsetCursor(); }
void ImageView::mouseDoubleClickEvent(QMouseEvent* event) { m_scale > 0 ? fit() : zoomTo(1, event->position()); }

void ImageView::keyPressEvent(QKeyEvent* event) {
    QPointF move;
    switch (event->key()) {
        case Qt::Key_Left: move = {kPanStep, 0}; break;
        case Qt::Key_Right: move = {-kPanStep, 0}; break;
        case Qt::Key_Up: move = {0, kPanStep}; break;
        case Qt::Key_Down: move = {0, -kPanStep}; break;
        default: return QWidget::keyPressEvent(event);
    }
    m_offset += move;
    keepInSight();
    update();
}

}  // namespace shortlist::app
