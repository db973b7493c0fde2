// SPDX-License-Identifier: Apache-2.0
// The command line program as a process, with the real backend and the built-in model.
#include <signal.h>

#include <QDir>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <cmath>
#include <cstring>

#include "tests/support/cases_vlm.h"
#include "tests/support/image_files.h"

using namespace shortlist::test;
using nlohmann::json;

namespace {

struct Result {
    int status = -1;
    QByteArray out, err;
    std::vector<json> records() const {
        std::vector<json> all;
        for (const QByteArray& line : out.split('\n'))
            if (!line.isEmpty())
                all.push_back(json::parse(line.toStdString()));
        return all;
    }
};

QString program() { return qEnvironmentVariable("SHORTLIST_BIN") + "/shortlist-cli"; }

Result run(const QStringList& arguments, const QByteArray& input = {}) {
    QProcess process;
    process.start(program(), arguments);
    process.write(input);
    process.closeWriteChannel();
    Result result;
    if (process.waitForFinished(120000) && process.exitStatus() == QProcess::NormalExit)
        result.status = process.exitCode();
    result.out = process.readAllStandardOutput();
    result.err = process.readAllStandardError();
    return result;
}

}  // namespace

class CliTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        m_good = m_dir.filePath("good.jpg");
        m_bad = m_dir.filePath("bad.jpg");
        writeBytes(m_good.toStdString(), smallJpeg());
        auto half = smallJpeg();
        half.resize(half.size() / 2);
        writeBytes(m_bad.toStdString(), half);
    }

    void oneBadFileAmongGood() {
        const Result result = run({"classify", m_good, m_bad, m_dir.filePath("missing.jpg"), m_good, "--device", "cpu"});
        QCOMPARE(result.status, 1);
        const auto records = result.records();
        QCOMPARE(records.size(), size_t{4});
        QVERIFY(records[0]["status"] == "ok");
        QVERIFY(records[1]["error"]["kind"] == "bad_image");
        QVERIFY(records[2]["error"]["kind"] == "unreadable");
        QCOMPARE(records[0]["candidates"].size(), size_t{5});
        QVERIFY(records[0]["candidates"] == records[3]["candidates"]);
        double sum = 0;
        for (const json& candidate : records[0]["candidates"])
            sum += candidate["confidence"].get<double>();
        QVERIFY(sum > 0 && sum <= 1.0001);
        QCOMPARE(records[0]["model"]["sha256"].get<std::string>().size(), size_t{64});
    }

    void folderInOrderIntoAFile() {
        QVERIFY(QDir(m_dir.path()).mkpath("folder/sub"));
        for (const char* name : {"folder/c.jpg", "folder/a.jpg", "folder/sub/0.jpg", "folder/b.jpg"})
            writeBytes(m_dir.filePath(name).toStdString(), smallJpeg());
        const QString output = m_dir.filePath("results.jsonl");
        const Result result = run({"classify", m_dir.filePath("folder"), "--output", output});
        QVERIFY2(result.status == 0, result.err);
        Result written;
        QFile file(output);
        QVERIFY(file.open(QIODevice::ReadOnly));
        written.out = file.readAll();
        QStringList names;
        for (const json& record : written.records())
            names << QDir(m_dir.path()).relativeFilePath(QString::fromStdString(record["path"]));
        QCOMPARE(names, (QStringList{"folder/a.jpg", "folder/b.jpg", "folder/c.jpg", "folder/sub/0.jpg"}));
        QCOMPARE(run({"classify", m_dir.filePath("folder"), "--no-recursive"}).records().size(), size_t{3});
    }

    void listOnStandardInput() {
        const QByteArray list = m_good.toUtf8() + '\0' + m_bad.toUtf8() + '\0';
        const Result result = run({"classify", "-0", "-"}, list);
        QCOMPARE(result.status, 1);
        QCOMPARE(result.records().size(), size_t{2});
    }

    void theSwitch() {
        const auto on = run({"classify", m_good}).records(), off = run({"classify", m_good, "--logprobs", "off"}).records();
        QCOMPARE(off[0]["candidates"].size(), size_t{1});
        QVERIFY(off[0]["candidates"][0]["logprob"].is_null() && off[0]["entropy"].is_null());
        QVERIFY(off[0]["candidates"][0]["index"] == on[0]["candidates"][0]["index"]);
    }

    void topKIsClamped() {
        const auto records = run({"classify", m_good, "--top-k", "100"}).records();
        QCOMPARE(records[0]["candidates"].size(), size_t{85});
        double sum = 0;
        for (const json& candidate : records[0]["candidates"])
            sum += candidate["confidence"].get<double>();
        QVERIFY(std::abs(sum - 1) < 1e-4);
        QCOMPARE(run({"classify", m_good, "--top-k", "1"}).records()[0]["candidates"].size(), size_t{1});
    }

    void table() {
        const Result result = run({"classify", m_good, "--format", "table", "--top-k", "3"});
        QVERIFY2(result.status == 0, result.err);
        QCOMPARE(result.out.count('%'), 3);
    }

    void usageErrors_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        const QString good = QStringLiteral("GOOD");
        QTest::newRow("k=0") << QStringList{"classify", good, "--top-k", "0"} << 2 << "top-k";
        QTest::newRow("k=101") << QStringList{"classify", good, "--top-k", "101"} << 2 << "top-k";
        QTest::newRow("unknown option") << QStringList{"classify", good, "--bogus"} << 2 << "bogus";
        QTest::newRow("no command") << QStringList{} << 2 << "--help";
        QTest::newRow("no path") << QStringList{"classify"} << 2 << "PATH";
        QTest::newRow("device name") << QStringList{"classify", good, "--device", "tpu"} << 2 << "Unknown device";
        QTest::newRow("output is input") << QStringList{"classify", good, "--output", good} << 2 << "also an input";
        QTest::newRow("no cuda") << QStringList{"classify", good, "--device", "cuda"} << 3 << "CUDA cannot be used";
        QTest::newRow("no model") << QStringList{"classify", good, "--model", "/nonexistent"} << 3 << "no model";
        QTest::newRow("output place") << QStringList{"classify", good, "--output", "/nonexistent/x"} << 4 << "--output";
        QTest::newRow("disk full") << QStringList{"classify", good, "--output", "/dev/full"} << 4 << "free some space";
        QTest::newRow("help") << QStringList{"--help"} << 0 << "";
        QTest::newRow("version") << QStringList{"--version"} << 0 << "";
    }
    void usageErrors() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, says);
        if (says == "CUDA cannot be used" && QFile::exists("/dev/nvidia0"))
            QSKIP("this machine has an NVIDIA device");
        arguments.replaceInStrings(QStringLiteral("GOOD"), m_good);
        const auto before = readBytes(m_good.toStdString());
        const Result result = run(arguments);
        QVERIFY2(result.status == status, qPrintable(QStringLiteral("status %1: ").arg(result.status) + result.err));
        QVERIFY2(result.err.contains(says.toUtf8()), result.err);
        QVERIFY2(status == 0 || result.out.isEmpty(), result.out);
        QVERIFY(readBytes(m_good.toStdString()) == before);
    }

    void brokenModels() {
        const QString source = QStringLiteral(SHORTLIST_SOURCE_DIR "/resources/models/everyday/");
        const auto attempt = [&](const QString& name, const std::function<void(const QString&)>& prepare, const char* says) {
            const QString dir = m_dir.filePath(name) + '/';
            QVERIFY(QDir(m_dir.path()).mkpath(name));
            for (const char* file : {"config.json", "preprocessor_config.json", "model.safetensors"})
                QFile::copy(source + file, dir + file);
            prepare(dir);
            const Result result = run({"classify", m_good, "--model", dir});
            QCOMPARE(result.status, 3);
            QVERIFY2(result.err.contains(says), result.err);
            QVERIFY(result.out.isEmpty());
        };
        const auto edit = [](const QString& file, const char* key, json value) {
            const auto bytes = readBytes(file.toStdString());
            json config = json::parse(bytes);
            config[key] = std::move(value);
            const std::string text = config.dump();
            writeBytes(file.toStdString(), {text.begin(), text.end()});
        };
        attempt("no-weights", [](const QString& dir) { QFile::remove(dir + "model.safetensors"); }, "has no weights");
        attempt("misfit", [&](const QString& dir) { edit(dir + "config.json", "hidden_sizes", {32, 64, 128, 320}); }, "do not fit");
        attempt("huge", [&](const QString& dir) { edit(dir + "config.json", "depths", {2, 2, 2, 500}); }, "Missing");
        attempt("type", [&](const QString& dir) { edit(dir + "config.json", "depths", "two"); }, "depths");
        attempt("family", [&](const QString& dir) { edit(dir + "config.json", "model_type", "vit_mae"); }, "vit_mae");
        attempt("truncated", [](const QString& dir) { QFile(dir + "model.safetensors").resize(100000); }, "safetensors");
    }

    void interrupted() {
        const QString output = m_dir.filePath("interrupted.jsonl");
        QStringList arguments{"classify", "--output", output, "--batch", "1"};
        for (int i = 0; i < 4000; ++i)
            arguments << m_good;
        QProcess process;
        process.start(program(), arguments);
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(m_dir.path()).entryList({"interrupted.jsonl.part-*"}).isEmpty() &&
                                     QFileInfo(m_dir.filePath(QDir(m_dir.path()).entryList({"interrupted.jsonl.part-*"}).first())).size() > 0,
                                 60000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitCode(), 130);
        QFile file(output);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
        QVERIFY(lines.size() > 0 && lines.size() < 4000);
        for (const QByteArray& line : lines)
            QVERIFY(json::parse(line.toStdString())["status"] == "ok");
    }

    void csv() {
        const Result result = run({"classify", m_good, m_bad, "--format", "csv", "--top-k", "2", "--device", "cpu"});
        QCOMPARE(result.status, 1);
        const QList<QByteArray> lines = result.out.split('\n');
        QVERIFY(lines[0].startsWith("path,status,error_kind,error_message,width,height,entropy,margin,out_of_set,label_1,logprob_1,confidence_1,label_2"));
        QVERIFY(lines[0].endsWith("\r"));
        QVERIFY(lines[1].contains(",ok,,,24,16,"));
        QVERIFY(lines[2].contains(",failed,bad_image,"));
        for (int i = 0; i < 2; ++i)
            QCOMPARE(lines[1].count(','), lines[0].count(','));
    }

    // Large enough to be scaled while it is decoded; the geometry is the header's.
    void decodeModes() {
        QImage picture(1600, 1200, QImage::Format_RGB32);
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x)
                picture.setPixel(x, y, qRgb(x * 255 / 1600, y * 255 / 1200, (x / 200 + y / 200) % 2 * 255));
        const QString large = m_dir.filePath("large.jpg");
        QVERIFY(picture.save(large, "JPG", 92));
        const Result exact = run({"classify", large, "--decode", "exact", "--device", "cpu", "--format", "jsonl"});
        const Result automatic = run({"classify", large, "--device", "cpu", "--format", "jsonl"});
        const Result fast = run({"classify", large, "--decode", "fast", "--device", "cpu", "--format", "jsonl"});
        QCOMPARE(exact.status, 0);
        QVERIFY(exact.records()[0]["decode"] == "exact");
        QVERIFY(automatic.records()[0]["decode"] == "exact");  // the built-in model does not ask for more
        QVERIFY(fast.records()[0]["decode"] == "1/4");         // 300 >= 2 x 96
        QVERIFY(fast.records()[0]["width"] == 1600);
        QVERIFY(fast.records()[0]["height"] == 1200);
        const double a = exact.records()[0]["candidates"][0]["logprob"], b = fast.records()[0]["candidates"][0]["logprob"];
        QVERIFY2(std::fabs(a - b) < 0.2, qPrintable(QStringLiteral("%1 %2").arg(a).arg(b)));
    }

    // The model's own temperature counts unless another is given or it is left out; every record says which.
    void calibration() {
        const QString model = m_dir.filePath("calibrated");
        QVERIFY(QDir().mkpath(model));
        for (const char* name : {"config.json", "preprocessor_config.json", "model.safetensors"})
            QVERIFY(QFile::copy(QStringLiteral(SHORTLIST_SOURCE_DIR "/resources/models/everyday/") + name, model + "/" + name));
        const auto temperatureOf = [&](const QStringList& more) {
            const auto records = run(QStringList{"classify", m_good, "--model", model, "--device", "cpu", "--format", "jsonl"} + more).records();
            return records.empty() ? -1.0 : records[0]["temperature"].get<double>();
        };
        QCOMPARE(temperatureOf({}), 1.0);
        writeBytes((model + "/calibration.json").toStdString(), {'{', '"', 't', 'e', 'm', 'p', 'e', 'r', 'a', 't', 'u', 'r', 'e', '"', ':', '2', '}'});
        QCOMPARE(temperatureOf({}), 2.0);
        QCOMPARE(temperatureOf({"--no-calibration"}), 1.0);
        QCOMPARE(temperatureOf({"--temperature", "4"}), 4.0);
        writeBytes((model + "/calibration.json").toStdString(), {'{', '}'});
        const Result bad = run({"classify", m_good, "--model", model, "--device", "cpu"});
        QCOMPARE(bad.status, 3);
        QVERIFY(bad.err.contains("calibration.json"));
    }

    // The same bits whatever stands beside the image.
    void reproducible() {
        const auto candidatesOf = [&](const QStringList& paths) {
            return run(QStringList{"classify", "--reproducible", "--device", "cpu", "--format", "jsonl"} + paths).records().back()["candidates"];
        };
        const QString samples = QStringLiteral(SHORTLIST_SOURCE_DIR "/resources/samples/");
        const json alone = candidatesOf({samples + "temple.jpg"});
        QVERIFY(candidatesOf({samples + "cat.jpg", samples + "rocket.jpg", samples + "coffee.jpg", samples + "temple.jpg"}) == alone);
    }

    void outputAmongTheInputs() {
        QVERIFY(QDir(m_dir.path()).mkpath("own"));
        const QString inside = m_dir.filePath("own/photo.jpg");
        writeBytes(inside.toStdString(), smallJpeg());
        const Result result = run({"classify", m_dir.filePath("own"), "--output", inside, "--device", "cpu"});
        QCOMPARE(result.status, 2);
        QVERIFY(result.err.contains("is also an input"));
        QCOMPARE(readBytes(inside.toStdString()), smallJpeg());
    }

    void manualAndCompletions() {
        const Result man = run({"man"});
        QCOMPARE(man.status, 0);
        for (const char* option : {"\\-\\-decode", "\\-\\-reproducible", "\\-\\-format", "\\-\\-rounds", ".SS models info"})
            QVERIFY2(man.out.contains(option), option);
        for (const char* shell : {"bash", "zsh", "fish"}) {
            const QString file = run({"completion", shell}).out;
            QVERIFY(file.contains("shortlist-cli") && file.contains("info"));
        }
        QCOMPARE(run({"completion", "cmd"}).status, 2);
    }

    // Names with anything but a slash in them, very long ones too.
    void oddNames() {
        const QByteArray folder = m_dir.filePath("odd").toUtf8();
        QVERIFY(QDir().mkpath(folder));
        const QList<QByteArray> names = {"new\nline.jpg", "\"quotes' `$(x)`.jpg", "\x1b[31mred.jpg", "\xff\xfe not utf8.jpg", QByteArray(251, 'x') + ".jpg", "-rf.jpg", " .jpg"};
        QByteArray list;
        for (const QByteArray& name : names) {
            writeBytes((folder + "/" + name).toStdString(), smallJpeg());
            list += folder + "/" + name + '\0';
        }
        const Result result = run({"classify", "-0", "-", "--device", "cpu", "--format", "jsonl"}, list);
        QCOMPARE(result.status, 0);
        const auto records = result.records();
        QCOMPARE(records.size(), static_cast<size_t>(names.size()));
        QVERIFY(records[3].contains("path_b64"));
        QVERIFY(records[0]["path"].get<std::string>().ends_with("new\nline.jpg"));
        const Result table = run({"classify", QString::fromUtf8(folder), "--device", "cpu", "--format", "table"});
        QCOMPARE(table.status, 0);
        QVERIFY(!table.out.contains('\x1b'));  // nothing in a name reaches the terminal as a command
        const Result tooLong = run({"classify", "/" + QString(5000, 'y') + ".jpg", "--device", "cpu"});
        QCOMPARE(tooLong.status, 1);
        QCOMPARE(QString::fromStdString(tooLong.records()[0]["error"]["kind"].get<std::string>()), QStringLiteral("unreadable"));
    }

    void outputThroughALink() {
        const QString real = m_dir.filePath("real.jsonl"), link = m_dir.filePath("link.jsonl");
        writeBytes(real.toStdString(), {'o', 'l', 'd'});
        QVERIFY(QFile::link(real, link));
        QCOMPARE(run({"classify", m_good, "--output", link, "--device", "cpu"}).status, 0);
        QVERIFY(QFileInfo(link).isSymLink());
        QVERIFY(readBytes(real.toStdString()).size() > 100);
    }

    // A reader that goes away is nothing to complain about at length.
    void closedOutput() {
        QProcess process;
        process.start("sh", {"-c", program() + " classify " + m_good + " " + m_good + " --device cpu | true"});
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(QString::fromUtf8(process.readAllStandardError()), QString());
    }

    void bench() {
        const Result result = run({"bench", "--rounds", "1", "--images", "8", "--device", "cpu"});
        QVERIFY2(result.status == 0, result.err);
        const json report = json::parse(result.out.toStdString());
        QCOMPARE(report["switch"].size(), size_t{3});
        for (size_t i = 0; i < 3; ++i) {
            const json& row = report["switch"][i];
            QCOMPARE(row["k"].get<int>(), (std::array{1, 5, 20})[i]);
            QVERIFY(row["qps_on"]["median"].get<double>() > 0 && row["ratio"]["median"].get<double>() > 0);
            QVERIFY(row["topk_us_on"].get<double>() > 0 && row["eager"]["topk_us"].get<double>() > 0);
            for (const char* stage : {"decode", "preprocess", "model", "topk"})
                QVERIFY(row["stages_us"][stage].get<double>() > 0);
        }
    }

    void modelInfo() {
        const Result text = run({"models", "info", "everyday", "--device", "cpu"});
        QVERIFY2(text.status == 0 && text.out.contains("resnet (ResNetForImageClassification)"), text.err + text.out);
        const Result result = run({"models", "info", "everyday", "--device", "cpu", "--format", "json"});
        const json card = json::parse(result.out.toStdString());
        QCOMPARE(card["classes"].get<int>(), 85);
        QCOMPARE(card["labels"].size(), size_t{85});
        QCOMPARE(card["sha256"].get<std::string>().size(), size_t{64});
        QCOMPARE(card["licence"].get<std::string>(), std::string("apache-2.0"));
        QCOMPARE(card["input"]["width"].get<int>(), 96);
        const Result missing = run({"models", "info", m_dir.path(), "--device", "cpu"});
        QVERIFY2(missing.status == 3 && missing.err.contains("config.json"), missing.err);
        QCOMPARE(run({"models"}).status, 2);
    }

    void visionLanguage() {
        const QTemporaryDir model;
        writeVlmModel(model.path().toStdString(), readGolden("qwen2_vl.json")[0]);
        const QString labels = m_dir.filePath("labels.txt"), twice = m_dir.filePath("twice.txt");
        writeBytes(labels.toStdString(), bytesOf("cat | a cat\n# no more animals\n猫\nphoto\n"));
        writeBytes(twice.toStdString(), bytesOf("cat\ncat | dog\ndog\n"));
        const QStringList base = {"classify", m_good, "--device", "cpu", "--model", model.path()};
        const json closed = run(base + QStringList{"--labels", labels}).records().at(0);
        QCOMPARE(closed["candidates"].size(), size_t{3});
        double share = 0, mass = 0;
        for (const json& candidate : closed["candidates"]) {
            share += candidate["set_confidence"].get<double>(), mass += candidate["confidence"].get<double>();
            QVERIFY(candidate["mean_logprob"].get<double>() > candidate["logprob"].get<double>());
        }
        QVERIFY(std::fabs(share - 1) < 1e-5 && std::fabs(closed["out_of_set"].get<double>() - (1 - mass)) < 1e-5);
        QVERIFY(!closed["entropy"].is_null() && std::fabs(std::exp(closed["logsumexp"].get<double>()) - mass) < 1e-5);
        const json answer = run(base + QStringList{"--mode", "answer", "--prompt", "What?", "--max-tokens", "3", "--top-k", "2"}).records().at(0);
        QVERIFY(answer["answer"].is_string() && answer["tokens"].size() <= 3 && answer["tokens"][0]["top"].size() == 2);
        QVERIFY(answer["tokens"][0]["logprob"] == answer["tokens"][0]["top"][0]["logprob"]);
        const json off = run(base + QStringList{"--labels", labels, "--logprobs", "off"}).records().at(0);
        QVERIFY(off["candidates"].size() == 1 && off["candidates"][0]["set_confidence"].is_null() && off["out_of_set"].is_null());
        QVERIFY(off["candidates"][0]["label"] == closed["candidates"][0]["label"]);
        const auto refused = [&](const QStringList& more, const char* why) {
            const Result result = run(base + more);
            QVERIFY2(result.status == 2 && result.err.contains(why) && result.out.isEmpty(), result.err + result.out);
        };
        refused({}, "--labels");
        refused({"--labels", m_dir.filePath("none.txt")}, "cannot be read");
        refused({"--labels", twice}, "stands twice");
        writeBytes(twice.toStdString(), {});
        refused({"--labels", twice}, "is empty");
        refused({"--labels", labels, "--max-pixels", "10"}, "pixel limits");
        refused({"--labels", labels, "--prompt", QString("word ").repeated(600)}, "context of 512");
        refused({"--mode", "answer", "--top-p", "0"}, "--top-p");
        const Result classifier = run({"classify", m_good, "--device", "cpu", "--labels", labels});
        QVERIFY2(classifier.status == 2 && classifier.err.contains("is a classifier"), classifier.err);
        const Result info = run({"models", "info", model.path(), "--device", "cpu"});
        QVERIFY2(info.status == 0 && info.out.contains("qwen2_vl") && info.out.contains("area from"), info.err + info.out);
    }

  private:
    static std::vector<uint8_t> bytesOf(const char* text) { return {text, text + std::strlen(text)}; }

    QTemporaryDir m_dir;
    QString m_good, m_bad;
};

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
