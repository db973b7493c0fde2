// SPDX-License-Identifier: Apache-2.0
#include "app/views/throughput_strip.h"

#include <QEvent>
#include <QGridLayout>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "app/views/icons.h"

namespace shortlist::app {
namespace {

constexpr double kSmoothing = 0.1;        // share of the newest rate, four times a second
constexpr int kEnoughForARate = 20;       // images; a rate of two or three says little

QString number(double value, int digits) { return QLocale().toString(value, 'f', digits); }
// Three significant digits are as much as a sliding window can tell.
QString rateText(double qps) { return number(qps, qps >= 100 ? 0 : 1); }

QString joined(const QString& a, const QString& b) { return a.isEmpty() || b.isEmpty() ? a + b : a + QStringLiteral(" · ") + b; }

}  // namespace

ThroughputStrip::ThroughputStrip(QWidget* parent)
    : QWidget(parent),
      m_rate(new QLabel(this)),
      m_sparkline(new Sparkline(this)),
      m_switch(new QLabel(this)),
      m_stages(new QLabel(this)),
      m_count(new QLabel(this)),
      m_bar(new QProgressBar(this)),
      m_cancel(new QPushButton(this)) {
    QFont large = m_rate->font();
    large.setPointSizeF(large.pointSizeF() * 1.25);
    large.setBold(true);
    m_rate->setFont(large);
    // Digits change four times a second: fixed widths keep everything else in its place.
    m_rate->setMinimumWidth(QFontMetrics(large).horizontalAdvance(QStringLiteral("0000 images/s ")));
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    m_sparkline->setFixedSize(m_sparkline->sizeHint());
    m_cancel->setIcon(themedIcon(QStringLiteral("cancelled")));
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(10, 4, 10, 6);
    layout->setHorizontalSpacing(14);
    layout->setVerticalSpacing(3);
    layout->addWidget(m_rate, 0, 0, 2, 1);
    layout->addWidget(m_sparkline, 0, 1, 2, 1);
    layout->addWidget(m_switch, 0, 2);
    layout->addWidget(m_stages, 1, 2);
    layout->setColumnStretch(2, 1);
    layout->addWidget(m_count, 0, 3, Qt::AlignRight);
    layout->addWidget(m_bar, 1, 3);
    layout->addWidget(m_cancel, 0, 4, 2, 1);
    layout->setColumnMinimumWidth(3, 230);
    connect(m_cancel, &QPushButton::clicked, this, &ThroughputStrip::cancelled);
    retranslate();
}

void ThroughputStrip::showStats(const engine::Stats& stats, const Session::Progress& progress) {
    const bool busy = progress.done < progress.total;
    if (progress.total < m_progress.total || !busy)
        m_smoothRate = 0;
    m_stats = stats;
    m_progress = progress;
    if (busy) {
        m_sparkline->add(stats.qps);
        m_smoothRate = m_smoothRate > 0 ? m_smoothRate + kSmoothing * (stats.qps - m_smoothRate) : stats.qps;
    }
    retranslate();
}

void ThroughputStrip::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

QString ThroughputStrip::queueText() const {
    const size_t waiting = m_stats.queued + m_stats.prepared;
    return m_progress.done < m_progress.total && waiting > 0 ? tr("queue %1").arg(QLocale().toString(static_cast<qulonglong>(waiting))) : QString();
}

QString ThroughputStrip::switchText() const {
    if (m_stats.delivered < kEnoughForARate)
        return {};
    if (m_stats.qps_on > 0 && m_stats.qps_off > 0)
        return tr("logprobs on %1 / off %2 = %3").arg(rateText(m_stats.qps_on), rateText(m_stats.qps_off), number(m_stats.qps_on / m_stats.qps_off, 2));
    if (m_stats.qps_on > 0)
        return tr("logprobs on: %1 images/s").arg(rateText(m_stats.qps_on));
    return m_stats.qps_off > 0 ? tr("logprobs off: %1 images/s").arg(rateText(m_stats.qps_off)) : QString();
}

// Mean time an image spends in each stage; an image that waits for the model says that the model is the narrow place.
QString ThroughputStrip::stageText() const {
    const engine::StageTimes& ms = m_stats.mean;
    if (ms.model <= 0)
        return {};
    const QString stages = tr("decode %1 ms · wait %2 ms · prepare %3 ms · model %4 ms · top-k %5 µs")
                               .arg(number(ms.decode, 1), number(ms.wait, 1), number(ms.preprocess, 2), number(ms.model, 1), number(1000 * ms.topk, 1));
    if (m_progress.done >= m_progress.total)
        return stages;
    return stages + QStringLiteral(" · ") + (ms.wait > ms.decode ? tr("the model sets the pace") : tr("decoding sets the pace"));
}

QString ThroughputStrip::progressText() const {
    QString text = tr("%1 of %2").arg(QLocale().toString(m_progress.done), QLocale().toString(m_progress.total)) + (m_progress.scanning ? QStringLiteral("+") : QString());
    if (m_progress.failed > 0)
        text += QStringLiteral(" · ") + tr("%n failed", nullptr, m_progress.failed);
    const int left = m_progress.total - m_progress.done;
    if (left <= 0 || m_smoothRate <= 0 || m_progress.done < kEnoughForARate)
        return text;
    const int seconds = static_cast<int>(std::lround(left / m_smoothRate));
    return text + QStringLiteral(" · ") + (seconds < 90 ? tr("%1 s left").arg(std::max(1, seconds)) : tr("%1 min left").arg((seconds + 30) / 60));
}

void ThroughputStrip::retranslate() {
    const bool busy = m_progress.done < m_progress.total;
    m_rate->setText(busy ? tr("%1 images/s").arg(rateText(m_stats.qps)) : tr("idle"));
    m_switch->setText(joined(switchText(), queueText()));
    m_stages->setText(stageText());
    m_stages->setToolTip(tr("Mean time of one image in each stage. Decoding runs beside the model."));
    m_count->setText(progressText());
    m_count->setVisible(m_progress.total > 0);
    m_count->setToolTip(tr("%1 wait to be decoded, %2 are ready for the model").arg(m_stats.queued).arg(m_stats.prepared));
    m_bar->setRange(0, std::max(1, m_progress.total));
    m_bar->setValue(m_progress.done);
    m_bar->setVisible(busy);
    m_cancel->setText(tr("Cancel"));
    m_cancel->setVisible(busy);
    m_cancel->setToolTip(tr("Stop after the running batch (Esc)"));
    m_bar->setAccessibleName(tr("Progress"));
    m_sparkline->setAccessibleName(tr("Images per second in the last minute"));
}

}  // namespace shortlist::app
