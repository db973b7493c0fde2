// SPDX-License-Identifier: Apache-2.0
#include "app/views/task_bar.h"

#include <QEvent>
#include <QFile>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalBlocker>

#include "engine/error.h"
#include "engine/label_list.h"
#include "engine/modules.h"

namespace shortlist::app {
namespace {

constexpr const char* kSearches[] = {"auto", "all", "best"};
constexpr int kPresetLength = 80;

struct Preset {
    QString language, text;
    bool answers;
};

const QList<Preset>& presets() {
    static const QList<Preset> list = [] {
        QList<Preset> read;
        QFile file(QString::fromStdString(engine::resourceDirectory()) + QStringLiteral("/prompts/prompts.json"));
        if (file.open(QIODevice::ReadOnly))
            for (const QJsonValue& value : QJsonDocument::fromJson(file.readAll()).array())
                read << Preset{value[QStringLiteral("language")].toString(), value[QStringLiteral("text")].toString(), value[QStringLiteral("mode")].toString() == QLatin1String("answer")};
        return read;
    }();
    return list;
}

// 0: they cannot be used.
int labelCount(const QString& text) {
    try {
        return static_cast<int>(engine::parseLabels(text.toStdString()).size());
    } catch (const engine::Error&) {
        return 0;
    }
}

}  // namespace

TaskBar::TaskBar(QWidget* parent)
    : QWidget(parent), m_mode(new QComboBox(this)), m_prompt(new QLineEdit(this)), m_presets(new QToolButton(this)), m_menu(new QMenu(this)), m_labels(new QPushButton(this)),
      m_search(new QComboBox(this)) {
    build();
    retranslate();
    showTask();
}

void TaskBar::build() {
    m_mode->setObjectName(QStringLiteral("taskMode"));
    m_prompt->setObjectName(QStringLiteral("prompt"));
    m_labels->setObjectName(QStringLiteral("labels"));
    m_search->setObjectName(QStringLiteral("search"));
    m_mode->addItems({QString(), QString()});
    m_search->addItems({QString(), QString(), QString()});
    m_prompt->setClearButtonEnabled(true);
    m_prompt->setMinimumWidth(160);
    m_presets->setMenu(m_menu);
    m_presets->setPopupMode(QToolButton::InstantPopup);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->addWidget(m_mode);
    layout->addWidget(m_prompt, 1);
    layout->addWidget(m_presets);
    layout->addWidget(m_labels);
    layout->addWidget(m_search);
    setFocusProxy(m_prompt);
    connect(m_mode, &QComboBox::activated, this, [this](int index) {
        if (m_task.answers != (index == 1))
            m_prompt->clear();  // a question to choose by is none to answer freely
        apply();
    });
    connect(m_search, &QComboBox::activated, this, &TaskBar::apply);
    connect(m_prompt, &QLineEdit::editingFinished, this, &TaskBar::apply);
    connect(m_labels, &QPushButton::clicked, this, &TaskBar::labelsWanted);
}

void TaskBar::setTask(const TaskSettings& task) {
    m_task = task;
    showTask();
}

void TaskBar::setDefaultPrompt(const QString& prompt) {
    if (m_task.prompt.isEmpty())
        m_prompt->setPlaceholderText(prompt);
}

void TaskBar::apply() {
    TaskSettings task = m_task;
    task.answers = m_mode->currentIndex() == 1;
    task.prompt = m_prompt->text().trimmed();
    task.search = QLatin1String(kSearches[m_search->currentIndex()]);
    if (task == m_task)
        return;
    m_task = task;
    showTask();
    Q_EMIT taskChanged(m_task);
}

void TaskBar::showTask() {
    const QSignalBlocker mode(m_mode), prompt(m_prompt), search(m_search);
    m_mode->setCurrentIndex(m_task.answers ? 1 : 0);
    m_prompt->setText(m_task.prompt);
    for (int i = 0; i < 3; ++i)
        if (m_task.search == QLatin1String(kSearches[i]))
            m_search->setCurrentIndex(i);
    m_labels->setText(tr("Labels: %1 (%2)…").arg(m_task.set).arg(labelCount(m_task.labels())));
    m_labels->setVisible(!m_task.answers);
    m_search->setVisible(!m_task.answers);
    fillPresets();
}

// Of the mode in use, both languages.
void TaskBar::fillPresets() {
    m_menu->clear();
    QString language;
    for (const Preset& preset : presets()) {
        if (preset.answers != m_task.answers)
            continue;
        if (preset.language != language && !language.isEmpty())
            m_menu->addSeparator();
        language = preset.language;
        QAction* action = m_menu->addAction(preset.text.size() > kPresetLength ? preset.text.left(kPresetLength) + QStringLiteral("…") : preset.text);
        connect(action, &QAction::triggered, this, [this, preset] {
            m_prompt->setText(preset.text);
            apply();
        });
    }
}

void TaskBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        showTask();
    }
    QWidget::changeEvent(event);
}

void TaskBar::retranslate() {
    m_mode->setItemText(0, tr("Choose a label"));
    m_mode->setItemText(1, tr("Answer freely"));
    m_mode->setAccessibleName(tr("What the model does"));
    m_prompt->setAccessibleName(tr("Prompt"));
    m_prompt->setToolTip(tr("What is asked about each image. {labels} stands for the labels. Empty: the default"));
    m_presets->setText(tr("Presets"));
    m_presets->setAccessibleName(tr("Prompts to choose from"));
    m_labels->setToolTip(tr("Edit the labels to choose from"));
    m_search->setItemText(0, tr("Search: automatic"));
    m_search->setItemText(1, tr("Search: all labels"));
    m_search->setItemText(2, tr("Search: the best"));
    m_search->setAccessibleName(tr("How the labels are searched"));
    m_search->setToolTip(tr("All labels are scored, or only as many as the best ones need. The best ones and their numbers are the same."));
}

}  // namespace shortlist::app
