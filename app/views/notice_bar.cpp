// SPDX-License-Identifier: Apache-2.0
#include "app/views/notice_bar.h"

#include <QHBoxLayout>

namespace shortlist::app {

NoticeBar::NoticeBar(QWidget* parent) : QWidget(parent), m_text(new QLabel(this)), m_button(new QPushButton(this)) {
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    m_text->setWordWrap(true);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    connect(m_button, &QPushButton::clicked, this, &NoticeBar::triggered);
    hide();
}

void NoticeBar::showNotice(const QString& sentence, const QString& action) {
    m_text->setText(sentence);
    m_button->setText(action);
    m_button->setVisible(!action.isEmpty());
    setVisible(!sentence.isEmpty());
}

}  // namespace shortlist::app
