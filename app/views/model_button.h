// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QToolButton>

#include "app/settings.h"
#include "engine/engine.h"

namespace shortlist::app {

// The model in use and what it can answer; its menu chooses another one: built-in, recent, any directory. GUI thread.
class ModelButton : public QToolButton {
    Q_OBJECT

  public:
    explicit ModelButton(QWidget* parent = nullptr);
    void showStatus(const engine::ModelStatus& status);
    void setRecent(const QStringList& directories, const QString& current);

  Q_SIGNALS:
    void modelChosen(const QString& nameOrDirectory);
    void directoryWanted();

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void retranslate();

    engine::ModelStatus m_status;
    QStringList m_recent;
    QString m_current;
    QMenu* m_menu;
};

// Where the model runs, and why not on CUDA. GUI thread.
class DeviceButton : public QToolButton {
    Q_OBJECT

  public:
    explicit DeviceButton(QWidget* parent = nullptr);
    void showStatus(const engine::ModelStatus& status, const QString& asked);

  Q_SIGNALS:
    void deviceChosen(const QString& device);

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void retranslate();

    engine::ModelStatus m_status;
    QString m_asked, m_obstacle;
    QMenu* m_menu;
};

// "85 everyday things", "1,000 classes".
QString answersText(const engine::ModelInfo& info);

}  // namespace shortlist::app
