// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QPair>
#include <QString>

#include "engine/backend.h"

namespace shortlist::app {

// What a model is, as names and values for people in the current language. An empty hash is left out.
QList<QPair<QString, QString>> modelCard(const engine::ModelInfo& model, const std::string& sha256);

}  // namespace shortlist::app
