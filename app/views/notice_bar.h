// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QWidget>

namespace shortlist::app {

// A sentence with one thing to do about it; hidden while there is nothing to say.
class NoticeBar : public QWidget {
    Q_OBJECT

  public:
    explicit NoticeBar(QWidget* parent = nullptr);

    // An empty sentence hides the bar, an empty `action` the button.
    void showNotice(const QString& sentence, const QString& action);
    QString sentence() const { return m_text->text(); }

  Q_SIGNALS:
    void triggered();

  private:
    QLabel* m_text;
    QPushButton* m_button;
};

}  // namespace shortlist::app
