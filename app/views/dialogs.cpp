// SPDX-License-Identifier: Apache-2.0
#include "app/views/dialogs.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "app/views/model_button.h"
#include "app/views/model_card.h"
#include "engine/log.h"

namespace shortlist::app {
namespace {

QString text(const char* source) { return QCoreApplication::translate("Dialogs", source); }

// A closable dialog with an empty body; the caller adds its widgets and shows it.
QDialog* makeDialog(QWidget* parent, const QString& title, QSize size) {
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->resize(size);
    new QVBoxLayout(dialog);
    return dialog;
}

void showWithClose(QDialog* dialog) {
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    buttons->button(QDialogButtonBox::Close)->setText(text(QT_TRANSLATE_NOOP("Dialogs", "Close")));
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    dialog->layout()->addWidget(buttons);
    dialog->open();
}

}  // namespace

void showShortcuts(QWidget* parent, const QList<QPair<QString, QString>>& shortcuts) {
    QDialog* dialog = makeDialog(parent, text(QT_TRANSLATE_NOOP("Dialogs", "Keyboard shortcuts")), {460, 560});
    auto* list = new QTreeWidget(dialog);
    list->setAccessibleName(dialog->windowTitle());
    list->setHeaderLabels({text(QT_TRANSLATE_NOOP("Dialogs", "Command")), text(QT_TRANSLATE_NOOP("Dialogs", "Keys"))});
    list->setRootIsDecorated(false);
    for (const auto& [command, keys] : shortcuts)
        new QTreeWidgetItem(list, {command, keys});
    list->resizeColumnToContents(0);
    dialog->layout()->addWidget(list);
    showWithClose(dialog);
}

void showAbout(QWidget* parent) {
    QDialog* dialog = makeDialog(parent, text(QT_TRANSLATE_NOOP("Dialogs", "About Shortlist")), {440, 220});
    auto* label = new QLabel(QCoreApplication::translate("Dialogs",
                                                         "<h3>Shortlist %1</h3><p>Classifies images and ranks the candidates with honest confidences.</p>"
                                                         "<p>Qt %2 · compiled with C++20 · Apache-2.0</p>"
                                                         "<p>Built on Qt, libtorch, OpenCV, libjpeg-turbo and spdlog.</p>")
                                 .arg(QCoreApplication::applicationVersion(), QString::fromLatin1(qVersion())),
                             dialog);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextBrowserInteraction);
    dialog->layout()->addWidget(label);
    showWithClose(dialog);
}

void showLog(QWidget* parent) {
    QDialog* dialog = makeDialog(parent, text(QT_TRANSLATE_NOOP("Dialogs", "Log")), {760, 420});
    auto* lines = new QPlainTextEdit(dialog);
    lines->setReadOnly(true);
    lines->setAccessibleName(dialog->windowTitle());
    lines->setPlaceholderText(text(QT_TRANSLATE_NOOP("Dialogs", "Nothing was noted yet.")));
    for (const std::string& line : engine::log::recent())
        lines->appendPlainText(QString::fromStdString(line).trimmed());
    dialog->layout()->addWidget(lines);
    showWithClose(dialog);
}

void showModelCard(QWidget* parent, const engine::ModelStatus& status) {
    const engine::ModelInfo& model = *status.info;
    QDialog* dialog = makeDialog(parent, QString::fromStdString(model.name), {520, 640});
    auto* what = new QLabel(model.vision_language ? text(QT_TRANSLATE_NOOP("Dialogs", "It looks at an image, reads the prompt, and chooses among your labels or answers freely."))
                                                  : text(QT_TRANSLATE_NOOP("Dialogs", "It chooses among %1 and knows nothing else.")).arg(answersText(model)),
                            dialog);
    what->setWordWrap(true);
    auto* card = new QFormLayout;
    for (const auto& [name, value] : modelCard(model, status.identity ? status.identity->sha256 : std::string())) {
        auto* label = new QLabel(value, dialog);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setAccessibleName(name);
        card->addRow(name, label);
    }
    auto* filter = new QLineEdit(dialog);
    filter->setPlaceholderText(text(QT_TRANSLATE_NOOP("Dialogs", "Search")));
    filter->setAccessibleName(filter->placeholderText());
    filter->setClearButtonEnabled(true);
    auto* list = new QListWidget(dialog);
    list->setAccessibleName(text(QT_TRANSLATE_NOOP("Dialogs", "Classes")));
    list->setUniformItemSizes(true);
    for (const std::string& label : model.labels)
        list->addItem(QString::fromStdString(label));
    QObject::connect(filter, &QLineEdit::textChanged, list, [list](const QString& wanted) {
        for (int i = 0; i < list->count(); ++i)
            list->item(i)->setHidden(!list->item(i)->text().contains(wanted, Qt::CaseInsensitive));
    });
    dialog->layout()->addWidget(what);
    static_cast<QVBoxLayout*>(dialog->layout())->addLayout(card);
    dialog->layout()->addWidget(filter);
    dialog->layout()->addWidget(list);
    showWithClose(dialog);
}

void askDownload(QWidget* parent, const QUrl& url, std::function<void()> yes) {
    auto* box = new QMessageBox(QMessageBox::Question, text(QT_TRANSLATE_NOOP("Dialogs", "Download")),
                                text(QT_TRANSLATE_NOOP("Dialogs", "Download this image from %1?")).arg(url.host()), QMessageBox::NoButton, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(url.toDisplayString());
    QPushButton* accept = box->addButton(text(QT_TRANSLATE_NOOP("Dialogs", "Download")), QMessageBox::AcceptRole);
    box->addButton(text(QT_TRANSLATE_NOOP("Dialogs", "Cancel")), QMessageBox::RejectRole);
    box->setDefaultButton(accept);
    QObject::connect(accept, &QPushButton::clicked, parent, std::move(yes));
    box->open();
}

}  // namespace shortlist::app
