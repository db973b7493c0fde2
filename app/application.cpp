// SPDX-License-Identifier: Apache-2.0
#include "app/application.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFile>
#include <QTimer>
#include <chrono>
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

// Says on stdout how long after the given moment (milliseconds of the monotonic clock) the window was first painted: for
// tests/bench, which starts this program.
class FirstPaint : public QObject {
  public:
    FirstPaint(QObject* parent, double started) : QObject(parent), m_started(started) { parent->installEventFilter(this); }

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Paint) {
            watched->removeEventFilter(this);
            QTimer::singleShot(0, this, [this] {
                const auto now = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
                std::printf("first paint %.1f ms\n", now - m_started);
                std::fflush(stdout);
            });
        }
        return false;
    }

  private:
    double m_started;
};

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
    if (const double started = qEnvironmentVariable("SHORTLIST_STARTED_MS").toDouble(); started > 0)
        new FirstPaint(&window, started);
    window.show();
    if (!notice.isEmpty())
        window.showSentence(notice);
    window.loadModel(given(QStringLiteral("model"), settings.model), given(QStringLiteral("device"), settings.device),
                     !parser.isSet(QStringLiteral("model")) && !parser.isSet(QStringLiteral("device")));
    std::vector<std::string> paths;
    for (const QString& path : parser.positionalArguments())
        paths.push_back(localPath(path));
    window.openPaths(paths);
    if (parser.isSet(QStringLiteral("screenshot")))
        screenshotWhenSettled(window, parser.value(QStringLiteral("screenshot")));
    return QApplication::exec();
}

}  // namespace shortlist::app
