// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <fstream>

#include "engine/error.h"
#include "engine/torch/weights/model_directory.h"
#include "engine/torch/weights/safetensors.h"
#include "tests/support/goldens.h"
#include "tests/support/qt_check.h"
#include "tests/support/safetensors_mutants.h"

using namespace shortlist;
using namespace shortlist::test;
using torch_backend::parseSafetensorsHeader;

namespace {

void refused(const std::string& header, size_t bytes, const std::string& why) {
    runBody([&] { checkThrows<engine::Error>([&] { parseSafetensorsHeader(header, bytes); }, why); });
}

void writeText(const QString& path, const std::string& text) { std::ofstream(path.toStdString(), std::ios::binary) << text; }

std::string fileWith(const std::string& header, size_t dataBytes) {
    std::string file(8, '\0');
    const uint64_t length = header.size();
    std::memcpy(file.data(), &length, 8);
    return file + header + std::string(dataBytes, '\1');
}

}  // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void goodHeader() {
        const auto tensors = parseSafetensorsHeader(
            R"({"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2,3],"data_offsets":[4,28]},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"e":{"dtype":"F32","shape":[0],"data_offsets":[28,28]}}  )", 28);
        QCOMPARE(tensors.size(), size_t{3});
        QCOMPARE(tensors.at("b").begin, size_t{4});
        QVERIFY((tensors.at("b").shape == std::vector<int64_t>{2, 3}));
        QCOMPARE(parseSafetensorsHeader("{}", 0).size(), size_t{0});
    }

    void rules() {
        refused("", 0, "JSON");
        refused("7", 0, "no object");
        refused(std::string("{}\0", 3), 0, "zero byte");
        refused("{", 0, "JSON");
        refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "twice");
        refused(R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "twice");
        refused(R"({"a":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}})", 4, "unknown dtype");
        refused(R"({"a":{"dtype":"F32","shape":[1]}})", 4, "lacks");
        refused(R"({"a":7})", 4, "lacks");
        refused(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4, "no size");
        refused(R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", 4, "no size");
        refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4, "offsets");
        refused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4, "does not fit its shape");
        refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4, "does not fit its shape");
        refused(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0, "overflows");
        refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8, "hole");
        refused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", 12, "overlap");
        refused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4, "truncated");
        refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 8, "left over");
        refused(R"({"__metadata__":{"a":1}})", 0, "__metadata__");
    }

    // The verdict of the reference reader on 100,000 damaged files; a duplicate key, which it takes, is refused here.
    void mutants() {
        const auto golden = readGolden("safetensors.json");
        const std::vector<uint8_t> accepted = fromBase64(golden["accepted"]);
        const uint32_t count = golden["count"];
        int differing = 0, taken = 0;
        for (uint32_t i = 0; i < count; ++i) {
            const bool reference = accepted[i / 8] >> i % 8 & 1;
            std::string why;
            try {
                torch_backend::readSafetensorsHeader(safetensorsMutant(golden, i));
            } catch (const engine::Error& error) {
                why = error.what();
            }
            taken += why.empty();
            if (why.empty() == reference || why.find("stands twice") != std::string::npos)
                continue;
            if (++differing <= 10)
                qWarning("mutant %u: the reference %s it, here: %s", i, reference ? "takes" : "refuses", why.c_str());
        }
        QCOMPARE(differing, 0);
        QVERIFY(taken > 1000);
    }

    void files() {
        const QTemporaryDir dir;
        const QString path = dir.filePath("model.safetensors");
        const auto refusedFile = [&](const std::string& content, const std::string& why) {
            writeText(path, content);
            runBody([&] { checkThrows<engine::Error>([&] { torch_backend::SafetensorsFile(path.toStdString()); }, why); });
        };
        refusedFile("", "too short");
        refusedFile("1234567", "too short");
        refusedFile(std::string("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10), "longer than the file");
        refusedFile(fileWith(R"({"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})", 8), "truncated");
        writeText(path, fileWith(R"({"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})", 9));
        const torch_backend::SafetensorsFile file(path.toStdString());
        QCOMPARE(file.bytes(file.tensors().at("a")).size(), size_t{9});
        QCOMPARE(file.bytes(file.tensors().at("a"))[8], uint8_t{1});
        runBody([&] { checkThrows<engine::Error>([&] { torch_backend::SafetensorsFile("/nonexistent/x"); }, "cannot be opened"); });
    }

    void modelDirectories() {
        const QTemporaryDir dir;
        const auto refusedDirectory = [&](const std::string& why) {
            runBody([&] { checkThrows<engine::Error>([&] { torch_backend::readModelDirectory(dir.path().toStdString()); }, why); });
        };
        refusedDirectory("config.json");
        writeText(dir.filePath("config.json"), "{");
        refusedDirectory("no valid JSON");
        writeText(dir.filePath("config.json"), "{}");
        refusedDirectory("no weights");
        writeText(dir.filePath("pytorch_model.bin"), "x");
        refusedDirectory("pickle");
        writeText(dir.filePath("model.safetensors.index.json"), R"({"weight_map":{"a":"../../etc/passwd"}})");
        refusedDirectory("no bare file name");
        writeText(dir.filePath("model.safetensors.index.json"), R"({"weight_map":{"a":"2.safetensors","b":"1.safetensors"}})");
        QCOMPARE(torch_backend::readModelDirectory(dir.path().toStdString()).weight_files.front(), dir.filePath("1.safetensors").toStdString());
    }

    void labels() {
        using nlohmann::json;
        const auto labels = torch_backend::readLabels(json::parse(R"({"id2label":{"1":"b","0":"a"}})"));
        QCOMPARE(labels, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(torch_backend::readLabels(json::parse(R"({"num_labels":2})"))[1], std::string("class 1"));
        for (const char* bad : {R"({"id2label":{"0":"a","2":"b"}})", R"({"id2label":{"x":"a"}})", "{}", R"({"num_labels":99999999})"})
            runBody([&] { checkThrows<engine::Error>([&] { torch_backend::readLabels(json::parse(bad)); }, "config.json"); });
    }
};

QTEST_GUILESS_MAIN(SafetensorsTest)
#include "tst_safetensors.moc"
