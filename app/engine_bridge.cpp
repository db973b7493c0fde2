// SPDX-License-Identifier: Apache-2.0
#include "app/engine_bridge.h"

namespace shortlist::app {
namespace {

constexpr int kFlushMs = 33;

engine::EngineConfig withPartials(engine::EngineConfig config, Mailbox<std::pair<uint64_t, engine::Answer>>& to) {
    config.partial = [&to](uint64_t request, const engine::Answer& soFar) { to.put({request, soFar}); };
    return config;
}

}  // namespace

EngineBridge::EngineBridge(engine::EngineConfig config, QObject* parent)
    : QObject(parent),
      m_engine(std::make_unique<engine::Engine>(
          withPartials(std::move(config), m_partials), [this](engine::Outcome&& outcome) { m_outcomes.put(std::move(outcome)); },
          [this](const engine::ModelStatus& status) { m_models.put(status); })) {
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setInterval(kFlushMs);
    connect(&m_flushTimer, &QTimer::timeout, this, &EngineBridge::flush);
    // The first outcome is shown at once, those that follow within the interval together.
    connect(&m_outcomes.notifier(), &QSocketNotifier::activated, this, [this] {
        m_outcomes.notifier().setEnabled(false);
        m_flushTimer.isActive() ? void() : flush();
    });
    m_partialTimer.setSingleShot(true);
    m_partialTimer.setInterval(kFlushMs);
    connect(&m_partialTimer, &QTimer::timeout, this, &EngineBridge::flushPartials);
    connect(&m_partials.notifier(), &QSocketNotifier::activated, this, [this] {
        m_partials.notifier().setEnabled(false);
        m_partialTimer.start();
    });
    connect(&m_models.notifier(), &QSocketNotifier::activated, this, &EngineBridge::flushModel);
}

EngineBridge::~EngineBridge() { m_engine.reset(); }

void EngineBridge::loadModel(engine::BackendConfig config) { m_engine->loadModel(std::move(config)); }
void EngineBridge::setOptions(const engine::ScoreOptions& options) { m_engine->setOptions(options); }
engine::Stats EngineBridge::stats() const { return m_engine->stats(); }

void EngineBridge::submit(engine::Request request) {
    request.job = m_job;
    if (request.interactive)
        m_backlog.push_front(std::move(request));  // overtakes what has no room in the engine's queue yet
    else
        m_backlog.push_back(std::move(request));
    feed();
}

void EngineBridge::cancelAll() {
    m_engine->cancel(m_job++);
    feed();  // the engine answers what waits here as cancelled, too
}

void EngineBridge::feed() {
    while (!m_backlog.empty() && m_engine->trySubmit(m_backlog.front()))
        m_backlog.pop_front();
}

void EngineBridge::flush() {
    const std::vector<engine::Outcome> outcomes = m_outcomes.take();
    m_outcomes.notifier().setEnabled(true);
    feed();
    if (outcomes.empty())
        return;
    m_flushTimer.start();
    Q_EMIT outcomesArrived(outcomes);
}

void EngineBridge::flushPartials() {
    const auto partials = m_partials.take();
    m_partials.notifier().setEnabled(true);
    for (size_t i = 0; i < partials.size(); ++i)  // only the newest of each
        if (i + 1 == partials.size() || partials[i + 1].first != partials[i].first)
            Q_EMIT answerGrew(partials[i].first, partials[i].second);
}

void EngineBridge::flushModel() {
    for (const engine::ModelStatus& status : m_models.take()) {
        m_model = status;
        Q_EMIT modelChanged(m_model);
    }
}

}  // namespace shortlist::app
