// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

#include "engine/decode.h"
#include "engine/image/orientation.h"
#include "engine/image/sniff.h"
#include "tests/support/goldens.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::test;
using engine::ErrorKind;

namespace {

ErrorKind kindOf(std::span<const uint8_t> bytes) {
    try {
        engine::decodeImage(bytes);
    } catch (const engine::Error& error) {
        return error.kind();
    }
    return ErrorKind::Internal;  // decoded
}

bool taken(std::span<const uint8_t> bytes) {
    try {
        engine::decodeImage(bytes);
        return true;
    } catch (const engine::Error&) {
        return false;
    }
}

std::vector<uint8_t> goldenFile(const std::string& name) {
    for (const auto& json : readGolden("decode.json"))
        if (json["name"] == name)
            return fromBase64(json["file"]);
    return {};
}

std::vector<uint8_t> bytesOf(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

class DecodeTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstPillow_data() {
        QTest::addColumn<int>("index");
        QTest::addColumn<QString>("file");
        for (const char* file : {"decode.json", "formats1.json", "formats2.json", "formats3.json"}) {
            const auto goldens = readGolden(file);
            for (size_t i = 0; i < goldens.size(); ++i)
                QTest::newRow(goldens[i]["name"].get<std::string>().c_str()) << static_cast<int>(i) << file;
        }
    }
    void againstPillow() {
        QFETCH(int, index);
        QFETCH(QString, file);
        const auto golden = readGolden(file.toStdString())[static_cast<size_t>(index)];
        engine::DecodedImage image;
        runBody([&] { image = engine::decodeImage(fromBase64(golden["file"])); });
        QCOMPARE(image.width, golden["width"].get<int>());
        QCOMPARE(image.height, golden["height"].get<int>());
        const std::vector<uint8_t> expected = fromBase64(golden["levels"]);
        QCOMPARE(image.pixels.size(), expected.size());
        for (size_t i = 0; i < expected.size(); ++i)
            if (std::abs(image.pixels[i] - expected[i]) > golden["tolerance"].get<int>())
                QFAIL(qPrintable(QStringLiteral("byte %1 is %2, Pillow has %3").arg(i).arg(image.pixels[i]).arg(expected[i])));
    }

    void truncated_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"jpeg/subsampling=0", "jpeg/progressive", "png/rgb"})
            QTest::newRow(name) << name;
    }
    void truncated() {
        QFETCH(QString, name);
        const std::vector<uint8_t> whole = goldenFile(name.toStdString());
        QVERIFY(whole.size() > 100);
        for (size_t eighth = 1; eighth < 8; ++eighth) {
            const auto part = std::span(whole).first(whole.size() * eighth / 8);
            QCOMPARE(kindOf(part), ErrorKind::BadImage);
        }
    }

    // Damaged files: taken or refused as Pillow does.
    void verdicts() {
        int cuts = 0, sameCuts = 0, flips = 0, sameFlips = 0;
        for (const auto& golden : readGolden("verdicts.json")) {
            const std::vector<uint8_t> whole = fromBase64(golden["file"]);
            const std::string cutVerdicts = golden["cuts"], flipVerdicts = golden["flips"];
            int wrongCuts = 0, wrongFlips = 0, tooKind = 0;
            for (size_t i = 0; i < cutVerdicts.size(); ++i)
                wrongCuts += taken(std::span(whole).first(whole.size() * (i + 1) / 64)) != (cutVerdicts[i] == '1');
            for (size_t i = 0; i < flipVerdicts.size(); ++i) {
                std::vector<uint8_t> bad = whole;
                const size_t bit = hashBits(golden["seed"], i) % (8 * bad.size());
                bad[bit / 8] = static_cast<uint8_t>(bad[bit / 8] ^ (1u << bit % 8));
                const bool ours = taken(bad);
                wrongFlips += ours != (flipVerdicts[i] == '1');
                tooKind += ours && flipVerdicts[i] == '0';
            }
            qInfo("%s: %d of %zu cuts and %d of %zu flips differ from Pillow's verdict (%d taken that it refuses)", golden["name"].get<std::string>().c_str(), wrongCuts,
                  cutVerdicts.size(), wrongFlips, flipVerdicts.size(), tooKind);
            cuts += static_cast<int>(cutVerdicts.size()), flips += static_cast<int>(flipVerdicts.size());
            sameCuts += static_cast<int>(cutVerdicts.size()) - wrongCuts, sameFlips += static_cast<int>(flipVerdicts.size()) - wrongFlips;
        }
        QVERIFY(cuts > 400 && flips >= 2000);
        QVERIFY2(sameCuts >= 0.99 * cuts, qPrintable(QString::number(sameCuts)));
        QVERIFY2(sameFlips >= 0.97 * flips, qPrintable(QString::number(sameFlips)));
    }

    void refusals() {
        QCOMPARE(kindOf({}), ErrorKind::Unsupported);
        QCOMPARE(kindOf(bytesOf("no image at all")), ErrorKind::Unsupported);
        QCOMPARE(kindOf(bytesOf("GIF89a.........")), ErrorKind::BadImage);
        QCOMPARE(kindOf(bytesOf("\xff\xd8\xff\xe0 rubbish")), ErrorKind::BadImage);
        std::vector<uint8_t> png = goldenFile("png/rgb");
        png[16] = 0x00, png[17] = 0x01, png[18] = 0x00, png[19] = 0x00;  // 65,536 wide
        QCOMPARE(kindOf(png), ErrorKind::TooLarge);
        png[16] = png[17] = png[18] = png[19] = 0;
        QCOMPARE(kindOf(png), ErrorKind::BadImage);
    }

    void files() {
        const QTemporaryDir dir;
        const auto unreadable = [](const std::string& path) {
            runBody([&] { checkThrows<engine::Error>([&] { engine::readFile(path); }, "."); });
        };
        unreadable(dir.filePath("missing.jpg").toStdString());
        unreadable(dir.path().toStdString());
        const std::string fifo = dir.filePath("fifo.jpg").toStdString();
        QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
        unreadable(fifo);  // and does not wait for a writer
    }

    // EXIF that lies must neither crash nor turn the image.
    void hostileExif() {
        const auto bytes = goldenFile("jpeg/orientation=6");
        QCOMPARE(engine::sniff(bytes), engine::ImageFormat::Jpeg);
        const std::vector<uint8_t> good = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0};
        QCOMPARE(engine::exifOrientation(good), 6);
        for (size_t length = 0; length < good.size(); ++length)
            QCOMPARE(engine::exifOrientation(std::span(good).first(length)), 1);
        for (size_t i = 0; i < good.size(); ++i)
            for (const int value : {0, 1, 127, 255}) {
                std::vector<uint8_t> bad = good;
                bad[i] = static_cast<uint8_t>(value);
                const int orientation = engine::exifOrientation(bad);
                QVERIFY(orientation >= 1 && orientation <= 8);
            }
    }
};

QTEST_GUILESS_MAIN(DecodeTest)
#include "tst_decode.moc"
