// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimer>

#include "app/settings.h"

namespace shortlist::app {

// Named sets of labels: pasted or typed, one a line, with warnings about what cannot be told apart. GUI thread.
class LabelEditor : public QDialog {
    Q_OBJECT

  public:
    LabelEditor(const TaskSettings& task, QWidget* parent = nullptr);

    // With the set that is chosen in use.
    TaskSettings task() const;

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void build();
    void retranslate();
    void showSet(const QString& name);
    void addSet(const QString& text);
    QListWidgetItem* addItem(const QString& name);
    void renameSet(QListWidgetItem* item);
    void removeSet();
    void check();
    QString freeName(const QString& wanted) const;

    TaskSettings m_task;
    QListWidget* m_sets;
    QPlainTextEdit* m_text;
    QLabel *m_help, *m_warning;
    QPushButton *m_new, *m_remove, *m_capitals, *m_use, *m_cancel;
    QTimer m_pause;  // labels are checked when typing pauses
};

}  // namespace shortlist::app
