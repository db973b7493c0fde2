// SPDX-License-Identifier: Apache-2.0
#include "app/views/throughput_strip.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <algorithm>

namespace shortlist::app {
namespace {

QString number(double value, int digits) { return QLocale().toString(value, 'f', digits); }
// Three significant digits are as much as a sliding window can tell.
QString rateText(double qps) { return number(qps, qps >= 100 ? 0 : 1); }

}  // namespace

ThroughputStrip::ThroughputStrip(QWidget* parent)
    : QWidget(parent),
      m_rate(new QLabel(this)),
      m_sparkline(new Sparkline(this)),
      m_switch(new QLabel(this)),
      m_stages(new QLabel(this)),
      m_count(new QLabel(this)),
      m_progress(new QProgressBar(this)),
      m_cancel(new QPushButton(this)) {
    QFont large = m_rate->font();
    large.setPointSizeF(large.pointSizeF() * 1.25);
    large.setBold(true);
    m_rate->setFont(large);
    // Digits change four times a second: fixed widths keep everything else in its place.
    m_rate->setMinimumWidth(QFontMetrics(large).horizontalAdvance(QStringLiteral("0000 images/s ")));
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(220);
    m_sparkline->setFixedSize(m_sparkline->sizeHint());
    auto* layout = new QHBoxLayout(this);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_rate, m_sparkline, m_switch, m_stages})
        layout->addWidget(widget);
    layout->setSpacing(14);
    layout->addStretch(1);
    layout->addWidget(m_count);
    layout->addWidget(m_progress);
    layout->addWidget(m_cancel);
    connect(m_cancel, &QPushButton::clicked, this, &ThroughputStrip::cancelled);
    retranslate();
}

void ThroughputStrip::showStats(const engine::Stats& stats, int done, int total, int failed) {
    m_stats = stats;
    m_done = done;
    m_total = total;
    m_failed = failed;
    if (done < total)
        m_sparkline->add(stats.qps);
    retranslate();
}

void ThroughputStrip::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ThroughputStrip::retranslate() {
    const bool busy = m_done < m_total;
    m_rate->setText(busy ? tr("%1 images/s").arg(rateText(m_stats.qps)) : tr("idle"));
    const bool both = m_stats.qps_on > 0 && m_stats.qps_off > 0;
    m_switch->setText(both ? tr("logprobs on %1 / off %2 = %3").arg(rateText(m_stats.qps_on), rateText(m_stats.qps_off), number(m_stats.qps_on / m_stats.qps_off, 2))
                      : m_stats.qps_on > 0 ? tr("logprobs on: %1 images/s").arg(rateText(m_stats.qps_on))
                      : m_stats.qps_off > 0 ? tr("logprobs off: %1 images/s").arg(rateText(m_stats.qps_off))
                                            : QString());
    const engine::StageTimes& ms = m_stats.mean;
    m_stages->setText(ms.model > 0 ? tr("decode %1 ms · model %2 ms · top-k %3 µs").arg(number(ms.decode, 1), number(ms.preprocess + ms.model, 1), number(1000 * ms.topk, 1)) : QString());
    m_stages->setToolTip(tr("Mean time of one image in each stage"));
    m_count->setText(m_failed > 0 ? tr("%1 of %2 · %3 failed").arg(m_done).arg(m_total).arg(m_failed) : tr("%1 of %2").arg(m_done).arg(m_total));
    m_count->setVisible(m_total > 0);
    m_progress->setRange(0, std::max(1, m_total));
    m_progress->setValue(m_done);
    m_progress->setVisible(busy);
    m_cancel->setText(tr("Cancel"));
    m_cancel->setVisible(busy);
    m_cancel->setToolTip(tr("Stop after the running batch (Esc)"));
    m_progress->setAccessibleName(tr("Progress"));
    m_sparkline->setAccessibleName(tr("Images per second in the last minute"));
}

}  // namespace shortlist::app
