// SPDX-License-Identifier: Apache-2.0
#include "app/views/candidate_panel.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLocale>
#include <QVBoxLayout>
#include <cmath>

#include "app/error_text.h"
#include "app/views/bar_delegate.h"

namespace shortlist::app {
namespace {

constexpr float kClearMargin = 1.386f;   // nats: the best is four times as likely as the second
constexpr float kCloseMargin = 0.405f;   // one and a half times
constexpr float kUnsureBelow = 0.5f;
constexpr float kRivalsFrom = 0.3f;      // below, it is not two that compete but many

QLabel* makeLabel(QWidget* parent, qreal scale, bool bold) {
    auto* label = new QLabel(parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setBold(bold);
    label->setFont(font);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setTextFormat(Qt::PlainText);
    return label;
}

}  // namespace

CandidatePanel::CandidatePanel(QWidget* parent)
    : QWidget(parent), m_best(makeLabel(this, 1.6, true)), m_certainty(makeLabel(this, 1.0, false)), m_list(new QTreeView(this)), m_hint(makeLabel(this, 0.95, false)) {
    m_list->setModel(&m_model);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setItemDelegate(new RoomyDelegate(m_list));
    m_list->setItemDelegateForColumn(CandidateModel::kBar, new BarDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAllColumnsShowFocus(true);
    QHeaderView* header = m_list->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(CandidateModel::kBar, QHeaderView::Stretch);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_best);
    layout->addWidget(m_certainty);
    layout->addWidget(m_hint);
    layout->addWidget(m_list, 1);
    refresh();
}

void CandidatePanel::setOutcome(std::shared_ptr<const engine::Outcome> outcome, const QString& message) {
    m_outcome = std::move(outcome);
    m_message = message;
    m_model.setOutcome(m_outcome);
    refresh();
}

void CandidatePanel::setTopK(int topK) { m_model.setTopK(topK); }
void CandidatePanel::setShowLogprobs(bool logprobs) { m_model.setShowLogprobs(logprobs); }
void CandidatePanel::copy() const { QGuiApplication::clipboard()->setText(m_model.asText()); }

void CandidatePanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        refresh();
    QWidget::changeEvent(event);
}

// Words and numbers: margin between the two best, entropy of the whole distribution.
QString CandidatePanel::certainty() const {
    if (!m_outcome->logprobs)
        return tr("Logprobs were off: only the best label is known.");
    const float margin = m_outcome->margin();
    const float best = std::exp(m_outcome->candidates.front().logprob);
    const QString word = margin < kCloseMargin && best >= kRivalsFrom ? tr("close call") : best < kUnsureBelow ? tr("unsure") : margin < kClearMargin ? tr("likely") : tr("clear");
    if (m_outcome->model->sigmoid)  // no distribution over the classes, so no entropy
        return tr("%1 · %2 · margin %3 nats").arg(word, percentText(m_outcome->candidates.front().logprob), QLocale().toString(margin, 'f', 2));
    return tr("%1 · %2 · margin %3 nats · entropy %4 nats")
        .arg(word, percentText(m_outcome->candidates.front().logprob), QLocale().toString(margin, 'f', 2),
             QLocale().toString(m_outcome->entropy, 'f', 2));
}

QString CandidatePanel::hint() const {
    const bool unsure = m_outcome->logprobs && std::exp(m_outcome->candidates.front().logprob) < kUnsureBelow;
    const int classes = static_cast<int>(m_outcome->model->labels.size());
    return unsure ? tr("The model only knows its %n classes. What it shows may be none of them.", nullptr, classes) : QString();
}

void CandidatePanel::refresh() {
    m_list->setAccessibleName(tr("Ranked candidates"));
    m_best->setAccessibleName(tr("Best candidate"));
    const bool answered = m_outcome && m_outcome->ok();
    m_best->setText(answered ? QString::fromStdString(m_outcome->label(0)) : QString());
    m_best->setVisible(answered);
    m_certainty->setText(answered ? certainty() : m_outcome ? errorSentence(*m_outcome->failure) : m_message);
    m_hint->setText(answered ? hint() : QString());
    m_hint->setVisible(!m_hint->text().isEmpty());
    m_list->setVisible(answered);
    static_cast<QVBoxLayout*>(layout())->setAlignment(m_certainty, answered ? Qt::Alignment() : Qt::AlignTop);
}

}  // namespace shortlist::app
