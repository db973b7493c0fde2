// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAction>
#include <QActionGroup>
#include <QMainWindow>
#include <QMenu>

namespace shortlist::app {

// Every command of the window once, with its text, icon and keys: menus, tool bar and the shortcut sheet show the same. The
// actions belong to the window.
struct Actions {
    explicit Actions(QMainWindow& window);

    // Fills the window's menu bar.
    void buildMenus(QMainWindow& window);
    void retranslate();
    // Text and keys of everything that has keys, for the shortcut sheet.
    QList<QPair<QString, QString>> shortcuts() const;

    QAction *openFiles, *openFolder, *paste, *save, *quit;
    QAction *copy, *classifyAgain, *explainAll, *remove, *clear, *cancel;
    QAction *logprobs, *showLogprobs, *zoomIn, *zoomOut, *fit, *oneToOne, *previous, *next;
    QAction *labels, *classes, *help, *log, *about;
    QActionGroup *language, *appearance;  // data(): the setting

  private:
    QMenu *m_file, *m_edit, *m_view, *m_languages, *m_appearances, *m_help;
};

}  // namespace shortlist::app
