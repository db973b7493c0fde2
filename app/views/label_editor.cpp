// SPDX-License-Identifier: Apache-2.0
#include "app/views/label_editor.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "engine/error.h"
#include "engine/label_list.h"

namespace shortlist::app {
namespace {

constexpr int kPauseMs = 250;
constexpr size_t kPairsShown = 3;

}  // namespace

LabelEditor::LabelEditor(const TaskSettings& task, QWidget* parent)
    : QDialog(parent), m_task(task), m_sets(new QListWidget(this)), m_text(new QPlainTextEdit(this)), m_help(new QLabel(this)), m_warning(new QLabel(this)), m_new(new QPushButton(this)),
      m_remove(new QPushButton(this)), m_capitals(new QPushButton(this)), m_use(new QPushButton(this)), m_cancel(new QPushButton(this)) {
    resize(680, 520);
    build();
    for (auto set = m_task.sets.begin(); set != m_task.sets.end(); ++set) {
        QListWidgetItem* item = addItem(set.key());
        if (set.key() == m_task.set)
            m_sets->setCurrentItem(item);
    }
    retranslate();
    showSet(m_task.set);
    m_text->setFocus();
}

void LabelEditor::build() {
    m_text->setObjectName(QStringLiteral("labelText"));
    m_warning->setObjectName(QStringLiteral("labelWarning"));
    m_use->setDefault(true);
    for (QLabel* label : {m_help, m_warning})
        label->setWordWrap(true);
    m_warning->setTextFormat(Qt::PlainText);
    auto* left = new QVBoxLayout;
    left->addWidget(m_sets, 1);
    auto* setButtons = new QHBoxLayout;
    setButtons->addWidget(m_new);
    setButtons->addWidget(m_remove);
    left->addLayout(setButtons);
    auto* right = new QVBoxLayout;
    right->addWidget(m_help);
    right->addWidget(m_text, 1);
    right->addWidget(m_warning);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_capitals);
    buttons->addStretch(1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_use);
    right->addLayout(buttons);
    auto* layout = new QHBoxLayout(this);
    layout->addLayout(left, 1);
    layout->addLayout(right, 3);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &LabelEditor::check);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        m_task.sets[m_task.set] = m_text->toPlainText();
        m_pause.start();
    });
    connect(m_sets, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (item)
            showSet(item->data(Qt::UserRole).toString());
    });
    connect(m_sets, &QListWidget::itemChanged, this, &LabelEditor::renameSet);
    connect(m_new, &QPushButton::clicked, this, [this] { addSet(QString()); });
    connect(m_remove, &QPushButton::clicked, this, &LabelEditor::removeSet);
    connect(m_capitals, &QPushButton::clicked, this, [this] { m_text->setPlainText(QString::fromStdString(engine::withCapitalVariants(m_text->toPlainText().toStdString()))); });
    connect(m_use, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
}

TaskSettings LabelEditor::task() const { return m_task; }

QString LabelEditor::freeName(const QString& wanted) const {
    QString name = wanted;
    for (int i = 2; m_task.sets.contains(name); ++i)
        name = QStringLiteral("%1 %2").arg(wanted).arg(i);
    return name;
}

void LabelEditor::addSet(const QString& text) {
    const QString name = freeName(tr("new set"));
    m_task.sets.insert(name, text);
    m_sets->setCurrentItem(addItem(name));
    m_text->setFocus();
}

QListWidgetItem* LabelEditor::addItem(const QString& name) {
    const QSignalBlocker quiet(m_sets);  // this is no renaming
    auto* item = new QListWidgetItem(name, m_sets);
    item->setData(Qt::UserRole, name);
    item->setFlags(item->flags() | Qt::ItemIsEditable);
    return item;
}

void LabelEditor::renameSet(QListWidgetItem* item) {
    const QSignalBlocker quiet(m_sets);
    const QString before = item->data(Qt::UserRole).toString(), wanted = item->text().trimmed();
    const QString name = wanted.isEmpty() || wanted == before ? before : freeName(wanted);
    const QString labels = m_task.sets.take(before);
    m_task.sets.insert(name, labels);
    m_task.set = m_task.set == before ? name : m_task.set;
    item->setData(Qt::UserRole, name);
    item->setText(name);
}

void LabelEditor::removeSet() {
    if (m_sets->count() < 2)
        return;
    m_task.sets.remove(m_task.set);
    delete m_sets->takeItem(m_sets->currentRow());
    m_remove->setEnabled(m_sets->count() > 1);
}

void LabelEditor::showSet(const QString& name) {
    m_task.set = name;
    m_text->setPlainText(m_task.sets.value(name));
    m_remove->setEnabled(m_sets->count() > 1);
    check();
}

// What the engine would refuse cannot be used; what is legal and seldom meant is pointed out.
void LabelEditor::check() {
    QStringList sentences;
    bool usable = true;
    try {
        const auto labels = engine::parseLabels(m_text->toPlainText().toStdString());
        sentences << tr("%n labels.", nullptr, static_cast<int>(labels.size()));
        const auto near = engine::nearlyEqualLabels(labels);
        for (size_t i = 0; i < std::min(near.size(), kPairsShown); ++i)
            sentences << tr("“%1” and “%2” differ only by case or spaces.").arg(QString::fromStdString(labels[near[i].first].name), QString::fromStdString(labels[near[i].second].name));
        if (near.size() > kPairsShown)
            sentences << tr("And %n more such pairs.", nullptr, static_cast<int>(near.size() - kPairsShown));
    } catch (const engine::Error& error) {
        usable = false;
        sentences << (m_text->toPlainText().trimmed().isEmpty() ? tr("Write or paste at least one label.") : QString::fromUtf8(error.what()));
    }
    m_warning->setText(sentences.join(QLatin1Char(' ')));
    m_use->setEnabled(usable);
    m_capitals->setEnabled(usable);
}

void LabelEditor::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QDialog::changeEvent(event);
}

void LabelEditor::retranslate() {
    setWindowTitle(tr("Labels to choose from"));
    m_help->setText(tr("One label a line. Other spellings of it follow after a “|”: cat | Cat | a cat. A line that begins with # is a comment."));
    m_sets->setAccessibleName(tr("Sets of labels"));
    m_sets->setToolTip(tr("Press F2 to rename a set"));
    m_text->setAccessibleName(tr("Labels"));
    m_new->setText(tr("New set"));
    m_remove->setText(tr("Delete set"));
    m_capitals->setText(tr("Add capitalised spellings"));
    m_use->setText(tr("Use these labels"));
    m_cancel->setText(tr("Cancel"));
}

}  // namespace shortlist::app
