// SPDX-License-Identifier: Apache-2.0
// The small windows: each is shown without blocking and deletes itself when closed.
#pragma once

#include <QDialog>
#include <QList>
#include <QPair>
#include <QUrl>
#include <functional>

#include "engine/backend.h"

namespace shortlist::app {

void showShortcuts(QWidget* parent, const QList<QPair<QString, QString>>& shortcuts);
void showAbout(QWidget* parent);
void showLog(QWidget* parent);
void showClasses(QWidget* parent, const engine::ModelInfo& model);
// Nothing is fetched before somebody said yes.
void askDownload(QWidget* parent, const QUrl& url, std::function<void()> yes);

}  // namespace shortlist::app
