// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>
#include <deque>

namespace shortlist::app {

// The rate of the last minute as a small filled line, zero at the bottom.
class Sparkline : public QWidget {
    Q_OBJECT

  public:
    using QWidget::QWidget;
    void add(double value);
    void clear();
    QSize sizeHint() const override { return {120, 28}; }

    static constexpr size_t kPoints = 240;  // a minute at four a second

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    std::deque<double> m_values;
};

}  // namespace shortlist::app
