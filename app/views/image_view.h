// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include "app/work/preview_loader.h"

namespace shortlist::app {

// The selected image, zoomed (wheel, +/-, fit, 1:1) and moved (drag, arrow keys while zoomed), on a checkerboard where it is
// transparent; or a message when there is none.
class ImageView : public QWidget {
    Q_OBJECT

  public:
    explicit ImageView(QWidget* parent = nullptr);

    void showImage(const Pyramid& pyramid);  // fitted
    void showMessage(const QString& message);
    bool hasImage() const { return !m_pyramid.empty(); }

    // Screen pixels per image pixel.
    double scale() const;
    void zoomIn();
    void zoomOut();
    void fit();
    void oneToOne();

    QSize sizeHint() const override { return {480, 420}; }
    QSize minimumSizeHint() const override { return {160, 160}; }

  Q_SIGNALS:
    void zoomChanged(double scale, bool fitted);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    double fittedScale() const;
    QSizeF imageSize() const;
    QRectF target() const;
    void zoomTo(double scale, QPointF anchor);
    void keepInSight();
    void paintMessage(QPainter& painter) const;

    Pyramid m_pyramid;
    QString m_message;
    double m_scale = 0;   // 0: fitted
    QPointF m_offset;     // of the image's centre from the view's
    QPointF m_grabbed;
};

}  // namespace shortlist::app
