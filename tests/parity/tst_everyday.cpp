// SPDX-License-Identifier: Apache-2.0
// The built-in model end to end against transformers with Pillow, and the same image in batches of several sizes.
#include <QTest>

#include "engine/model_hash.h"
#include "tests/support/goldens.h"
#include "tests/support/logits.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::test;

class EverydayParityTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        std::string note;
        m_backend = engine::makeBackend({"everyday", "cpu", "fp32", 0}, note);
        m_golden = readGolden("everyday.json");
        QCOMPARE(QString::fromStdString(engine::hashWeights(m_backend->info().weight_files)), QString::fromStdString(m_golden["sha256"]));
    }

    void logits_data() {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < m_golden["images"].size(); ++i) {
            const auto& image = m_golden["images"][i];
            QTest::newRow(image.contains("file") ? image["file"].get<std::string>().c_str() : image["hash"].dump().c_str()) << static_cast<int>(i);
        }
    }
    void logits() {
        QFETCH(int, index);
        const auto& golden = m_golden["images"][static_cast<size_t>(index)];
        const bool isFile = golden.contains("file");
        // JPEG decoders of two versions may differ by a level: the bound for files is the design's 0.03 nats.
        const auto expected = golden["logits"].get<std::vector<double>>();
        const engine::DecodedImage image = imageOf(golden);
        runBody([&] {
            const auto got = logitsOf(*m_backend, viewOf(image));
            if (!isFile)
                return checkLogits(got, expected);
            for (size_t i = 0; i < got.size(); ++i)
                check(std::fabs(got[i] - expected[i]) <= 0.03, "logit " + std::to_string(i) + " differs by " + std::to_string(got[i] - expected[i]));
        });
    }

    void sameImageSameNumber() {
        std::vector<engine::DecodedImage> images;
        std::vector<engine::PreparedImage> views;
        for (const auto& golden : m_golden["images"])
            images.push_back(imageOf(golden));
        for (const auto& image : images)
            views.push_back(viewOf(image));
        runBody([&] { runSameImageSameNumber(*m_backend, views); });
    }

    void cleanupTestCase() { m_backend.reset(); }

  private:
    static engine::DecodedImage imageOf(const nlohmann::json& golden) {
        if (golden.contains("file"))
            return engine::decodeImage(engine::readFile(SHORTLIST_SOURCE_DIR "/resources/samples/" + golden["file"].get<std::string>()));
        const int width = golden["hash"][1], height = golden["hash"][2];
        return {hashImage(golden["hash"][0], width, height), width, height, {}, width, height, 1};
    }

    std::unique_ptr<engine::Backend> m_backend;
    nlohmann::json m_golden;
};

QTEST_GUILESS_MAIN(EverydayParityTest)
#include "tst_everyday.moc"
