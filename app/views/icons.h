// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QIcon>
#include <QString>

namespace shortlist::app {

// resources/icons/<name>.svg in the palette's text colour of the moment it is painted: light and dark need no second set.
QIcon themedIcon(const QString& name);

}  // namespace shortlist::app
