// SPDX-License-Identifier: Apache-2.0
// bridge_soak [SECONDS]
// The bridge under pressure, for ThreadSanitizer: a fake backend with delays, failures and a small memory, jobs cancelled, models
// exchanged, the switch thrown, all at random. Every request must be answered exactly once. A plain program: Qt Test's own
// watchdog thread is not instrumented and would be reported.
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>
#include <map>
#include <random>

#include "app/engine_bridge.h"
#include "app/models/image_list_model.h"
#include "tests/support/fake_backend.h"
#include "tests/support/image_files.h"

using namespace shortlist;

namespace {

constexpr int kRows = 400;

class Soak {
  public:
    explicit Soak(const std::string& file) : m_bridge(config(m_control)) {
        m_images.append(std::vector<std::string>(kRows, file));
        QObject::connect(&m_bridge, &app::EngineBridge::outcomesArrived, [this](const std::vector<engine::Outcome>& outcomes) {
            for (const engine::Outcome& outcome : outcomes)
                ++m_answers[outcome.id];
            m_images.apply(outcomes);
        });
        m_bridge.loadModel({});
    }

    void turmoil() {
        switch (m_random() % 12) {
            case 0: m_bridge.cancelAll(); break;
            case 1: m_bridge.loadModel({}); break;
            case 2: m_control->failLoad = m_random() % 3 == 0; break;
            case 3: m_control->delayMs = static_cast<int>(m_random() % 4); break;
            case 4: m_control->throwAfter = m_random() % 4 == 0 ? m_control->batches + 2 : -1; break;
            case 5: m_control->memoryFor = m_random() % 2 ? 2 : 1000; break;
            case 6: m_options.logprobs = !m_options.logprobs; m_bridge.setOptions(m_options); break;
            default:
                for (int i = 0; i < 40; ++i)
                    ask(static_cast<int>(m_random() % kRows), m_random() % 8 == 0);
        }
        (void)m_bridge.stats();
    }

    void calm() {
        m_control->throwAfter = -1;
        m_control->failLoad = false;
        m_control->delayMs = 0;
    }
    bool answered() const { return m_answers.size() == m_asked.size(); }

    int report() const {
        int wrong = 0;
        for (const auto& [id, count] : m_answers)
            wrong += count != 1 || !m_asked.contains(id);
        std::printf("%zu asked, %zu answered, %d not exactly once\n", m_asked.size(), m_answers.size(), wrong);
        return wrong == 0 && answered() && m_asked.size() > 100 ? 0 : 1;
    }

  private:
    static engine::EngineConfig config(const std::shared_ptr<test::FakeControl>& control) {
        engine::EngineConfig config;
        config.maker = test::fakeMaker(control);
        config.max_batch = 8;
        config.queued_requests = 64;  // so that the bridge's own backlog is used
        return config;
    }
    void ask(int row, bool interactive) {
        const uint64_t id = m_images.ask(row);
        m_asked[id] = true;
        m_bridge.submit({id, 0, m_images.image(row).path, nullptr, interactive});
    }

    std::mt19937 m_random{7};
    std::shared_ptr<test::FakeControl> m_control = std::make_shared<test::FakeControl>();
    engine::ScoreOptions m_options;
    app::ImageListModel m_images;
    std::map<uint64_t, bool> m_asked;
    std::map<uint64_t, int> m_answers;
    app::EngineBridge m_bridge;
};

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const double seconds = argc > 1 ? std::atof(argv[1]) : 3;
    QTemporaryDir dir;
    const std::string file = dir.filePath("one.jpg").toStdString();
    test::writeBytes(file, test::smallJpeg());
    Soak soak(file);
    QElapsedTimer clock;
    clock.start();
    QTimer turmoil, look;
    QObject::connect(&turmoil, &QTimer::timeout, [&] {
        soak.turmoil();
        if (clock.elapsed() > 1000 * seconds) {
            turmoil.stop();
            soak.calm();
        }
    });
    QObject::connect(&look, &QTimer::timeout, [&] {
        constexpr int kPatienceMs = 30'000;
        if ((!turmoil.isActive() && soak.answered()) || clock.elapsed() > 1000 * seconds + kPatienceMs)
            QCoreApplication::quit();
    });
    turmoil.start(5);
    look.start(20);
    QCoreApplication::exec();
    return soak.report();
}
