// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QWidget>

#include "app/session.h"
#include "app/views/sparkline.h"
#include "engine/stats.h"

namespace shortlist::app {

// Images per second now, the price of the switch, where the time goes and what bounds it, progress, time left, cancel. Fed by
// the window four times a second.
class ThroughputStrip : public QWidget {
    Q_OBJECT

  public:
    explicit ThroughputStrip(QWidget* parent = nullptr);
    void showStats(const engine::Stats& stats, const Session::Progress& progress);

  Q_SIGNALS:
    void cancelled();

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void retranslate();
    QString queueText() const;
    QString switchText() const;
    QString stageText() const;
    QString progressText() const;

    engine::Stats m_stats;
    Session::Progress m_progress;
    double m_smoothRate = 0;  // for the time left, which must not jump
    QLabel* m_rate;
    Sparkline* m_sparkline;
    QLabel* m_switch;
    QLabel* m_stages;
    QLabel* m_count;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
};

}  // namespace shortlist::app
