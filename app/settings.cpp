// SPDX-License-Identifier: Apache-2.0
#include "app/settings.h"

#include <QCoreApplication>
#include <QSettings>
#include <algorithm>

#include "engine/outcome.h"

namespace shortlist::app {
namespace {

constexpr int kVersion = 1;

QSettings file() { return QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("shortlist"), QStringLiteral("shortlist")); }

QString oneOf(const QString& value, std::initializer_list<const char*> allowed) {
    for (const char* one : allowed)
        if (value == QLatin1String(one))
            return value;
    return {};
}

constexpr const char* kSets = "labelSets";

void loadTask(const QSettings& stored, TaskSettings& task) {
    QMap<QString, QString> sets;
    const QVariantMap all = stored.value(QLatin1String(kSets)).toMap();
    for (auto set = all.begin(); set != all.end(); ++set)
        sets.insert(set.key(), set.value().toString());
    if (!sets.isEmpty())
        task.sets = sets;
    task.set = stored.value(QStringLiteral("labelSet"), task.set).toString();
    if (!task.sets.contains(task.set))
        task.set = task.sets.firstKey();
    task.prompt = stored.value(QStringLiteral("prompt")).toString();
    task.answers = stored.value(QStringLiteral("answers"), false).toBool();
    const QString search = oneOf(stored.value(QStringLiteral("search")).toString(), {"auto", "all", "best"});
    task.search = search.isEmpty() ? task.search : search;
}

void saveTask(QSettings& stored, const TaskSettings& task) {
    QVariantMap sets;
    for (auto set = task.sets.begin(); set != task.sets.end(); ++set)
        sets.insert(set.key(), set.value());
    stored.setValue(QLatin1String(kSets), sets);
    stored.setValue(QStringLiteral("labelSet"), task.set);
    stored.setValue(QStringLiteral("prompt"), task.prompt);
    stored.setValue(QStringLiteral("answers"), task.answers);
    stored.setValue(QStringLiteral("search"), task.search);
}

}  // namespace

Settings loadSettings(QString& notice) {
    Settings settings;
    const QSettings stored = file();
    const int version = stored.value(QStringLiteral("version"), 0).toInt();
    if (stored.status() != QSettings::NoError || (version < 1 && !stored.allKeys().isEmpty())) {
        notice = QCoreApplication::translate("Settings", "The settings file cannot be understood; the window starts with its defaults: %1").arg(stored.fileName());
        return settings;
    }
    if (version > kVersion)
        notice = QCoreApplication::translate("Settings", "The settings were written by a newer version; what this one does not know was left out.");
    const auto text = [&](const char* key, const QString& otherwise) { return stored.value(QLatin1String(key), otherwise).toString(); };
    settings.geometry = stored.value(QStringLiteral("geometry")).toByteArray();
    settings.splitter = stored.value(QStringLiteral("splitter")).toByteArray();
    settings.model = text("model", settings.model);
    settings.recentModels = stored.value(QStringLiteral("recentModels")).toStringList().mid(0, kMaxRecentModels);
    settings.device = text("device", settings.device);
    settings.language = oneOf(text("language", {}), {"en", "zh_CN"});
    settings.appearance = oneOf(text("appearance", {}), {"light", "dark"});
    settings.topK = std::clamp(stored.value(QStringLiteral("topK"), settings.topK).toInt(), 1, engine::kKeptCandidates);
    settings.logprobs = stored.value(QStringLiteral("logprobs"), true).toBool();
    settings.showLogprobs = stored.value(QStringLiteral("showLogprobs"), false).toBool();
    loadTask(stored, settings.task);
    if (settings.model.isEmpty())
        settings.model = Settings().model;
    return settings;
}

void saveSettings(const Settings& settings) {
    QSettings stored = file();
    stored.setValue(QStringLiteral("version"), std::max(kVersion, stored.value(QStringLiteral("version"), 0).toInt()));
    stored.setValue(QStringLiteral("geometry"), settings.geometry);
    stored.setValue(QStringLiteral("splitter"), settings.splitter);
    stored.setValue(QStringLiteral("model"), settings.model);
    stored.setValue(QStringLiteral("recentModels"), settings.recentModels);
    stored.setValue(QStringLiteral("device"), settings.device);
    stored.setValue(QStringLiteral("language"), settings.language);
    stored.setValue(QStringLiteral("appearance"), settings.appearance);
    stored.setValue(QStringLiteral("topK"), settings.topK);
    stored.setValue(QStringLiteral("logprobs"), settings.logprobs);
    stored.setValue(QStringLiteral("showLogprobs"), settings.showLogprobs);
    saveTask(stored, settings.task);
}

}  // namespace shortlist::app
