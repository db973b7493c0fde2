// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QWidget>

#include "app/settings.h"

namespace shortlist::app {

// What a vision-language model is asked: choose among labels or answer freely, the prompt with its presets, the labels, how they are searched.
// Shown only while such a model is in use. GUI thread.
class TaskBar : public QWidget {
    Q_OBJECT

  public:
    explicit TaskBar(QWidget* parent = nullptr);

    void setTask(const TaskSettings& task);
    const TaskSettings& task() const { return m_task; }
    // The prompt that an empty box stands for.
    void setDefaultPrompt(const QString& prompt);

  Q_SIGNALS:
    void taskChanged(const TaskSettings& task);
    void labelsWanted();

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void build();
    void retranslate();
    void fillPresets();
    void apply();
    void showTask();

    TaskSettings m_task;
    QComboBox* m_mode;
    QLineEdit* m_prompt;
    QToolButton* m_presets;
    QMenu* m_menu;
    QPushButton* m_labels;
    QComboBox* m_search;
};

}  // namespace shortlist::app
