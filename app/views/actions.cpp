// SPDX-License-Identifier: Apache-2.0
#include "app/views/actions.h"

#include <QCoreApplication>
#include <QMenuBar>
#include <QRegularExpression>

#include "app/views/icons.h"

namespace shortlist::app {
namespace {

struct Entry {
    QAction* Actions::*action;
    const char* icon;
    const char* text;
    const char* tip;
    const char* keys;  // several are separated by a blank
    bool checkable = false;
};

constexpr Entry kEntries[] = {
    {&Actions::openFiles, "open", QT_TRANSLATE_NOOP("Actions", "&Open images…"), QT_TRANSLATE_NOOP("Actions", "Classify images"), "Ctrl+O"},
    {&Actions::openFolder, "folder", QT_TRANSLATE_NOOP("Actions", "Open &folder…"), QT_TRANSLATE_NOOP("Actions", "Classify the images of a folder"), "Ctrl+Shift+O"},
    {&Actions::paste, "paste", QT_TRANSLATE_NOOP("Actions", "&Paste"), QT_TRANSLATE_NOOP("Actions", "Classify files, a picture or a web address from the clipboard"), "Ctrl+V"},
    {&Actions::save, "save", QT_TRANSLATE_NOOP("Actions", "&Save results…"), QT_TRANSLATE_NOOP("Actions", "Write the results as JSON lines or CSV"), "Ctrl+S"},
    {&Actions::quit, "", QT_TRANSLATE_NOOP("Actions", "&Quit"), "", "Ctrl+Q"},
    {&Actions::copy, "copy", QT_TRANSLATE_NOOP("Actions", "&Copy candidates"), QT_TRANSLATE_NOOP("Actions", "Copy the ranked candidates as text"), "Ctrl+Shift+C"},
    {&Actions::classifyAgain, "again", QT_TRANSLATE_NOOP("Actions", "Classify &again"), QT_TRANSLATE_NOOP("Actions", "Classify the selected images again with the current model"), "F5"},
    {&Actions::explainAll, "explain", QT_TRANSLATE_NOOP("Actions", "&Explain all"), QT_TRANSLATE_NOOP("Actions", "Compute the logprobs of all images that have none"), "Ctrl+E"},
    {&Actions::remove, "remove", QT_TRANSLATE_NOOP("Actions", "&Remove from the list"), QT_TRANSLATE_NOOP("Actions", "Remove the selected images from the list; the files stay"), "Del"},
    {&Actions::clear, "clear", QT_TRANSLATE_NOOP("Actions", "C&lear the list"), QT_TRANSLATE_NOOP("Actions", "Remove all images from the list; the files stay"), "Ctrl+Shift+Del"},
    {&Actions::cancel, "cancelled", QT_TRANSLATE_NOOP("Actions", "C&ancel"), QT_TRANSLATE_NOOP("Actions", "Stop after the running batch"), "Esc"},
    {&Actions::logprobs, "logprobs", QT_TRANSLATE_NOOP("Actions", "&Logprobs"), QT_TRANSLATE_NOOP("Actions", "Compute the probabilities of the candidates"), "Ctrl+L", true},
    {&Actions::showLogprobs, "", QT_TRANSLATE_NOOP("Actions", "Show logprobs in &nats"), QT_TRANSLATE_NOOP("Actions", "Show logprobs in nats instead of percent"), "Ctrl+P", true},
    {&Actions::zoomIn, "zoom-in", QT_TRANSLATE_NOOP("Actions", "Zoom &in"), QT_TRANSLATE_NOOP("Actions", "Enlarge the image"), "Ctrl++ + ="},
    {&Actions::zoomOut, "zoom-out", QT_TRANSLATE_NOOP("Actions", "Zoom &out"), QT_TRANSLATE_NOOP("Actions", "Make the image smaller"), "Ctrl+- -"},
    {&Actions::fit, "fit", QT_TRANSLATE_NOOP("Actions", "&Fit"), QT_TRANSLATE_NOOP("Actions", "Show the whole image"), "Ctrl+0 0"},
    {&Actions::oneToOne, "one-to-one", QT_TRANSLATE_NOOP("Actions", "&1:1"), QT_TRANSLATE_NOOP("Actions", "One image pixel for one screen pixel"), "Ctrl+1 1"},
    {&Actions::previous, "previous", QT_TRANSLATE_NOOP("Actions", "&Previous image"), QT_TRANSLATE_NOOP("Actions", "Select the previous image"), "Alt+Left Shift+Space"},
    {&Actions::next, "next", QT_TRANSLATE_NOOP("Actions", "Ne&xt image"), QT_TRANSLATE_NOOP("Actions", "Select the next image"), "Alt+Right Space"},
    {&Actions::labels, "", QT_TRANSLATE_NOOP("Actions", "La&bels to choose from…"), QT_TRANSLATE_NOOP("Actions", "Edit what a vision-language model chooses from"), "Ctrl+Shift+L"},
    {&Actions::classes, "", QT_TRANSLATE_NOOP("Actions", "What the &model knows…"), QT_TRANSLATE_NOOP("Actions", "The classes that the model chooses from"), "Ctrl+K"},
    {&Actions::help, "help", QT_TRANSLATE_NOOP("Actions", "&Keyboard shortcuts"), "", "F1"},
    {&Actions::log, "", QT_TRANSLATE_NOOP("Actions", "&Log…"), QT_TRANSLATE_NOOP("Actions", "What the program noted"), ""},
    {&Actions::about, "", QT_TRANSLATE_NOOP("Actions", "&About Shortlist"), "", ""},
};

struct Choice {
    const char* text;
    const char* setting;
};
constexpr Choice kLanguages[] = {{QT_TRANSLATE_NOOP("Actions", "As the system"), ""}, {"English", "en"}, {"简体中文", "zh_CN"}};
constexpr Choice kAppearances[] = {{QT_TRANSLATE_NOOP("Actions", "As the system"), ""}, {QT_TRANSLATE_NOOP("Actions", "Light"), "light"}, {QT_TRANSLATE_NOOP("Actions", "Dark"), "dark"}};

QString text(const char* source) { return *source ? QCoreApplication::translate("Actions", source) : QString(); }

// Without the letter to press in a menu, "(&O)" in Chinese, and without the dots.
QString plain(QString text) {
    static const QRegularExpression bracketed(QStringLiteral("\\(&.\\)"));
    return text.remove(bracketed).remove(QLatin1Char('&')).remove(QStringLiteral("…"));
}

// A blank separates keys, so a blank among them is written "Space".
QList<QKeySequence> keysOf(const char* keys) {
    QList<QKeySequence> list;
    for (const QString& one : QString::fromLatin1(keys).split(QLatin1Char(' '), Qt::SkipEmptyParts))
        list << QKeySequence(one);
    return list;
}

template <size_t n>
QActionGroup* addChoices(QMainWindow& window, QMenu* menu, const Choice (&choices)[n]) {
    auto* group = new QActionGroup(&window);
    for (const Choice& choice : choices) {
        QAction* action = menu->addAction(QString());
        action->setCheckable(true);
        action->setData(QString::fromLatin1(choice.setting));
        group->addAction(action);
    }
    return group;
}

}  // namespace

Actions::Actions(QMainWindow& window) {
    for (const Entry& entry : kEntries) {
        auto* action = this->*entry.action = new QAction(&window);
        if (*entry.icon)
            action->setIcon(themedIcon(QString::fromLatin1(entry.icon)));
        action->setShortcuts(keysOf(entry.keys));
        action->setCheckable(entry.checkable);
        window.addAction(action);  // its keys work without a menu
    }
    logprobs->setObjectName(QStringLiteral("logprobs"));
    labels->setEnabled(false);  // until a model takes some
}

void Actions::buildMenus(QMainWindow& window) {
    QMenuBar* bar = window.menuBar();
    m_file = bar->addMenu(QString());
    m_file->addActions({openFiles, openFolder, paste});
    m_file->addSeparator();
    m_file->addAction(save);
    m_file->addSeparator();
    m_file->addAction(quit);
    m_edit = bar->addMenu(QString());
    m_edit->addAction(copy);
    m_edit->addSeparator();
    m_edit->addActions({classifyAgain, explainAll, cancel});
    m_edit->addSeparator();
    m_edit->addAction(labels);
    m_edit->addSeparator();
    m_edit->addActions({remove, clear});
    m_view = bar->addMenu(QString());
    m_view->addActions({logprobs, showLogprobs});
    m_view->addSeparator();
    m_view->addActions({zoomIn, zoomOut, fit, oneToOne});
    m_view->addSeparator();
    m_view->addActions({previous, next});
    m_view->addSeparator();
    m_languages = m_view->addMenu(QString());
    m_appearances = m_view->addMenu(QString());
    language = addChoices(window, m_languages, kLanguages);
    appearance = addChoices(window, m_appearances, kAppearances);
    m_help = bar->addMenu(QString());
    m_help->addActions({help, classes, log});
    m_help->addSeparator();
    m_help->addAction(about);
}

void Actions::retranslate() {
    for (const Entry& entry : kEntries) {
        QAction* action = this->*entry.action;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText), tip = text(entry.tip);
        action->setText(text(entry.text));
        action->setIconText(plain(action->text()));
        action->setToolTip(tip.isEmpty() ? QString() : keys.isEmpty() ? tip : QStringLiteral("%1 (%2)").arg(tip, keys));
        action->setStatusTip({});
    }
    m_file->setTitle(text(QT_TRANSLATE_NOOP("Actions", "&File")));
    m_edit->setTitle(text(QT_TRANSLATE_NOOP("Actions", "&Edit")));
    m_view->setTitle(text(QT_TRANSLATE_NOOP("Actions", "&View")));
    m_help->setTitle(text(QT_TRANSLATE_NOOP("Actions", "&Help")));
    m_languages->setTitle(text(QT_TRANSLATE_NOOP("Actions", "Lan&guage")));
    m_appearances->setTitle(text(QT_TRANSLATE_NOOP("Actions", "A&ppearance")));
    for (int i = 0; i < language->actions().size(); ++i)  // a language is called by its own name
        language->actions().at(i)->setText(kLanguages[i].setting[0] ? QString::fromUtf8(kLanguages[i].text) : text(kLanguages[i].text));
    for (int i = 0; i < appearance->actions().size(); ++i)
        appearance->actions().at(i)->setText(text(kAppearances[i].text));
}

QList<QPair<QString, QString>> Actions::shortcuts() const {
    QList<QPair<QString, QString>> list;
    for (const Entry& entry : kEntries) {
        const QAction* action = this->*entry.action;
        QStringList keys;
        for (const QKeySequence& sequence : action->shortcuts())
            keys << sequence.toString(QKeySequence::NativeText);
        if (!keys.isEmpty())
            list << qMakePair(plain(action->text()), keys.join(QStringLiteral(", ")));
    }
    return list;
}

}  // namespace shortlist::app
