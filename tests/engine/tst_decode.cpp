// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

#include <algorithm>
#include <array>

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

bool withoutHeif(const std::vector<uint8_t>& bytes) {
    try {
        engine::decodeImage(bytes);
        return false;
    } catch (const engine::Error& error) {
        return std::string(error.what()).find("libheif-dev") != std::string::npos;
    }
}

}  // namespace

class DecodeTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstPillow_data() {
        QTest::addColumn<int>("index");
        QTest::addColumn<QString>("file");
        for (const char* file : {"decode.json", "formats1.json", "formats2.json", "formats3.json", "heif.json"}) {
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
        const std::vector<uint8_t> bytes = fromBase64(golden["file"]);
        if (file == QLatin1String("heif.json") && withoutHeif(bytes))
            QSKIP("this build has no libheif: install libheif-dev and build again");
        runBody([&] { image = engine::decodeImage(bytes); });
        if (file == QLatin1String("heif.json"))  // and a file that ends early
            QCOMPARE(kindOf(std::span(bytes).first(bytes.size() * 3 / 4)), ErrorKind::BadImage);
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

    // DCT scaling keeps the short side at twice the target and the header's geometry, orientation included.
    void fast() {
        const auto bytes = goldenFile("jpeg/orientation=6");  // 9 x 6, turned
        for (const auto& [target, width, height, reduction] : {std::tuple{0, 6, 9, 1}, {1, 3, 5, 2}, {2, 6, 9, 1}, {100, 6, 9, 1}}) {
            const engine::DecodedImage image = engine::decodeImage(bytes, {target});
            QCOMPARE(image.reduction, reduction);
            QCOMPARE(image.width, width);
            QCOMPARE(image.height, height);
            QCOMPARE(image.full_width, 6);
            QCOMPARE(image.full_height, 9);
        }
    }

    // At 1/8 only DC coefficients count, and both files hold the same: what a progressive one leaves out must not show.
    void progressiveThumbnails() {
        const auto baseline = goldenFile("jpeg/subsampling=2"), progressive = goldenFile("jpeg/progressive");
        const engine::DecodedImage a = engine::decodeImage(baseline, {1}), b = engine::decodeImage(progressive, {1});
        QCOMPARE(a.reduction, 8);
        QCOMPARE(b.reduction, 8);
        QCOMPARE(b.pixels, a.pixels);
        for (size_t i = 1; i < 64; ++i)  // and a truncated one is still refused
            runBody([&] { checkThrows<engine::Error>([&] { engine::decodeImage(std::span(progressive).first(progressive.size() * i / 64), {1}); }, ""); });
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

    // 60,000 x 60,000 in the header costs a sentence, no memory.
    void hugeHeaders() {
        constexpr uint16_t kSide = 60000;
        const auto little = [](std::vector<uint8_t>& to, uint32_t value, int bytes) {
            for (int i = 0; i < bytes; ++i)
                to.push_back(static_cast<uint8_t>(value >> (8 * i)));
        };
        std::vector<uint8_t> gif = bytesOf("GIF89a"), bmp = bytesOf("BM"), tiff = bytesOf(std::string_view("II*\0\x08\0\0\0\x03\0", 10));
        little(gif, kSide, 2), little(gif, kSide, 2), little(gif, 0, 3), little(gif, ',', 1);
        little(bmp, 54, 4), little(bmp, 0, 4), little(bmp, 54, 4), little(bmp, 40, 4), little(bmp, kSide, 4), little(bmp, kSide, 4), little(bmp, 1 | 24 << 16, 4), bmp.resize(60);
        for (const uint32_t tag : {256, 257})
            little(tiff, tag | 4 << 16, 4), little(tiff, 1, 4), little(tiff, kSide, 4);
        little(tiff, 273 | 4 << 16, 4), little(tiff, 1, 4), little(tiff, 8, 4), little(tiff, 0, 4);
        std::vector<uint8_t> jpeg = goldenFile("jpeg/grey"), png = goldenFile("png/rgb");
        const std::array<uint8_t, 2> frame = {0xff, 0xc0};
        auto at = std::search(jpeg.begin(), jpeg.end(), frame.begin(), frame.end());
        QVERIFY(at != jpeg.end());
        for (const int i : {5, 7})
            at[i] = kSide >> 8, at[i + 1] = kSide & 0xff;
        for (const size_t i : {18, 22})
            png[i - 2] = png[i - 1] = 0, png[i] = kSide >> 8, png[i + 1] = kSide & 0xff;
        std::vector<uint8_t> webp = bytesOf(std::string_view("RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0", 24));
        little(webp, kSide - 1, 3), little(webp, kSide - 1, 3);
        for (const auto& bytes : {gif, bmp, tiff, jpeg, png, webp, bytesOf("P6 60000 60000 255\n")})
            QVERIFY2(kindOf(bytes) == ErrorKind::TooLarge, engine::formatName(engine::sniff(bytes)));
    }

    // Neither an image nor handed to any decoder.
    void otherFormats() {
        for (const char* text : {"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", "%PDF-1.7\n", "NITF02.10", "#!/bin/sh\n", "P7\nWIDTH 1\n", "PK\3\4 zip"})
            QCOMPARE(kindOf(bytesOf(text)), ErrorKind::Unsupported);
        std::vector<uint8_t> dicom(200, 0);
        std::copy_n("DICM", 4, dicom.begin() + 128);
        QCOMPARE(kindOf(dicom), ErrorKind::Unsupported);
        QVERIFY(taken(goldenFile("png/rgb")));  // whatever its file may be called
    }

    // A progressive JPEG whose last scan comes again and again.
    void thousandsOfScans() {
        std::vector<uint8_t> jpeg = goldenFile("jpeg/progressive");
        const std::array<uint8_t, 2> mark = {0xff, 0xda};
        const auto last = std::find_end(jpeg.begin(), jpeg.end(), mark.begin(), mark.end());
        const std::vector<uint8_t> scan(last, jpeg.end() - 2);
        QVERIFY(taken(jpeg));
        for (int i = 0; i < 10000; ++i)
            jpeg.insert(jpeg.end() - 2, scan.begin(), scan.end());
        QCOMPARE(kindOf(jpeg), ErrorKind::BadImage);
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
