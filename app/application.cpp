// SPDX-License-Identifier: Apache-2.0
#include "app/application.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFile>
#include <QTimer>
#include <cstdio>

#include "app/appearance.h"
#include "app/settings.h"
#include "app/views/icons.h"
#include "app/views/main_window.h"

namespace shortlist::app {
namespace {

constexpr int kPollMs = 50;

void addOptions(QCommandLineParser& parser) {
    parser.setApplicationDescription(QCoreApplication::translate("Application", "Classifies images and ranks the candidates with honest confidences."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({QStringLiteral("model"), QCoreApplication::translate("Application", "Built-in model or model directory."), QStringLiteral("NAME|DIR")});
    parser.addOption({QStringLiteral("device"), QStringLiteral("auto, cpu, cuda, cuda:N"), QStringLiteral("DEVICE")});
    parser.addOption({QStringLiteral("lang"), QCoreApplication::translate("Application", "Language of the window: en or zh_CN."), QStringLiteral("LANG")});
    parser.addOption({QStringLiteral("appearance"), QCoreApplication::translate("Application", "Colours of the window: light or dark."), QStringLiteral("LOOK")});
    parser.addOption({QStringLiteral("screenshot"), QCoreApplication::translate("Application", "Write a picture of the window when all images are classified, then quit."), QStringLiteral("FILE")});
    parser.addPositionalArgument(QStringLiteral("PATH"), QCoreApplication::translate("Application", "Images and folders to classify."), QStringLiteral("[PATH...]"));
}

// Saves the window once it is at rest; the status of the program tells whether that worked.
void screenshotWhenSettled(MainWindow& window, const QString& file) {
    auto* timer = new QTimer(&window);
    QObject::connect(timer, &QTimer::timeout, &window, [&window, file] {
        if (window.settled())
            QCoreApplication::exit(window.grab().save(file) ? 0 : 4);
    });
    timer->start(kPollMs);
}

}  // namespace

int run(int argc, char** argv) {
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Shortlist"));
    QApplication::setApplicationVersion(QStringLiteral(SHORTLIST_VERSION));
    QCommandLineParser parser;
    addOptions(parser);
    parser.process(application);
    QString notice;
    Settings settings = parser.isSet(QStringLiteral("screenshot")) ? Settings() : loadSettings(notice);
    const auto given = [&](const QString& option, const QString& otherwise) { return parser.isSet(option) ? parser.value(option) : otherwise; };
    settings.language = given(QStringLiteral("lang"), settings.language);
    settings.appearance = given(QStringLiteral("appearance"), settings.appearance);
    Language language;
    language.set(settings.language);
    setAppearance(settings.appearance);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/shortlist.svg")));

    EngineBridge bridge({});
    MainWindow window(bridge, language, settings);
    window.show();
    if (!notice.isEmpty())
        window.showSentence(notice);
    window.loadModel(given(QStringLiteral("model"), settings.model), given(QStringLiteral("device"), settings.device));
    std::vector<std::string> paths;
    for (const QString& path : parser.positionalArguments())
        paths.push_back(QFile::encodeName(path).toStdString());
    window.openPaths(paths);
    if (parser.isSet(QStringLiteral("screenshot")))
        screenshotWhenSettled(window, parser.value(QStringLiteral("screenshot")));
    return QApplication::exec();
}

}  // namespace shortlist::app
