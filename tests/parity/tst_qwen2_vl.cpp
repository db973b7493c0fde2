// SPDX-License-Identifier: Apache-2.0
// Qwen2-VL against transformers on small configurations with hash weights.
#include <QTemporaryDir>
#include <QTest>

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

  private:
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
