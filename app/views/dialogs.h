// SPDX-License-Identifier: Apache-2.0
// The small windows: each is shown without blocking and deletes itself when closed.
#pragma once

#include <QDialog>
#include <QList>
#include <QPair>
#include <QUrl>
#include <functional>

#include "engine/engine.h"

namespace shortlist::app {

void showShortcuts(QWidget* parent, const QList<QPair<QString, QString>>& shortcuts);
void showAbout(QWidget* parent);
void showLog(QWidget* parent);
// What the model is and the classes it knows; `status` must have a model.
void showModelCard(QWidget* parent, const engine::ModelStatus& status);
// Nothing is fetched before somebody said yes.
void askDownload(QWidget* parent, const QUrl& url, std::function<void()> yes);

}  // namespace shortlist::app
