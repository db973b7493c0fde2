// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>
#include <vector>

#include "engine/outcome.h"

namespace shortlist::app {

// An answer token by token, each on a ground whose strength is its confidence, with the number below it; one is chosen, by mouse or arrow keys.
// GUI thread.
class TokenStrip : public QWidget {
    Q_OBJECT

  public:
    explicit TokenStrip(QWidget* parent = nullptr);

    void setAnswer(const engine::Answer& answer);
    int current() const { return m_current; }

    QSize sizeHint() const override { return {200, heightForWidth(200)}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

  Q_SIGNALS:
    void currentChanged(int token);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    struct Token {
        QString text, number;
        double confidence = 0;
    };

    std::vector<QRect> places(int width) const;
    QFont numberFont() const;
    void choose(int token);
    void describe();

    std::vector<Token> m_tokens;
    int m_current = 0;
};

}  // namespace shortlist::app
