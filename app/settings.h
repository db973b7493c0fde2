// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace shortlist::app {

// What the window remembers between two runs. Values that cannot be used fall back to these.
struct Settings {
    QByteArray geometry;
    QByteArray splitter;
    QString model = QStringLiteral("everyday");
    QStringList recentModels;  // directories, newest first
    QString device = QStringLiteral("auto");
    QString language;    // en, zh_CN; empty: the system's
    QString appearance;  // light, dark; empty: the system's
    int topK = 5;
    bool logprobs = true;
    bool showLogprobs = false;
};

constexpr int kMaxRecentModels = 8;

// From the user's settings file. `notice` gets a sentence when it was damaged or of a newer version; such a file is left alone
// until the next save, which keeps what this version does not know.
Settings loadSettings(QString& notice);
void saveSettings(const Settings& settings);

}  // namespace shortlist::app
