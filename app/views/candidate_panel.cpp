// SPDX-License-Identifier: Apache-2.0
#include "app/views/candidate_panel.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLocale>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/error_text.h"
#include "app/views/bar_delegate.h"

namespace shortlist::app {
namespace {

constexpr float kClearMargin = 1.386f;   // nats: the best is four times as likely as the second
constexpr float kCloseMargin = 0.405f;   // one and a half times
constexpr float kUnsureBelow = 0.5f;
constexpr double kMuchOutside = 0.3;   // of the probability: then the labels may be spelt in another way
constexpr float kRivalsFrom = 0.3f;      // below, it is not two that compete but many

// A place to break in every long run without blanks.
QString breakable(const QString& text) {
    constexpr int kLongest = 24;
    QString result;
    int run = 0;
    for (const QChar c : text) {
        run = c.isSpace() ? 0 : run + 1;
        result += c;
        if (run > kLongest && !c.isHighSurrogate())
            result += QChar(0x200B), run = 0;
    }
    return result;
}

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
    : QWidget(parent), m_best(makeLabel(this, 1.0, false)), m_certainty(makeLabel(this, 1.0, false)), m_tokens(new TokenStrip), m_tokenArea(new QScrollArea(this)), m_list(new QTreeView(this)),
      m_offer(new NoticeBar(this)), m_hint(makeLabel(this, 0.95, false)) {
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
    m_tokenArea->setWidget(m_tokens);
    m_tokenArea->setWidgetResizable(true);
    m_tokenArea->setFrameShape(QFrame::NoFrame);
    m_tokenArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tokenArea->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(m_tokenArea);
    layout->addWidget(m_offer);
    layout->addWidget(m_list, 1);
    connect(m_tokens, &TokenStrip::currentChanged, &m_model, &CandidateModel::setToken);
    connect(m_offer, &NoticeBar::triggered, this, &CandidatePanel::capitalsWanted);
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
    if (event->type() == QEvent::LanguageChange) {
        m_model.retranslate();
        refresh();
    }
    QWidget::changeEvent(event);
}

void CandidatePanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitTokens();
}

void CandidatePanel::fitTokens() {
    const int width = std::max(1, m_tokenArea->viewport()->width()), height = m_tokens->heightForWidth(width);
    m_tokens->setMinimumHeight(height);
    m_tokenArea->setFixedHeight(std::min(height, this->height() / 3));
}

// Words and numbers: margin between the two best, entropy of the whole distribution.
QString CandidatePanel::certainty() const {
    if (!m_outcome->logprobs)
        return m_outcome->answer ? tr("Logprobs were off: only the answer is known.") : tr("Logprobs were off: only the best label is known.");
    if (m_outcome->answer)
        return answerCertainty();
    const float margin = m_outcome->margin();
    const auto best = static_cast<float>(m_outcome->confidence(0));
    const QString word = margin < kCloseMargin && best >= kRivalsFrom ? tr("close call") : best < kUnsureBelow ? tr("unsure") : margin < kClearMargin ? tr("likely") : tr("clear");
    if (m_outcome->model->sigmoid)  // no distribution over the classes, so no entropy
        return tr("%1 · %2 · margin %3 nats").arg(word, percentText(best), QLocale().toString(margin, 'f', 2));
    if (m_outcome->set)
        return tr("%1 · %2 among the labels · margin %3 nats · %4 outside them").arg(word, percentText(best), QLocale().toString(margin, 'f', 2), percentText(m_outcome->set->out_of_set));
    return tr("%1 · %2 · margin %3 nats · entropy %4 nats")
        .arg(word, percentText(best), QLocale().toString(margin, 'f', 2),
             QLocale().toString(m_outcome->entropy, 'f', 2));
}

QString CandidatePanel::answerCertainty() const {
    const engine::Answer& answer = *m_outcome->answer;
    const QString whole = tr("%1 · logprob %2 nats · %n tokens", nullptr, static_cast<int>(answer.tokens.size()))
                              .arg(percentText(m_outcome->confidence(0)), QLocale().toString(answer.logprob, 'f', 2));
    return answer.finished ? whole : whole + tr(" · not finished");
}

QString CandidatePanel::hint() const {
    if (m_outcome->answer || m_outcome->set)
        return {};
    const bool unsure = m_outcome->logprobs && std::exp(m_outcome->candidates.front().logprob) < kUnsureBelow;
    const int classes = static_cast<int>(m_outcome->model->labels.size());
    return unsure ? tr("The model only knows its %n classes. What it shows may be none of them.", nullptr, classes) : QString();
}

void CandidatePanel::refresh() {
    m_list->setAccessibleName(tr("Ranked candidates"));
    m_best->setAccessibleName(tr("Best candidate"));
    const bool answered = m_outcome && m_outcome->ok();
    const bool answer = answered && m_outcome->answer;
    QFont font = this->font();  // an answer may be several sentences
    font.setPointSizeF(font.pointSizeF() * (answer ? 1.15 : 1.6));
    font.setBold(!answer);
    m_best->setFont(font);
    const bool tokens = answer && !m_outcome->answer->tokens.empty();
    m_tokenArea->setVisible(tokens);
    if (answer) {
        m_tokens->setAnswer(*m_outcome->answer);
        fitTokens();
        m_model.setToken(m_tokens->current());
    }
    const bool outside = answered && m_outcome->set && m_outcome->set->out_of_set > kMuchOutside && m_outcome->set->unscored_mass < m_outcome->set->out_of_set - kMuchOutside;
    m_offer->showNotice(outside ? tr("Much of the probability lies outside the labels. The model may spell them with a capital, or without.") : QString(), tr("Add spellings"));
    const QString best = answered ? QString::fromStdString(m_outcome->label(0)) : QString();
    m_best->setText(answer ? breakable(best) : best);
    m_best->setVisible(answered);
    m_certainty->setText(answered ? certainty() : m_outcome ? errorSentence(*m_outcome->failure) : m_message);
    m_hint->setText(answered ? hint() : QString());
    m_hint->setVisible(!m_hint->text().isEmpty());
    m_list->setVisible(answered && (!answer || tokens));
    static_cast<QVBoxLayout*>(layout())->setAlignment(m_certainty, answered ? Qt::Alignment() : Qt::AlignTop);
}

}  // namespace shortlist::app
