// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QTimer>
#include <vector>

#include "app/engine_bridge.h"
#include "app/models/image_list_model.h"
#include "app/work/folder_scanner.h"

namespace shortlist::app {

// What is being classified: the images, what was asked about them, what was answered. No widgets. Lives on the GUI thread; the
// bridge belongs to the caller and outlives it.
class Session : public QObject {
    Q_OBJECT

  public:
    struct Progress {
        int done = 0, total = 0, failed = 0;
        bool scanning = false;  // the total still grows
        bool busy() const { return scanning || done < total; }
    };

    explicit Session(EngineBridge& bridge, QObject* parent = nullptr);

    ImageListModel& images() { return m_images; }
    Progress progress() const;

    // Files as they are, folders searched off this thread. The first image of each call overtakes what runs.
    void open(const std::vector<std::string>& paths);
    void open(const QString& name, ImageBytes bytes);
    void classifyAgain(const std::vector<int>& rows);
    // Asks about all rows whose answer has no logprobs.
    void explainAll();
    void remove(const std::vector<int>& rows);
    // Takes effect with the next batch. Switched on, `selected` (or -1) is asked again at once.
    void setLogprobs(bool on, int selected);
    // After another model has become ready: `selected` (or -1) is asked again, the rest keeps its answers.
    void modelReady(std::shared_ptr<const engine::ModelIdentity> model, int selected);
    void cancel();

  Q_SIGNALS:
    // `first` is the first row of a call to open().
    void opened(int first);
    void answered(const std::vector<int>& rows);
    void progressed();
    // Something about the scan that a person should know.
    void noticed(const QString& sentence);

  private:
    void ask(int row, bool interactive);
    void takeFound(const std::vector<std::string>& paths, bool first);
    void takeOutcomes(const std::vector<engine::Outcome>& outcomes);
    void finishScan(quint64 images, bool truncated);

    EngineBridge& m_bridge;
    engine::ScoreOptions m_options;
    ImageListModel m_images;
    FolderScanner m_scanner;
    Progress m_progress;
    int m_scans = 0;
};

}  // namespace shortlist::app
