// SPDX-License-Identifier: Apache-2.0
// Qwen2-VL against transformers on small configurations with hash weights.
#include <QTemporaryDir>
#include <QTest>
#include <limits>

#include "tests/support/cases_vlm.h"
#include "tests/support/open_backend.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::test;

class Qwen2VlParityTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void answers_data() { addRows(); }
    void answers() { run(runVlmAnswers); }

    void labels_data() { addRows(); }
    void labels() { run(runVlmLabels); }

    void sameNumber_data() { addRows(); }
    void sameNumber() {
        run([](engine::Backend& backend, const nlohmann::json& golden, bool bf16) { runVlmSameNumber(backend, golden, bf16 ? 0.1 : 1e-4); });
    }

    void refusals() {
        runOnSmallModel([](engine::Backend& backend, const nlohmann::json& golden) { runVlmRefusals(backend, golden); });
    }
    void shapes() {
        runOnSmallModel([](engine::Backend& backend, const nlohmann::json& golden) { runVlmShapes(backend, golden); });
    }
    // Damaged weights: the row says so, and no number is shown.
    void nonfinite() {
        const auto golden = readGolden("qwen2_vl.json")[0];
        const QTemporaryDir dir;
        writeVlmModel(dir.path().toStdString(), golden);
        std::vector<NamedTensor> tensors = goldenTensors(golden);
        for (NamedTensor& tensor : tensors)
            if (tensor.name == "model.norm.weight")
                tensor.values[3] = std::numeric_limits<float>::quiet_NaN();
        writeSafetensors(dir.path().toStdString() + "/model.safetensors", tensors);
        runBody([&] {
            const auto backend = openBackend({dir.path().toStdString(), "cpu", "fp32", 0});
            const HashImage image(1, 60, 60);
            const std::vector<engine::PreparedImage> views = {image.view(), image.view()};
            for (const auto mode : {engine::Task::Mode::Classify, engine::Task::Mode::Answer}) {
                backend->setTask(vlmTask(golden, mode));
                const engine::ScoreRows rows = backend->classify(views, {}, {});
                check(rows.nonfinite == std::vector<uint8_t>{1, 1} && rows.ids.at(0) == -1 && std::isnan(rows.logprobs.at(0)), "nothing is claimed");
                check(rows.ids.size() == 2 * static_cast<size_t>(rows.k), "every row has its places");
            }
        });
    }
    void logprobsSwitch() {
        runOnSmallModel([](engine::Backend& backend, const nlohmann::json& golden) { runVlmSwitch(backend, golden); });
    }
    // SHORTLIST_VLM_TRIES: how many label sets; 1,000 take some minutes.
    void searches() {
        runOnSmallModel([](engine::Backend& backend, const nlohmann::json& golden) { runVlmSearches(backend, golden, std::max(40, qEnvironmentVariableIntValue("SHORTLIST_VLM_TRIES"))); });
    }
    // The same seed gives the same answer, another one another, and temperature 0 is greedy.
    void sampling() {
        runOnSmallModel([](engine::Backend& backend, const nlohmann::json& golden) {
            const HashImage image(7, 60, 60);
            const engine::PreparedImage view = image.view();
            const auto answer = [&](double temperature, double topP, uint64_t seed) {
                engine::Task task = vlmTask(golden, engine::Task::Mode::Answer);
                task.sample_temperature = temperature, task.top_p = topP, task.seed = seed;
                backend.setTask(task);
                return backend.classify({&view, 1}, {}, {}).answers.at(0);
            };
            check(answer(2, 1, 1).text == answer(2, 1, 1).text, "the same seed");
            check(answer(2, 1, 1).text != answer(2, 1, 2).text, "another seed");
            check(answer(2, 1e-6, 1).text == answer(0, 1, 0).text, "nothing but the best is left");
            for (const engine::AnswerToken& token : answer(2, 1, 3).tokens)
                for (const engine::TokenChoice& choice : token.top)
                    check(choice.id != token.chosen.id || choice.logprob == token.chosen.logprob, "its logprob is the model's, not the sampler's");
        });
    }

  private:
    template <typename Body>
    static void runOnSmallModel(Body body) {
        const auto golden = readGolden("qwen2_vl.json")[0];
        const QTemporaryDir dir;
        writeVlmModel(dir.path().toStdString(), golden);
        runBody([&] {
            const auto backend = openBackend({dir.path().toStdString(), "cpu", "fp32", 0});
            body(*backend, golden);
        });
    }
    static void addRows() {
        QTest::addColumn<int>("index");
        QTest::addColumn<QString>("dtype");
        const auto goldens = readGolden("qwen2_vl.json");
        for (size_t i = 0; i < goldens.size(); ++i)
            for (const char* dtype : {"fp32", "bf16"})
                QTest::newRow(("cpu/" + std::string(dtype) + "/" + goldens[i]["name"].get<std::string>()).c_str()) << static_cast<int>(i) << QString::fromLatin1(dtype);
    }
    template <typename Body>
    static void run(Body body) {
        QFETCH(int, index);
        QFETCH(QString, dtype);
        const auto golden = readGolden("qwen2_vl.json")[static_cast<size_t>(index)];
        const QTemporaryDir dir;
        const bool bf16 = dtype == QLatin1String("bf16");
        writeVlmModel(dir.path().toStdString(), golden, bf16 ? Stored::BF16 : Stored::F32, index == 1);
        std::string used;
        runBody([&] {
            const auto backend = openBackend({dir.path().toStdString(), "cpu", "auto", 0});
            used = backend->info().dtype;
            if (used == dtype.toStdString())
                body(*backend, golden, bf16);
        });
        if (bf16 && used == "fp32")
            QSKIP("this processor does not multiply bf16: fp32 is used");
    }
};

QTEST_GUILESS_MAIN(Qwen2VlParityTest)
#include "tst_qwen2_vl.moc"
