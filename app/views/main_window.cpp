// SPDX-License-Identifier: Apache-2.0
#include "app/views/main_window.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QLocale>
#include <QMimeData>
#include <QStatusBar>
#include <QToolBar>
#include <QVBoxLayout>

#include "app/error_text.h"
#include "app/views/dialogs.h"
#include "app/views/icons.h"
#include "app/views/label_editor.h"
#include "engine/label_list.h"
#include "engine/scan.h"

namespace shortlist::app {
namespace {

constexpr int kProgressMs = 250;
constexpr int kToolIcon = 18;
constexpr int kSentenceMs = 15'000;

// Nothing to see: the centre then says why.
bool hasNoPixels(const engine::Failure& failure) {
    using engine::ErrorKind;
    return failure.kind == ErrorKind::Unreadable || failure.kind == ErrorKind::Unsupported || failure.kind == ErrorKind::BadImage || failure.kind == ErrorKind::TooLarge;
}

engine::Task engineTask(const TaskSettings& settings) {
    engine::Task task;
    task.mode = settings.answers ? engine::Task::Mode::Answer : engine::Task::Mode::Classify;
    task.search = settings.search == QLatin1String("all") ? engine::Task::Search::All : settings.search == QLatin1String("best") ? engine::Task::Search::Best : engine::Task::Search::Auto;
    task.prompt = settings.prompt.toStdString();
    task.labels = settings.answers ? std::string() : settings.labels().toStdString();
    return task;
}

}  // namespace

MainWindow::MainWindow(EngineBridge& bridge, Language& language, Settings settings, QWidget* parent)
    : QMainWindow(parent), m_bridge(bridge), m_language(language), m_settings(std::move(settings)), m_session(bridge), m_actions(*this) {
    setAcceptDrops(true);
    resize(1180, 760);
    m_actions.buildMenus(*this);
    buildToolBar();
    buildCentre();
    connectInput();
    connectSession();
    connectView();
    connectTask();
    connectHelp();
    applySettings();
    retranslate();
    showSelected();
    m_list->list()->setFocus();
}

void MainWindow::buildToolBar() {
    QToolBar* bar = addToolBar(QStringLiteral("main"));
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setIconSize({kToolIcon, kToolIcon});
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->addActions({m_actions.openFiles, m_actions.openFolder});
    bar->addSeparator();
    bar->addAction(m_actions.logprobs);
    m_topKLabel = new QLabel(bar);
    m_topKLabel->setContentsMargins(8, 0, 4, 0);
    m_topK = new QSpinBox(bar);
    m_topK->setRange(1, engine::kKeptCandidates);
    m_topKLabel->setBuddy(m_topK);
    bar->addWidget(m_topKLabel);
    bar->addWidget(m_topK);
    auto* spacer = new QWidget(bar);
    spacer->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(spacer);
    m_model = new ModelButton(bar);
    m_device = new DeviceButton(bar);
    for (QToolButton* button : {static_cast<QToolButton*>(m_model), static_cast<QToolButton*>(m_device)}) {
        button->setAutoRaise(true);
        bar->addWidget(button);
    }
}

void MainWindow::buildCentre() {
    m_list = new ImageListPanel(m_session.images(), this);
    m_view = new ImageView(this);
    m_panel = new CandidatePanel(this);
    m_strip = new ThroughputStrip(this);
    auto* zoomBar = new QToolBar(this);
    zoomBar->setIconSize({kToolIcon, kToolIcon});
    zoomBar->addActions({m_actions.previous, m_actions.next});
    zoomBar->addSeparator();
    zoomBar->addActions({m_actions.zoomOut, m_actions.zoomIn, m_actions.fit, m_actions.oneToOne});
    m_zoom = new QLabel(zoomBar);
    m_zoom->setContentsMargins(6, 0, 6, 0);
    zoomBar->addWidget(m_zoom);
    auto* middle = new QWidget(this);
    auto* middleLayout = new QVBoxLayout(middle);
    middleLayout->setContentsMargins(0, 0, 0, 0);
    middleLayout->setSpacing(0);
    middleLayout->addWidget(m_view, 1);
    middleLayout->addWidget(zoomBar, 0, Qt::AlignHCenter);
    m_splitter = new QSplitter(this);
    for (QWidget* part : {static_cast<QWidget*>(m_list), middle, static_cast<QWidget*>(m_panel)})
        m_splitter->addWidget(part);
    m_splitter->setSizes({380, 440, 360});
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_task = new TaskBar(this);
    m_task->hide();
    layout->addWidget(m_task);
    layout->addWidget(m_splitter, 1);
    layout->addWidget(m_strip);
    setCentralWidget(centre);
}

void MainWindow::connectInput() {
    connect(m_actions.openFiles, &QAction::triggered, this, &MainWindow::chooseFiles);
    connect(m_actions.openFolder, &QAction::triggered, this, &MainWindow::chooseFolder);
    connect(m_actions.paste, &QAction::triggered, this, [this] { m_input.take(*QApplication::clipboard()->mimeData()); });
    connect(m_actions.save, &QAction::triggered, this, &MainWindow::chooseResultFile);
    connect(m_actions.quit, &QAction::triggered, this, &QWidget::close);
    connect(&m_input, &InputCollector::pathsTaken, this, &MainWindow::openPaths);
    connect(&m_input, &InputCollector::imageTaken, this, [this](const QString& name, ImageBytes bytes) { m_session.open(name, std::move(bytes)); });
    connect(&m_input, &InputCollector::trouble, this, &MainWindow::showSentence);
    connect(&m_input, &InputCollector::downloadWanted, this, [this](const QUrl& url) { askDownload(this, url, [this, url] { m_input.download(url); }); });
    connect(&m_saver, &ResultSaver::saved, this, [this](quint64 records, const QString& trouble) {
        showSentence(trouble.isEmpty() ? tr("%n results were saved.", nullptr, static_cast<int>(records)) : tr("The results were not saved. %1").arg(trouble));
    });
}

void MainWindow::connectSession() {
    connect(&m_session, &Session::opened, m_list, &ImageListPanel::setCurrentRow);
    connect(&m_session, &Session::noticed, this, &MainWindow::showSentence);
    connect(&m_session, &Session::answered, this, [this](const std::vector<int>& rows) {
        if (std::find(rows.begin(), rows.end(), m_list->currentRow()) != rows.end())
            showSelected();
    });
    connect(&m_session, &Session::progressed, this, [this] {
        updateProgress();
        m_session.progress().busy() ? m_progressTimer.start() : m_progressTimer.stop();
    });
    connect(&m_bridge, &EngineBridge::modelChanged, this, &MainWindow::takeModel);
    connect(m_actions.classifyAgain, &QAction::triggered, this, [this] {
        forgetPreview();  // the file may have changed: it is read again with the answer
        m_session.classifyAgain(m_list->selectedRows());
    });
    connect(m_actions.explainAll, &QAction::triggered, &m_session, &Session::explainAll);
    connect(m_list, &ImageListPanel::explainAllWanted, &m_session, &Session::explainAll);
    connect(m_list, &ImageListPanel::classifyAgainWanted, this, [this] {
        std::vector<int> rows;
        for (int row = 0; row < m_session.images().rowCount(); ++row)
            if (m_session.images().state(row) == ImageListModel::State::Earlier)
                rows.push_back(row);
        m_session.classifyAgain(rows);
    });
    connect(m_actions.remove, &QAction::triggered, this, [this] {
        m_session.remove(m_list->selectedRows());
        updateProgress();
    });
    connect(m_actions.clear, &QAction::triggered, this, &MainWindow::clearList);
    connect(m_actions.cancel, &QAction::triggered, &m_session, &Session::cancel);
    connect(m_strip, &ThroughputStrip::cancelled, &m_session, &Session::cancel);
    m_progressTimer.setInterval(kProgressMs);
    connect(&m_progressTimer, &QTimer::timeout, this, &MainWindow::updateProgress);
}

void MainWindow::connectView() {
    connect(m_list, &ImageListPanel::currentRowChanged, this, &MainWindow::showSelected);
    connect(&m_previews, &PreviewLoader::loaded, this, &MainWindow::showPreview);
    connect(m_actions.logprobs, &QAction::toggled, this, [this](bool on) {
        m_settings.logprobs = on;
        m_session.setLogprobs(on, m_list->currentRow());
        showSwitch();
        updateProgress();
    });
    connect(m_actions.showLogprobs, &QAction::toggled, this, [this](bool nats) {
        m_settings.showLogprobs = nats;
        m_panel->setShowLogprobs(nats);
    });
    connect(m_topK, &QSpinBox::valueChanged, this, [this](int k) {
        m_settings.topK = k;
        m_panel->setTopK(k);
    });
    connect(m_actions.copy, &QAction::triggered, m_panel, &CandidatePanel::copy);
    connect(m_actions.zoomIn, &QAction::triggered, m_view, &ImageView::zoomIn);
    connect(m_actions.zoomOut, &QAction::triggered, m_view, &ImageView::zoomOut);
    connect(m_actions.fit, &QAction::triggered, m_view, &ImageView::fit);
    connect(m_actions.oneToOne, &QAction::triggered, m_view, &ImageView::oneToOne);
    connect(m_actions.previous, &QAction::triggered, this, [this] { m_list->step(-1); });
    connect(m_actions.next, &QAction::triggered, this, [this] { m_list->step(1); });
    connect(m_view, &ImageView::zoomChanged, this, [this](double scale) {
        m_zoom->setText(m_view->hasImage() ? QLocale().toString(100 * scale, 'f', 0) + QStringLiteral(" %") : QString());
    });
    connect(m_model, &ModelButton::modelChosen, this, [this](const QString& model) { loadModel(model, m_settings.device); });
    connect(m_model, &ModelButton::directoryWanted, this, &MainWindow::chooseModel);
    connect(m_device, &DeviceButton::deviceChosen, this, [this](const QString& device) { loadModel(m_settings.model, device); });
    connect(m_actions.language, &QActionGroup::triggered, this, [this](const QAction* choice) {
        m_settings.language = choice->data().toString();
        m_language.set(m_settings.language);
    });
    connect(m_actions.appearance, &QActionGroup::triggered, this, [this](const QAction* choice) {
        m_settings.appearance = choice->data().toString();
        setAppearance(m_settings.appearance);
    });
}

void MainWindow::connectTask() {
    connect(m_task, &TaskBar::taskChanged, this, &MainWindow::setTask);
    connect(m_task, &TaskBar::labelsWanted, this, &MainWindow::editLabels);
    connect(m_actions.labels, &QAction::triggered, this, &MainWindow::editLabels);
    connect(m_panel, &CandidatePanel::capitalsWanted, this, [this] {
        TaskSettings task = m_settings.task;
        task.sets[task.set] = QString::fromStdString(engine::withCapitalVariants(task.labels().toStdString()));
        setTask(task);
    });
    connect(&m_bridge, &EngineBridge::answerGrew, this, &MainWindow::showPartial);
}

void MainWindow::setTask(const TaskSettings& task) {
    m_settings.task = task;
    m_task->setTask(task);
    loadModel(m_modelWanted, m_deviceWanted, m_remember);
}

void MainWindow::editLabels() {
    auto* editor = new LabelEditor(m_settings.task, this);
    editor->setAttribute(Qt::WA_DeleteOnClose);
    connect(editor, &QDialog::accepted, this, [this, editor] { setTask(editor->task()); });
    editor->open();
}

// The selected image's answer while it is written.
void MainWindow::showPartial(quint64 request, const engine::Answer& soFar) {
    const int row = m_session.images().rowOf(static_cast<uint32_t>(request));
    if (row < 0 || row != m_list->currentRow() || !m_session.images().isAsked(row, request) || !m_bridge.model().identity)
        return;
    engine::Outcome outcome;
    outcome.model = m_bridge.model().identity;
    outcome.answer = soFar;
    outcome.logprobs = !soFar.tokens.empty();
    outcome.candidates.push_back({0, soFar.logprob});
    m_panel->setOutcome(std::make_shared<const engine::Outcome>(std::move(outcome)), {});
}

void MainWindow::connectHelp() {
    connect(m_actions.help, &QAction::triggered, this, [this] { showShortcuts(this, m_actions.shortcuts()); });
    connect(m_actions.log, &QAction::triggered, this, [this] { showLog(this); });
    connect(m_actions.about, &QAction::triggered, this, [this] { showAbout(this); });
    connect(m_actions.classes, &QAction::triggered, this, [this] {
        if (m_bridge.model().info)
            showModelCard(this, m_bridge.model());
    });
}

void MainWindow::applySettings() {
    restoreGeometry(m_settings.geometry);
    m_splitter->restoreState(m_settings.splitter);
    m_topK->setValue(m_settings.topK);
    m_panel->setTopK(m_settings.topK);
    m_actions.logprobs->setChecked(m_settings.logprobs);
    m_session.setLogprobs(m_settings.logprobs, -1);
    m_actions.showLogprobs->setChecked(m_settings.showLogprobs);
    m_model->setRecent(m_settings.recentModels, m_settings.model);
    m_task->setTask(m_settings.task);
    for (QAction* choice : m_actions.language->actions())
        choice->setChecked(choice->data().toString() == m_settings.language);
    for (QAction* choice : m_actions.appearance->actions())
        choice->setChecked(choice->data().toString() == m_settings.appearance);
}

void MainWindow::retranslate() {
    setWindowTitle(tr("Shortlist"));
    m_actions.retranslate();
    showSwitch();
    m_topKLabel->setText(tr("Candidates:"));
    m_topK->setAccessibleName(tr("Number of candidates"));
    m_view->setAccessibleName(tr("Selected image"));
    m_strip->setAccessibleName(tr("Throughput"));
    m_zoom->setAccessibleName(tr("Zoom"));
    m_session.images().retranslate();
}

void MainWindow::showSwitch() { m_actions.logprobs->setIconText(m_actions.logprobs->isChecked() ? tr("Logprobs: on") : tr("Logprobs: off")); }

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        showSelected();
    }
    QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    m_settings.geometry = saveGeometry();
    m_settings.splitter = m_splitter->saveState();
    saveSettings(m_settings);
    QMainWindow::closeEvent(event);
}

void MainWindow::showSentence(const QString& sentence) { statusBar()->showMessage(sentence, kSentenceMs); }

void MainWindow::chooseFiles() {
    QStringList patterns;
    for (const char* suffix : engine::imageSuffixes())
        patterns << QLatin1Char('*') + QLatin1String(suffix);
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Classify images"), {}, tr("Images (%1);;All files (*)").arg(patterns.join(QLatin1Char(' '))));
    std::vector<std::string> paths;
    for (const QString& file : files)
        paths.push_back(localPath(file));
    openPaths(paths);
}

void MainWindow::chooseFolder() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Classify a folder"));
    if (!folder.isEmpty())
        openPaths({localPath(folder)});
}

void MainWindow::chooseModel() {
    const QString directory = QFileDialog::getExistingDirectory(this, tr("Open a model directory"));
    if (!directory.isEmpty())
        loadModel(directory, m_settings.device);
}

void MainWindow::chooseResultFile() {
    const QString jsonLines = tr("JSON lines (*.jsonl)"), csv = tr("CSV (*.csv)");
    QString chosen = jsonLines;
    QString file = QFileDialog::getSaveFileName(this, tr("Save results"), QStringLiteral("results.jsonl"), jsonLines + QStringLiteral(";;") + csv, &chosen);
    if (file.isEmpty())
        return;
    const bool asCsv = file.endsWith(QStringLiteral(".csv"), Qt::CaseInsensitive) || chosen == csv;
    std::vector<std::shared_ptr<const engine::Outcome>> outcomes;
    for (const int row : m_list->shownRows())  // as filtered and ordered
        outcomes.push_back(m_session.images().outcome(row));
    m_saver.save(localPath(file), asCsv ? engine::RecordFormat::Csv : engine::RecordFormat::Jsonl, m_settings.topK, std::move(outcomes));
}

void MainWindow::openPaths(const std::vector<std::string>& paths) {
    statusBar()->clearMessage();
    m_session.open(paths);
}

void MainWindow::clearList() {
    m_session.cancel();
    std::vector<int> rows;
    for (int row = 0; row < m_session.images().rowCount(); ++row)
        rows.push_back(row);
    m_session.remove(rows);
    m_list->clearPictures();
    updateProgress();
}

void MainWindow::loadModel(const QString& nameOrDirectory, const QString& device, bool remember) {
    m_remember = remember;
    m_modelWanted = nameOrDirectory;
    m_deviceWanted = device;
    m_bridge.loadModel({localPath(nameOrDirectory), device.toStdString(), "auto", 0, engineTask(m_settings.task), true});
}

void MainWindow::takeModel(const engine::ModelStatus& status) {
    m_model->showStatus(status);
    if (status.state == engine::ModelState::Failed)
        showSentence(status.info ? tr("The model stays as it was. %1").arg(errorSentence(status.failure)) : errorSentence(status.failure));
    if (status.state != engine::ModelState::Ready)
        return m_model->setRecent(m_settings.recentModels, m_settings.model);
    if (m_remember) {
        m_settings.model = m_modelWanted;
        m_settings.device = m_deviceWanted;
    }
    if (m_remember && m_modelWanted.contains(QLatin1Char('/'))) {
        m_settings.recentModels.removeAll(m_modelWanted);
        m_settings.recentModels.prepend(m_modelWanted);
        m_settings.recentModels = m_settings.recentModels.mid(0, kMaxRecentModels);
    }
    m_model->setRecent(m_settings.recentModels, m_modelWanted);
    m_device->showStatus(status, m_deviceWanted);
    m_task->setVisible(status.info->vision_language);
    m_actions.labels->setEnabled(status.info->vision_language);
    m_task->setDefaultPrompt(QString::fromStdString(status.info->prompt));
    m_session.modelReady(status.identity, m_list->currentRow());
    updateProgress();
}

void MainWindow::showSelected() {
    const int row = m_list->currentRow();
    if (row < 0) {
        forgetPreview();
        m_view->showMessage(tr("Drop photographs or folders here,\npaste a picture, or press Ctrl+O."));
        m_panel->setOutcome(nullptr, tr("The ranked candidates appear here."));
        return;
    }
    const auto outcome = m_session.images().outcome(row);
    const auto state = m_session.images().state(row);
    const bool unseen = outcome && !outcome->ok() && hasNoPixels(*outcome->failure);
    m_panel->setOutcome(unseen ? nullptr : outcome, unseen                                             ? tr("This image could not be classified.")
                                                    : state == ImageListModel::State::Cancelled ? tr("Cancelled.")
                                                                                                : tr("Waiting for the model…"));
    if (unseen) {
        forgetPreview();
        return m_view->showMessage(errorSentence(*outcome->failure));
    }
    const ImageRef& image = m_session.images().image(row);
    if (std::exchange(m_previewKey, image.key) == image.key)
        return;  // shown, or on its way
    m_previewPending = true;
    m_previews.load(image);
}

void MainWindow::forgetPreview() {
    m_previewKey = 0;
    m_previewPending = false;
}

void MainWindow::showPreview(uint32_t key, const Pyramid& pyramid) {
    if (key != m_previewKey)
        return;
    m_previewPending = false;
    if (!pyramid.empty())
        m_view->showImage(pyramid);
}

void MainWindow::updateProgress() {
    const Session::Progress progress = m_session.progress();
    m_strip->showStats(m_bridge.stats(), progress);
    m_list->updateNotice(progress.busy(), m_settings.logprobs);
    m_actions.save->setEnabled(m_session.images().rowCount() > 0);
    m_actions.cancel->setEnabled(progress.busy());
}

bool MainWindow::settled() const { return !m_session.progress().busy() && !m_previewPending; }

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (InputCollector::canTake(*event->mimeData()))
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    m_input.take(*event->mimeData());
}

}  // namespace shortlist::app
