// SPDX-License-Identifier: Apache-2.0
#include "app/views/main_window.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QHeaderView>
#include <QMimeData>
#include <QSplitter>
#include <QStatusBar>
#include <QToolBar>
#include <QVBoxLayout>

#include "app/error_text.h"
#include "app/views/bar_delegate.h"

namespace shortlist::app {
namespace {

constexpr int kStripMs = 250;
constexpr int kDefaultTopK = 5;

std::string localPath(const QString& path) { return QFile::encodeName(path).toStdString(); }

}  // namespace

MainWindow::MainWindow(EngineBridge& bridge, QWidget* parent) : QMainWindow(parent), m_bridge(bridge) {
    m_options.top_k = engine::kKeptCandidates;
    m_bridge.setOptions(m_options);
    setAcceptDrops(true);
    resize(1180, 720);
    buildToolBar();
    buildCentre();
    connectParts();
    retranslate();
    showSelected();
    m_list->setFocus();
}

void MainWindow::buildToolBar() {
    QToolBar* bar = addToolBar(QStringLiteral("main"));
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_openFiles = bar->addAction(style()->standardIcon(QStyle::SP_DialogOpenButton), QString());
    m_openFiles->setShortcut(QKeySequence::Open);
    m_openFolder = bar->addAction(style()->standardIcon(QStyle::SP_DirIcon), QString());
    m_openFolder->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O));
    bar->addSeparator();
    m_logprobs = bar->addAction(QString());
    m_logprobs->setObjectName(QStringLiteral("logprobs"));
    m_logprobs->setCheckable(true);
    m_logprobs->setChecked(true);
    m_logprobs->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_L));
    m_showLogprobs = bar->addAction(QString());
    m_showLogprobs->setCheckable(true);
    bar->addSeparator();
    m_topKLabel = new QLabel(bar);
    m_topK = new QSpinBox(bar);
    m_topK->setRange(1, engine::kKeptCandidates);
    m_topK->setValue(kDefaultTopK);
    m_topKLabel->setBuddy(m_topK);
    bar->addWidget(m_topKLabel);
    bar->addWidget(m_topK);
    m_copy = bar->addAction(QString());
    m_copy->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    auto* spacer = new QWidget(bar);
    spacer->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(spacer);
    m_model = new QLabel(bar);
    m_model->setContentsMargins(8, 0, 8, 0);
    bar->addWidget(m_model);
    m_cancelAction = new QAction(this);
    m_cancelAction->setShortcut(QKeySequence(Qt::Key_Escape));
    addAction(m_cancelAction);
}

void MainWindow::buildCentre() {
    m_list = new QTreeView(this);
    m_list->setObjectName(QStringLiteral("images"));
    m_list->setModel(&m_images);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setItemDelegate(new RoomyDelegate(m_list));
    m_list->setAlternatingRowColors(true);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(QHeaderView::Interactive);
    m_list->header()->setSectionResizeMode(ImageListModel::kName, QHeaderView::Stretch);
    m_list->setColumnWidth(ImageListModel::kBest, 130);
    m_list->setColumnWidth(ImageListModel::kConfidence, 90);
    m_view = new ImageView(this);
    m_panel = new CandidatePanel(this);
    m_panel->setTopK(kDefaultTopK);
    m_strip = new ThroughputStrip(this);
    auto* splitter = new QSplitter(this);
    splitter->addWidget(m_list);
    splitter->addWidget(m_view);
    splitter->addWidget(m_panel);
    splitter->setSizes({380, 440, 360});
    splitter->setStretchFactor(1, 1);
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(splitter, 1);
    layout->addWidget(m_strip);
    setCentralWidget(centre);
}

void MainWindow::connectParts() {
    connect(m_openFiles, &QAction::triggered, this, &MainWindow::chooseFiles);
    connect(m_openFolder, &QAction::triggered, this, &MainWindow::chooseFolder);
    connect(m_logprobs, &QAction::toggled, this, &MainWindow::switchLogprobs);
    connect(m_showLogprobs, &QAction::toggled, m_panel, &CandidatePanel::setShowLogprobs);
    connect(m_copy, &QAction::triggered, m_panel, &CandidatePanel::copy);
    connect(m_cancelAction, &QAction::triggered, this, &MainWindow::cancel);
    connect(m_strip, &ThroughputStrip::cancelled, this, &MainWindow::cancel);
    connect(m_topK, &QSpinBox::valueChanged, m_panel, &CandidatePanel::setTopK);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &MainWindow::showSelected);
    connect(&m_bridge, &EngineBridge::outcomesArrived, this, &MainWindow::takeOutcomes);
    connect(&m_bridge, &EngineBridge::modelChanged, this, &MainWindow::takeModel);
    connect(&m_previews, &PreviewLoader::loaded, this, &MainWindow::showPreview);
    connect(&m_scanner, &FolderScanner::found, this, &MainWindow::addImages);
    connect(&m_scanner, &FolderScanner::finished, this, [this](quint64 images, bool truncated) {
        m_scanning = false;
        if (truncated)
            statusBar()->showMessage(tr("Only the first %n images were taken.", nullptr, static_cast<int>(FolderScanner::kMaxFiles)));
        else if (images == 0)
            statusBar()->showMessage(tr("No images were found there."));
    });
    m_stripTimer.setInterval(kStripMs);
    connect(&m_stripTimer, &QTimer::timeout, this, &MainWindow::updateStrip);
}

void MainWindow::retranslate() {
    setWindowTitle(tr("Shortlist"));
    m_openFiles->setText(tr("&Open…"));
    m_openFiles->setToolTip(tr("Classify images (Ctrl+O)"));
    m_openFolder->setText(tr("&Folder…"));
    m_openFolder->setToolTip(tr("Classify the images of a folder (Ctrl+Shift+O)"));
    m_logprobs->setText(m_logprobs->isChecked() ? tr("Logprobs: on") : tr("Logprobs: off"));
    m_logprobs->setToolTip(tr("Compute the probabilities of the candidates (Ctrl+L)"));
    m_showLogprobs->setText(tr("Show as logprobs"));
    m_showLogprobs->setToolTip(tr("Show logprobs in nats instead of percent"));
    m_copy->setText(tr("Copy"));
    m_copy->setToolTip(tr("Copy the ranked candidates as text (Ctrl+Shift+C)"));
    m_cancelAction->setText(tr("Cancel"));
    m_topKLabel->setText(tr("Candidates:"));
    m_topK->setAccessibleName(tr("Number of candidates"));
    m_list->setAccessibleName(tr("Images"));
    m_view->setAccessibleName(tr("Selected image"));
    m_strip->setAccessibleName(tr("Throughput"));
    m_images.retranslate();
    takeModel(m_bridge.model());
}

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QMainWindow::changeEvent(event);
}

void MainWindow::chooseFiles() {
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Classify images"), {}, tr("Images (*.jpg *.jpeg *.png);;All files (*)"));
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

void MainWindow::openPaths(const std::vector<std::string>& paths) {
    if (paths.empty())
        return;
    statusBar()->clearMessage();
    m_scanning = true;
    m_selectFirst = true;
    m_scanner.scan(paths);
}

void MainWindow::addImages(const std::vector<std::string>& paths) {
    const int first = m_images.append(paths);
    for (int row = first; row < m_images.rowCount(); ++row)
        ask(row, m_selectFirst && row == first);
    if (std::exchange(m_selectFirst, false))
        m_list->setCurrentIndex(m_images.index(first, 0));
    m_stripTimer.start();
    updateStrip();
}

void MainWindow::ask(int row, bool interactive) {
    ++m_asked;
    m_bridge.submit({m_images.ask(row), 0, m_images.path(row), nullptr, interactive});
}

void MainWindow::switchLogprobs(bool on) {
    m_options.logprobs = on;
    m_bridge.setOptions(m_options);
    m_logprobs->setText(on ? tr("Logprobs: on") : tr("Logprobs: off"));
    const int row = selectedRow();
    if (on && row >= 0 && m_images.outcome(row) && m_images.outcome(row)->ok() && !m_images.outcome(row)->logprobs)
        ask(row, true);
}

void MainWindow::takeOutcomes(const std::vector<engine::Outcome>& outcomes) {
    m_answered += static_cast<int>(outcomes.size());
    for (const engine::Outcome& outcome : outcomes)
        m_failed += !outcome.ok() && outcome.failure->kind != engine::ErrorKind::Cancelled ? 1 : 0;
    const std::vector<int> changed = m_images.apply(outcomes);
    if (std::find(changed.begin(), changed.end(), selectedRow()) != changed.end())
        showSelected();
    if (m_answered == m_asked) {
        m_stripTimer.stop();
        updateStrip();
    }
}

void MainWindow::takeModel(const engine::ModelStatus& status) {
    switch (status.state) {
        case engine::ModelState::None: m_model->setText(tr("no model")); break;
        case engine::ModelState::Loading: m_model->setText(tr("loading the model…")); break;
        case engine::ModelState::Failed:
            m_model->setText(tr("model not usable"));
            statusBar()->showMessage(errorSentence(status.failure));
            break;
        case engine::ModelState::Ready:
            m_model->setText(tr("%1 · %n classes · %2", nullptr, static_cast<int>(status.info->labels.size()))
                                 .arg(QString::fromStdString(status.info->name), QString::fromStdString(status.info->device)));
            m_model->setToolTip(QString::fromStdString(status.device_note));
            break;
    }
}

int MainWindow::selectedRow() const {
    const QModelIndex index = m_list->currentIndex();
    return index.isValid() ? index.row() : -1;
}

QString MainWindow::emptyMessage() const { return tr("Drop photographs or folders here, or press Ctrl+O."); }

void MainWindow::showSelected() {
    const int row = selectedRow();
    if (row < 0) {
        m_view->showMessage(emptyMessage());
        m_panel->setOutcome(nullptr, tr("The ranked candidates appear here."));
        return;
    }
    const auto outcome = m_images.outcome(row);
    m_panel->setOutcome(outcome, m_images.state(row) == ImageListModel::State::Cancelled ? tr("Cancelled.") : tr("Waiting for the model…"));
    if (outcome && !outcome->ok()) {
        m_previewPending = false;
        m_view->showMessage(errorSentence(*outcome->failure));
        return;
    }
    m_previewPending = true;
    m_previews.load(m_images.path(row));
}

void MainWindow::showPreview(const std::string& path, const QImage& image) {
    const int row = selectedRow();
    if (row < 0 || m_images.path(row) != path)
        return;
    m_previewPending = false;
    if (!image.isNull())
        m_view->showImage(image);
}

void MainWindow::cancel() {
    m_scanner.cancel();
    m_bridge.cancelAll();
}

void MainWindow::updateStrip() { m_strip->showStats(m_bridge.stats(), m_answered, m_asked, m_failed); }

bool MainWindow::settled() const { return m_asked == m_answered && !m_scanning && !m_previewPending; }

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    std::vector<std::string> paths;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            paths.push_back(localPath(url.toLocalFile()));
    if (paths.empty())
        statusBar()->showMessage(tr("Only files and folders of this computer can be dropped here."));
    else
        event->acceptProposedAction();
    openPaths(paths);
}

}  // namespace shortlist::app
