// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QWidget>

#include "app/views/sparkline.h"
#include "engine/stats.h"

namespace shortlist::app {

// Images per second now, the price of the switch, where the time goes, progress, cancel. Fed by the window four times a
// second.
class ThroughputStrip : public QWidget {
    Q_OBJECT

  public:
    explicit ThroughputStrip(QWidget* parent = nullptr);
    void showStats(const engine::Stats& stats, int done, int total, int failed);

  Q_SIGNALS:
    void cancelled();

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void retranslate();

    engine::Stats m_stats;
    int m_done = 0, m_total = 0, m_failed = 0;
    QLabel* m_rate;
    Sparkline* m_sparkline;
    QLabel* m_switch;
    QLabel* m_stages;
    QLabel* m_count;
    QProgressBar* m_progress;
    QPushButton* m_cancel;
};

}  // namespace shortlist::app
