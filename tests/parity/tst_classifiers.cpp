// SPDX-License-Identifier: Apache-2.0
// Every classifier family and layout against transformers, timm and torchvision, on small configurations with hash weights.
#include <QTemporaryDir>
#include <QTest>

#include "engine/decode.h"
#include "tests/support/goldens.h"
#include "tests/support/logits.h"
#include "tests/support/model_files.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::test;

class ClassifierParityTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void logits_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("index");
        QTest::addColumn<QString>("dtype");
        for (const char* name : kFamilyGoldens) {
            const QString file = QString::fromLatin1(name);
            const auto goldens = readGolden(file.toStdString());
            for (size_t i = 0; i < goldens.size(); ++i)
                for (const char* dtype : {"fp32", "bf16"})
                    QTest::newRow(("cpu/" + std::string(dtype) + "/" + goldens[i]["name"].get<std::string>()).c_str()) << file << static_cast<int>(i) << QString::fromLatin1(dtype);
        }
    }
    void logits() {
        QFETCH(QString, file);
        QFETCH(int, index);
        QFETCH(QString, dtype);
        const auto golden = readGolden(file.toStdString())[static_cast<size_t>(index)];
        const QTemporaryDir dir;
        writeGoldenModel(dir.path().toStdString(), golden);
        const bool bf16 = dtype == QLatin1String("bf16");
        std::string used;
        runBody([&] {
            std::string note;
            const auto backend = engine::makeBackend({dir.path().toStdString(), "cpu", dtype.toStdString(), 0}, note);
            used = backend->info().dtype;
            if (used == dtype.toStdString())
                runModelGolden(*backend, golden, bf16);
        });
        if (bf16 && used == "fp32")
            QSKIP("this processor does not multiply bf16: fp32 is used");
    }

    // |d logprob| <= 0.03 nats from the file on: decoding, processor, network.
    void photographs_data() {
        QTest::addColumn<int>("index");
        const auto goldens = readGolden("photographs.json");
        for (size_t i = 0; i < goldens.size(); ++i)
            QTest::newRow(goldens[i]["name"].get<std::string>().c_str()) << static_cast<int>(i);
    }
    void photographs() {
        QFETCH(int, index);
        const auto golden = readGolden("photographs.json")[static_cast<size_t>(index)];
        const QTemporaryDir dir;
        writeJson(dir.filePath("config.json").toStdString(), golden["config"]);
        if (!golden["preprocessor"].is_null())
            writeJson(dir.filePath("preprocessor_config.json").toStdString(), golden["preprocessor"]);
        writeSafetensors(dir.filePath("model.safetensors").toStdString(), goldenTensors(golden));
        runBody([&] {
            std::string note;
            const auto backend = engine::makeBackend({dir.path().toStdString(), "cpu", "fp32", 0}, note);
            for (size_t i = 0; i < golden["files"].size(); ++i) {
                const auto image = engine::decodeImage(engine::readFile(SHORTLIST_SOURCE_DIR "/resources/samples/" + golden["files"][i].get<std::string>()));
                const auto got = logSoftmax(logitsOf(*backend, viewOf(image))), expected = logSoftmax(golden["logits"][i].get<std::vector<double>>());
                for (size_t c = 0; c < expected.size(); ++c)
                    check(std::fabs(got[c] - expected[c]) <= 0.03, golden["files"][i].get<std::string>() + ", class " + std::to_string(c) + ": " + std::to_string(got[c] - expected[c]) + " nats off");
            }
        });
    }
};

QTEST_GUILESS_MAIN(ClassifierParityTest)
#include "tst_classifiers.moc"
