// SPDX-License-Identifier: Apache-2.0
// ResNet variants against transformers, on small configurations with hash weights.
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/goldens.h"
#include "tests/support/logits.h"
#include "tests/support/model_files.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::test;

class ResNetParityTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void logits_data() {
        QTest::addColumn<int>("index");
        const auto goldens = readGolden("resnet.json");
        for (size_t i = 0; i < goldens.size(); ++i)
            QTest::newRow(("cpu/fp32/" + goldens[i]["name"].get<std::string>()).c_str()) << static_cast<int>(i);
    }
    void logits() {
        QFETCH(int, index);
        const auto golden = readGolden("resnet.json")[static_cast<size_t>(index)];
        const HashImage image(golden["image"]);
        const QTemporaryDir dir;
        writeJson(dir.filePath("config.json").toStdString(), golden["config"]);
        writeJson(dir.filePath("preprocessor_config.json").toStdString(),
                  {{"do_resize", false}, {"crop_size", {{"width", image.width}, {"height", image.height}}}, {"do_normalize", false}});
        writeHashWeights(dir.filePath("model.safetensors").toStdString(), golden["tensors"]);
        std::string note;
        const auto backend = engine::makeBackend({dir.path().toStdString(), "cpu", "fp32", 0}, note);
        runBody([&] { checkLogits(logitsOf(*backend, image.view()), golden["logits"].get<std::vector<double>>()); });
    }
};

QTEST_GUILESS_MAIN(ResNetParityTest)
#include "tst_resnet.moc"
