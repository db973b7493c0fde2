// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QWidget>

namespace shortlist::app {

// The selected image, scaled to fit, or a message when there is none.
class ImageView : public QWidget {
    Q_OBJECT

  public:
    explicit ImageView(QWidget* parent = nullptr);

    void showImage(const QImage& image);
    void showMessage(const QString& message);

    QSize sizeHint() const override { return {480, 420}; }
    QSize minimumSizeHint() const override { return {200, 160}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    QImage m_image;
    QString m_message;
};

}  // namespace shortlist::app
