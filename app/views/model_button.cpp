// SPDX-License-Identifier: Apache-2.0
#include "app/views/model_button.h"

#include <QCoreApplication>
#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QLocale>
#include <QMenu>

#include "app/error_text.h"
#include "app/views/icons.h"

namespace shortlist::app {
namespace {

const QString kBuiltIn = QStringLiteral("everyday");
const QString kArrow = QStringLiteral(" ▾");  // the style's own indicator stands beside the text's line

QAction* addChoice(QMenu* menu, const QString& text, bool checked) {
    QAction* action = menu->addAction(text);
    action->setCheckable(true);
    action->setChecked(checked);
    return action;
}

}  // namespace

QString answersText(const engine::ModelInfo& info) {
    const auto classes = static_cast<int>(info.labels.size());
    if (info.vision_language)
        return info.answers ? QCoreApplication::translate("Models", "free answers") : QCoreApplication::translate("Models", "%n labels", nullptr, classes);
    return info.name == kBuiltIn.toStdString() ? QCoreApplication::translate("Models", "%n everyday things", nullptr, classes)
                                               : QCoreApplication::translate("Models", "%n classes", nullptr, classes);
}

ModelButton::ModelButton(QWidget* parent) : QToolButton(parent), m_current(kBuiltIn), m_menu(new QMenu(this)) {
    setObjectName(QStringLiteral("model"));
    setIcon(themedIcon(QStringLiteral("model")));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(this, &QToolButton::clicked, this, [this] { m_menu->popup(mapToGlobal(rect().bottomLeft())); });
    retranslate();
}

void ModelButton::showStatus(const engine::ModelStatus& status) {
    m_status = status;
    retranslate();
}

void ModelButton::setRecent(const QStringList& directories, const QString& current) {
    m_recent = directories;
    m_current = current;
    retranslate();
}

void ModelButton::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QToolButton::changeEvent(event);
}

void ModelButton::retranslate() {
    const bool loading = m_status.state == engine::ModelState::Loading;
    setText(loading ? tr("loading the model…") : m_status.info ? tr("%1 · %2").arg(QString::fromStdString(m_status.info->name), answersText(*m_status.info)) : tr("no model"));
    setAccessibleName(tr("Model: %1").arg(text()));
    setText(text() + kArrow);
    setToolTip(m_status.info ? tr("%1\n%2, %3, %4, temperature %5\nClick to choose another model.")
                                   .arg(QString::fromStdString(m_status.info->directory), QString::fromStdString(m_status.info->family),
                                        QString::fromStdString(m_status.info->dtype), QString::fromStdString(m_status.info->device), QLocale().toString(m_status.info->temperature, 'g', 4))
                             : tr("Choose a model"));
    m_menu->clear();
    connect(addChoice(m_menu, tr("everyday (built in)"), m_current == kBuiltIn), &QAction::triggered, this, [this] { Q_EMIT modelChosen(kBuiltIn); });
    for (const QString& directory : m_recent) {
        QAction* action = addChoice(m_menu, QFileInfo(directory).fileName(), m_current == directory);
        action->setToolTip(QDir::toNativeSeparators(directory));
        connect(action, &QAction::triggered, this, [this, directory] { Q_EMIT modelChosen(directory); });
    }
    m_menu->setToolTipsVisible(true);
    m_menu->addSeparator();
    connect(m_menu->addAction(tr("Open a model directory…")), &QAction::triggered, this, &ModelButton::directoryWanted);
}

DeviceButton::DeviceButton(QWidget* parent) : QToolButton(parent), m_asked(QStringLiteral("auto")), m_menu(new QMenu(this)) {
    setObjectName(QStringLiteral("device"));
    setIcon(themedIcon(QStringLiteral("device")));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(this, &QToolButton::clicked, this, [this] { m_menu->popup(mapToGlobal(rect().bottomLeft())); });
    m_menu->setToolTipsVisible(true);
    retranslate();
}

void DeviceButton::showStatus(const engine::ModelStatus& status, const QString& asked) {
    m_status = status;
    m_asked = asked;
    retranslate();
}

void DeviceButton::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QToolButton::changeEvent(event);
}

void DeviceButton::retranslate() {
    m_obstacle = m_status.info ? cudaObstacleSentence() : QString();  // the inference thread has asked the driver by then
    setText(m_status.info ? QString::fromStdString(m_status.info->device).toUpper() : tr("device"));
    setAccessibleName(tr("Device: %1").arg(text()));
    setText(text() + kArrow);
    setToolTip(m_obstacle.isEmpty() ? tr("Where the model runs") : tr("Where the model runs. CUDA is not used: %1").arg(m_obstacle));
    m_menu->clear();
    for (const char* device : {"auto", "cpu", "cuda"}) {
        const QString name = QString::fromLatin1(device);
        QAction* action = addChoice(m_menu, name == QLatin1String("auto") ? tr("Automatic") : name.toUpper(), m_asked == name);
        connect(action, &QAction::triggered, this, [this, name] { Q_EMIT deviceChosen(name); });
        if (name == QLatin1String("cuda"))
            action->setEnabled(m_obstacle.isEmpty());
    }
    if (m_obstacle.isEmpty())
        return;
    m_menu->addSeparator();
    m_menu->addAction(tr("CUDA is not used: %1").arg(m_obstacle))->setEnabled(false);
}

}  // namespace shortlist::app
