// SPDX-License-Identifier: Apache-2.0
// Every classifier family and layout against transformers, timm and torchvision, on small configurations with hash weights.
#include <QTemporaryDir>
#include <QTest>

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
        for (const char* family : {"resnet", "squeezenet", "mobilenet_v2", "mobilenet_v3", "efficientnet", "convnext", "vit", "swin"}) {
            const QString file = QString::fromLatin1(family) + ".json";
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
};

QTEST_GUILESS_MAIN(ClassifierParityTest)
#include "tst_classifiers.moc"
