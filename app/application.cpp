// SPDX-License-Identifier: Apache-2.0
#include "app/application.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFile>
#include <QLocale>
#include <QTimer>
#include <QTranslator>
#include <cstdio>

#include "app/views/main_window.h"

namespace shortlist::app {
namespace {

constexpr int kPollMs = 50;

void addOptions(QCommandLineParser& parser) {
    parser.setApplicationDescription(QCoreApplication::translate("Application", "Classifies images and ranks the candidates with honest confidences."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({QStringLiteral("model"), QCoreApplication::translate("Application", "Built-in model or model directory."), QStringLiteral("NAME|DIR"), QStringLiteral("everyday")});
    parser.addOption({QStringLiteral("device"), QStringLiteral("auto, cpu, cuda, cuda:N"), QStringLiteral("DEVICE"), QStringLiteral("auto")});
    parser.addOption({QStringLiteral("lang"), QCoreApplication::translate("Application", "Language of the window: en or zh_CN."), QStringLiteral("LANG")});
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
    const QLocale locale = parser.isSet(QStringLiteral("lang")) ? QLocale(parser.value(QStringLiteral("lang"))) : QLocale();
    QLocale::setDefault(locale);
    QTranslator translator;
    if (translator.load(locale, QStringLiteral("shortlist"), QStringLiteral("_"), QStringLiteral(":/i18n")))
        QCoreApplication::installTranslator(&translator);

    EngineBridge bridge({});
    MainWindow window(bridge);
    window.show();
    bridge.loadModel({parser.value(QStringLiteral("model")).toStdString(), parser.value(QStringLiteral("device")).toStdString(), "auto", 0});
    std::vector<std::string> paths;
    for (const QString& path : parser.positionalArguments())
        paths.push_back(QFile::encodeName(path).toStdString());
    window.openPaths(paths);
    if (parser.isSet(QStringLiteral("screenshot")))
        screenshotWhenSettled(window, parser.value(QStringLiteral("screenshot")));
    return QApplication::exec();
}

}  // namespace shortlist::app
