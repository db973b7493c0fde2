// SPDX-License-Identifier: Apache-2.0
// Records, the output file, the folder scan.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <filesystem>

#include "engine/records.h"
#include "engine/scan.h"
#include "tests/support/image_files.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::test;
using nlohmann::json;

namespace {

engine::Outcome answered() {
    auto model = std::make_shared<engine::ModelIdentity>();
    *model = {"fake", "", "fp32", "fake", {"cat", "dog", "bird"}, false, {}};
    engine::Outcome outcome;
    outcome.path = "a.jpg";
    outcome.width = 640, outcome.height = 480;
    outcome.candidates = {{1, std::log(0.75f)}, {0, std::log(0.25f)}, {2, -std::numeric_limits<float>::infinity()}};
    outcome.logsumexp = 9.5f, outcome.entropy = 0.5623f;
    outcome.model = model;
    return outcome;
}

std::vector<std::string> scan(const std::string& folder, bool recursive, engine::ScanCounts& counts) {
    std::vector<std::string> found;
    counts = engine::scanFolder(folder, recursive, [&](std::string path) { found.push_back(std::move(path)); return true; }, [](const std::string&) {}, {});
    return found;
}

}  // namespace

class RecordsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void jsonSchema() {
        const json record = json::parse(engine::jsonRecord(answered(), 5));
        QCOMPARE(record["schema"].get<int>(), 1);
        QCOMPARE(record["status"].get<std::string>(), std::string("ok"));
        QCOMPARE(record["candidates"].size(), size_t{3});
        QCOMPARE(record["candidates"][0]["label"].get<std::string>(), std::string("dog"));
        QVERIFY(std::abs(record["candidates"][0]["confidence"].get<double>() - 0.75) < 1e-6);
        QVERIFY(record["candidates"][2]["logprob"].is_null());
        QVERIFY(record["candidates"][2]["neg_inf"].get<bool>());
        QVERIFY(std::abs(record["margin"].get<double>() - std::log(3.0)) < 1e-6);
        QVERIFY(record["out_of_set"].is_null() && record["model"]["sha256"].is_null());
        QCOMPARE(json::parse(engine::jsonRecord(answered(), 1))["candidates"].size(), size_t{1});
    }

    void switchOff() {
        engine::Outcome outcome = answered();
        outcome.logprobs = false;
        outcome.candidates = {{1, NAN}};
        outcome.logsumexp = outcome.entropy = NAN;
        const json record = json::parse(engine::jsonRecord(outcome, 5));
        for (const char* key : {"logsumexp", "entropy", "margin"})
            QVERIFY2(record[key].is_null(), key);
        QVERIFY(record["candidates"][0]["logprob"].is_null() && record["candidates"][0]["confidence"].is_null());
        QVERIFY(!record["candidates"][0].contains("neg_inf"));
    }

    void failuresAndOddNames() {
        engine::Outcome outcome;
        outcome.path = "b\xff\n.jpg";
        outcome.failure = engine::Failure{engine::ErrorKind::BadImage, "It is damaged."};
        const json record = json::parse(engine::jsonRecord(outcome, 5));
        QCOMPARE(record["status"].get<std::string>(), std::string("failed"));
        QCOMPARE(record["error"]["kind"].get<std::string>(), std::string("bad_image"));
        QCOMPARE(record["path"].get<std::string>(), std::string("b\xef\xbf\xbd\n.jpg"));
        QVERIFY(fromBase64(record["path_b64"]) == std::vector<uint8_t>(outcome.path.begin(), outcome.path.end()));
        QVERIFY(engine::tableRecord(outcome, 5).find("b\xef\xbf\xbd\\x0a.jpg") == 0);
        QVERIFY(engine::tableRecord(answered(), 2).find("75.0%  dog") != std::string::npos);
    }

    void outputAppearsWholeOrNotAtAll() {
        const QTemporaryDir dir;
        const std::string path = dir.filePath("out.jsonl").toStdString();
        {
            engine::OutputFile output(path);
            output.write("half");
            output.flush();
        }
        QVERIFY(QDir(dir.path()).isEmpty());
        engine::OutputFile output(path);
        output.write("whole\n");
        output.finish();
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files), QStringList{"out.jsonl"});
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("whole\n"));
        const auto unwritable = [](const std::string& place) {
            runBody([&] {
                checkThrows<engine::Error>([&] { engine::OutputFile to(place); to.write(std::string(1 << 20, 'x')); to.finish(); }, "--output");
            });
        };
        unwritable(dir.filePath("missing/out.jsonl").toStdString());
        unwritable(dir.path().toStdString());
    }

    void fullDisk() {
        if (!QFile::exists("/dev/full"))
            QSKIP("this system has no /dev/full");
        runBody([] { checkThrows<engine::Error>([] { engine::OutputFile to("/dev/full"); to.write("x"); to.finish(); }, "free some space"); });
    }

    void folderOrder() {
        const QTemporaryDir dir;
        const QDir root(dir.path());
        QVERIFY(root.mkpath("b/deep") && root.mkpath("a"));
        for (const char* name : {"z.jpg", "b/2.PNG", "b/1.jpg", "b/deep/x.jpeg", "a/9.jpg"})
            writeBytes(dir.filePath(name).toStdString(), {1});
        writeBytes(dir.filePath("notes.txt").toStdString(), {'h', 'i'});
        writeBytes(dir.filePath("unnamed").toStdString(), smallJpeg());
        std::filesystem::create_directory_symlink(dir.path().toStdString(), dir.filePath("b/loop").toStdString());
        engine::ScanCounts counts;
        std::vector<std::string> expected;
        for (const char* name : {"unnamed", "z.jpg", "a/9.jpg", "b/1.jpg", "b/2.PNG", "b/deep/x.jpeg"})
            expected.push_back(dir.filePath(name).toStdString());
        QCOMPARE(scan(dir.path().toStdString(), true, counts), expected);
        QCOMPARE(counts.images, uint64_t{6});
        QCOMPARE(counts.skipped, uint64_t{1});
        expected.resize(2);
        QCOMPARE(scan(dir.path().toStdString(), false, counts), expected);
        scan(dir.filePath("nothing").toStdString(), true, counts);
        QCOMPARE(counts.unreadable, uint64_t{1});
    }
};

QTEST_GUILESS_MAIN(RecordsTest)
#include "tst_records.moc"
