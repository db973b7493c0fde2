// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QTimer>
#include <deque>
#include <memory>

#include "app/work/mailbox.h"
#include "engine/engine.h"

namespace shortlist::app {

// The engine as the window sees it: owns it, lives on the GUI thread, never waits there. Outcomes arrive in bunches, at
// most 30 times a second, through one signal each.
class EngineBridge : public QObject {
    Q_OBJECT

  public:
    explicit EngineBridge(engine::EngineConfig config, QObject* parent = nullptr);
    ~EngineBridge() override;

    void loadModel(engine::BackendConfig config);
    // What the queue has no room for waits here.
    void submit(engine::Request request);
    // Ends everything submitted so far; later requests belong to a new job.
    void cancelAll();
    void setOptions(const engine::ScoreOptions& options);

    engine::Stats stats() const;
    const engine::ModelStatus& model() const { return m_model; }

  Q_SIGNALS:
    void outcomesArrived(const std::vector<engine::Outcome>& outcomes);
    void modelChanged(const engine::ModelStatus& status);
    // A free answer while it is written; at most 30 times a second.
    void answerGrew(quint64 request, const engine::Answer& soFar);

  private:
    void flush();
    void flushModel();
    void flushPartials();
    void feed();

    Mailbox<engine::Outcome> m_outcomes;
    Mailbox<engine::ModelStatus> m_models;
    Mailbox<std::pair<uint64_t, engine::Answer>> m_partials;
    QTimer m_flushTimer, m_partialTimer;
    engine::ModelStatus m_model;
    std::deque<engine::Request> m_backlog;
    uint64_t m_job = 0;
    std::unique_ptr<engine::Engine> m_engine;  // last: its threads fill the mailboxes
};

}  // namespace shortlist::app
