// SPDX-License-Identifier: Apache-2.0
#include "app/views/token_strip.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "app/models/candidate_model.h"

namespace shortlist::app {
namespace {

constexpr int kPadding = 5, kGap = 3;
constexpr qreal kNumberScale = 0.78;

}  // namespace

TokenStrip::TokenStrip(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void TokenStrip::setAnswer(const engine::Answer& answer) {
    m_tokens.clear();
    for (const engine::AnswerToken& token : answer.tokens) {
        const double confidence = std::exp(static_cast<double>(token.chosen.logprob));
        m_tokens.push_back({tokenText(token.chosen), percentText(confidence), confidence});
    }
    m_current = std::clamp(m_current, 0, std::max(0, static_cast<int>(m_tokens.size()) - 1));
    describe();
    updateGeometry();
    update();
}

QFont TokenStrip::numberFont() const {
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * kNumberScale);
    return small;
}

// Row by row, as words are.
std::vector<QRect> TokenStrip::places(int width) const {
    const QFontMetrics text(font()), number(numberFont());
    const int height = text.height() + number.height() + kPadding;
    std::vector<QRect> rects;
    QPoint at(0, 0);
    for (const Token& token : m_tokens) {
        const int wide = std::min(width, std::max(text.horizontalAdvance(token.text), number.horizontalAdvance(token.number)) + 2 * kPadding);
        if (at.x() > 0 && at.x() + wide > width)
            at = {0, at.y() + height + kGap};
        rects.emplace_back(at, QSize(wide, height));
        at.rx() += wide + kGap;
    }
    return rects;
}

int TokenStrip::heightForWidth(int width) const {
    const auto rects = places(std::max(1, width));
    return rects.empty() ? 0 : rects.back().bottom() + 1;
}

void TokenStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto rects = places(width());
    for (size_t i = 0; i < rects.size(); ++i) {
        QColor ground = palette().color(QPalette::Highlight);
        ground.setAlphaF(static_cast<float>(0.06 + 0.44 * m_tokens[i].confidence));
        const bool chosen = static_cast<int>(i) == m_current;
        painter.setPen(chosen ? QPen(palette().color(hasFocus() ? QPalette::Highlight : QPalette::Mid), 2) : QPen(Qt::NoPen));
        painter.setBrush(ground);
        painter.drawRoundedRect(QRectF(rects[i]).adjusted(1, 1, -1, -1), 4, 4);
        painter.setPen(palette().color(QPalette::Text));
        const QRect inside = rects[i].adjusted(kPadding, 1, -kPadding, -2);
        painter.setFont(font());
        painter.drawText(inside, Qt::AlignHCenter | Qt::AlignTop, fontMetrics().elidedText(m_tokens[i].text, Qt::ElideRight, inside.width()));
        painter.setFont(numberFont());
        painter.drawText(inside, Qt::AlignHCenter | Qt::AlignBottom, m_tokens[i].number);
    }
}

void TokenStrip::mousePressEvent(QMouseEvent* event) {
    const auto rects = places(width());
    for (size_t i = 0; i < rects.size(); ++i)
        if (rects[i].contains(event->pos()))
            choose(static_cast<int>(i));
}

void TokenStrip::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_tokens.size()) - 1;
    switch (event->key()) {
        case Qt::Key_Left: return choose(m_current - 1);
        case Qt::Key_Right: return choose(m_current + 1);
        case Qt::Key_Home: return choose(0);
        case Qt::Key_End: return choose(last);
        default: QWidget::keyPressEvent(event);
    }
}

void TokenStrip::choose(int token) {
    token = std::clamp(token, 0, std::max(0, static_cast<int>(m_tokens.size()) - 1));
    if (token == m_current || m_tokens.empty())
        return;
    m_current = token;
    describe();
    update();
    Q_EMIT currentChanged(token);
}

void TokenStrip::describe() {
    setAccessibleName(tr("Tokens of the answer"));
    setAccessibleDescription(m_tokens.empty() ? QString()
                                              : tr("Token %1 of %2: %3, %4").arg(m_current + 1).arg(m_tokens.size()).arg(m_tokens[static_cast<size_t>(m_current)].text, m_tokens[static_cast<size_t>(m_current)].number));
}

}  // namespace shortlist::app
