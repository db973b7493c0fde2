// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QStringList>

namespace shortlist::app {

// What a vision-language model is asked.
struct TaskSettings {
    QMap<QString, QString> sets{{QStringLiteral("example"), QStringLiteral("person\nanimal | cat | dog | bird\nfood\nplant | flower | tree\nvehicle | car | bicycle | boat\nbuilding\nlandscape\n")}};  // by name, one label a line
    QString set = QStringLiteral("example");  // the one in use
    QString prompt;                           // empty: the model's default
    bool answers = false;                     // freely, without labels
    QString search = QStringLiteral("auto");  // auto, all, best

    QString labels() const { return sets.value(set); }
    bool operator==(const TaskSettings&) const = default;
};

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
    TaskSettings task;
};

constexpr int kMaxRecentModels = 8;

// From the user's settings file. `notice` gets a sentence when it was damaged or of a newer version; such a file is left alone
// until the next save, which keeps what this version does not know.
Settings loadSettings(QString& notice);
void saveSettings(const Settings& settings);

}  // namespace shortlist::app
