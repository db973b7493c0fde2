// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAction>
#include <QLabel>
#include <QMainWindow>
#include <QSpinBox>
#include <QTimer>
#include <QTreeView>

#include "app/engine_bridge.h"
#include "app/models/image_list_model.h"
#include "app/views/candidate_panel.h"
#include "app/views/image_view.h"
#include "app/views/throughput_strip.h"
#include "app/work/folder_scanner.h"
#include "app/work/preview_loader.h"

namespace shortlist::app {

// The window: image list, preview, ranked candidates, throughput strip. Wires its parts and holds no other logic. The
// bridge belongs to the caller and outlives it.
class MainWindow : public QMainWindow {
    Q_OBJECT

  public:
    explicit MainWindow(EngineBridge& bridge, QWidget* parent = nullptr);

    // Files are classified in the order given, folders searched; the first new image becomes the selected one.
    void openPaths(const std::vector<std::string>& paths);
    // Everything asked was answered and shown.
    bool settled() const;

  protected:
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    void buildToolBar();
    void buildCentre();
    void connectParts();
    void retranslate();
    void chooseFiles();
    void chooseFolder();
    void addImages(const std::vector<std::string>& paths);
    void ask(int row, bool interactive);
    void switchLogprobs(bool on);
    void takeOutcomes(const std::vector<engine::Outcome>& outcomes);
    void takeModel(const engine::ModelStatus& status);
    void showSelected();
    void showPreview(const std::string& path, const QImage& image);
    void cancel();
    void updateStrip();
    int selectedRow() const;
    QString emptyMessage() const;

    EngineBridge& m_bridge;
    engine::ScoreOptions m_options;
    ImageListModel m_images;
    FolderScanner m_scanner;
    PreviewLoader m_previews;
    QTimer m_stripTimer;
    int m_asked = 0, m_answered = 0, m_failed = 0;
    bool m_scanning = false;
    bool m_previewPending = false;
    bool m_selectFirst = false;

    QAction* m_openFiles;
    QAction* m_openFolder;
    QAction* m_logprobs;
    QAction* m_showLogprobs;
    QAction* m_copy;
    QAction* m_cancelAction;
    QLabel* m_topKLabel;
    QSpinBox* m_topK;
    QLabel* m_model;
    QTreeView* m_list;
    ImageView* m_view;
    CandidatePanel* m_panel;
    ThroughputStrip* m_strip;
};

}  // namespace shortlist::app
