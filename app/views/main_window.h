// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLabel>
#include <QMainWindow>
#include <QSpinBox>
#include <QSplitter>
#include <QTimer>

#include "app/appearance.h"
#include "app/engine_bridge.h"
#include "app/session.h"
#include "app/settings.h"
#include "app/views/actions.h"
#include "app/views/candidate_panel.h"
#include "app/views/image_list_panel.h"
#include "app/views/image_view.h"
#include "app/views/model_button.h"
#include "app/views/task_bar.h"
#include "app/views/throughput_strip.h"
#include "app/work/input_collector.h"
#include "app/work/preview_loader.h"
#include "app/work/result_saver.h"

namespace shortlist::app {

// The window: image list, preview, ranked candidates, throughput strip. Wires its parts and holds no other logic.
// Bridge and language belong to the caller and outlive it.
class MainWindow : public QMainWindow {
    Q_OBJECT

  public:
    MainWindow(EngineBridge& bridge, Language& language, Settings settings, QWidget* parent = nullptr);

    // Files are classified in the order given, folders searched; the first new image becomes the selected one.
    void openPaths(const std::vector<std::string>& paths);
    // `remember`: for the next start too, unlike what the command line says.
    void loadModel(const QString& nameOrDirectory, const QString& device, bool remember = true);
    void showSentence(const QString& sentence);
    // Everything asked was answered and shown.
    bool settled() const;
    const Settings& settings() const { return m_settings; }

  protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    void buildToolBar();
    void buildCentre();
    void connectInput();
    void connectSession();
    void connectView();
    void connectHelp();
    void applySettings();
    void retranslate();
    void showSwitch();
    void chooseFiles();
    void chooseFolder();
    void chooseModel();
    void chooseResultFile();
    void clearList();
    void takeModel(const engine::ModelStatus& status);
    void connectTask();
    void setTask(const TaskSettings& task);
    void editLabels();
    void showPartial(quint64 request, const engine::Answer& soFar);
    void showSelected();
    void showPreview(uint32_t key, const Pyramid& pyramid);
    void forgetPreview();
    void updateProgress();

    EngineBridge& m_bridge;
    Language& m_language;
    Settings m_settings;
    QString m_modelWanted, m_deviceWanted;
    Session m_session;
    InputCollector m_input{this};
    PreviewLoader m_previews;
    ResultSaver m_saver{this};
    QTimer m_progressTimer;
    uint32_t m_previewKey = 0;  // of the image shown or being loaded; 0: none
    bool m_previewPending = false;
    bool m_remember = true;

    Actions m_actions;
    QLabel* m_topKLabel;
    QSpinBox* m_topK;
    ModelButton* m_model;
    DeviceButton* m_device;
    QLabel* m_zoom;
    QSplitter* m_splitter;
    ImageListPanel* m_list;
    ImageView* m_view;
    CandidatePanel* m_panel;
    ThroughputStrip* m_strip;
    TaskBar* m_task;
};

}  // namespace shortlist::app
