// SPDX-License-Identifier: Apache-2.0
#include "app/views/sparkline.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace shortlist::app {

void Sparkline::add(double value) {
    m_values.push_back(value);
    if (m_values.size() > kPoints)
        m_values.pop_front();
    update();
}

void Sparkline::clear() {
    m_values.clear();
    update();
}

void Sparkline::paintEvent(QPaintEvent*) {
    const double top = m_values.empty() ? 0 : *std::max_element(m_values.begin(), m_values.end());
    if (top <= 0)
        return;
    const qreal step = width() / static_cast<qreal>(kPoints - 1);
    qreal x = width() - step * static_cast<qreal>(m_values.size() - 1);
    QPainterPath line;
    for (const double value : m_values) {
        const QPointF point(x, height() - 1 - (height() - 3) * value / top);
        line.elementCount() == 0 ? line.moveTo(point) : line.lineTo(point);
        x += step;
    }
    QPainterPath area = line;
    area.lineTo(width(), height());
    area.lineTo(width() - step * static_cast<qreal>(m_values.size() - 1), height());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor colour = palette().color(QPalette::Highlight);
    painter.setPen(QPen(colour, 1.5));
    painter.drawPath(line);
    colour.setAlphaF(0.2f);
    painter.fillPath(area, colour);
}

}  // namespace shortlist::app
