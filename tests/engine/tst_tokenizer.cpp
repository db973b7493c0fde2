// SPDX-License-Identifier: Apache-2.0
// The tokenizer against the tokenizers package: a small trained vocabulary always, Qwen2's where SHORTLIST_QWEN2_TOKENIZER names its folder.
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "engine/error.h"
#include "engine/torch/text/pretokenizer.h"
#include "engine/torch/text/tokenizer.h"
#include "tests/support/goldens.h"
#include "tests/support/model_files.h"
#include "tests/support/qt_check.h"
#include "tests/support/token_strings.h"

using namespace shortlist;
using namespace shortlist::test;
using nlohmann::json;
using torch_backend::Tokenizer;

class TokenizerTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        m_golden = readGolden("tokenizer.json");
        m_strings = std::make_unique<TokenStrings>(readGolden("token_strings.json"));
    }

    void small() { compare(Tokenizer(m_golden["tokenizer"]), m_golden); }

    // Merges as pairs, and as two files: the same ids.
    void otherLayouts() {
        json pairs = m_golden["tokenizer"];
        const QTemporaryDir dir;
        std::ofstream merges(dir.filePath("merges.txt").toStdString());
        merges << "#version: 0.2\n";
        for (json& merge : pairs["model"]["merges"]) {
            const auto [left, right] = std::pair<std::string, std::string>(sides(merge));
            merges << left << ' ' << right << '\n';
            merge = merge.is_string() ? json::array({left, right}) : json(left + " " + right);
        }
        merges.close();
        writeJson(dir.filePath("vocab.json").toStdString(), pairs["model"]["vocab"]);
        json decoder;
        for (const json& token : pairs["added_tokens"])
            decoder[std::to_string(token["id"].get<int>())] = {{"content", token["content"]}, {"special", true}};
        writeJson(dir.filePath("tokenizer_config.json").toStdString(), {{"added_tokens_decoder", decoder}});
        const Tokenizer first(m_golden["tokenizer"]), second(pairs), third(dir.path().toStdString());
        for (uint32_t i = 0; i < 2000; ++i) {
            const std::string text = m_strings->at(i);
            QCOMPARE(second.encode(text), first.encode(text));
            QCOMPARE(third.encode(text), first.encode(text));
        }
    }

    void qwen2() {
        const QString folder = qEnvironmentVariable("SHORTLIST_QWEN2_TOKENIZER");
        if (!QFile::exists(folder + "/vocab.json"))
            QSKIP("SHORTLIST_QWEN2_TOKENIZER names no folder with Qwen2's vocab.json and merges.txt");
        const auto golden = readGolden("qwen2_tokenizer.json");
        const QTemporaryDir dir;
        for (const char* file : {"vocab.json", "merges.txt"})
            QVERIFY(QFile::link(folder + '/' + file, dir.filePath(file)));
        json decoder;
        for (const auto& [text, id] : golden["added"].items())
            decoder[std::to_string(id.get<int>())] = {{"content", text}, {"special", true}};
        writeJson(dir.filePath("tokenizer_config.json").toStdString(), {{"added_tokens_decoder", decoder}});
        const Tokenizer tokenizer(dir.path().toStdString());
        QCOMPARE(tokenizer.addedToken("<|image_pad|>"), 151655);
        compare(tokenizer, golden);
    }

    // Decoding gives back what was encoded, token by token too.
    void decoding() {
        const Tokenizer tokenizer(m_golden["tokenizer"]);
        for (uint32_t i = 0; i < 4000; ++i) {
            std::string valid;
            const std::string text = m_strings->at(i);
            for (size_t at = 0; at < text.size();)
                torch_backend::appendUtf8(valid, torch_backend::nextCodePoint(text, at));
            valid = torch_backend::nfc(valid);
            const auto ids = tokenizer.encode(text, true);
            QCOMPARE(tokenizer.decode(ids), valid);
            torch_backend::Utf8Stream stream;
            std::string streamed;
            for (const int32_t id : ids) {
                const std::string now = stream.add(tokenizer.bytesOf(id));
                QVERIFY2(QString::fromUtf8(now.data(), static_cast<qsizetype>(now.size())).toUtf8().toStdString() == now, "whole characters only");
                streamed += now;
            }
            QCOMPARE(streamed + stream.finish(), valid);
        }
        const int32_t end = tokenizer.addedToken("<|im_end|>");
        QVERIFY(end >= 0 && tokenizer.isSpecial(end));
        QCOMPARE(tokenizer.decode(tokenizer.encode("a cat<|im_end|>"), true), std::string("a cat"));
        QCOMPARE(tokenizer.encode("<|im_end|>"), std::vector<int32_t>{end});
        QVERIFY(tokenizer.encode("<|im_end|>", true).size() > 1);
        QVERIFY(tokenizer.encode("").empty());
        QVERIFY(tokenizer.bytesOf(-1).empty() && tokenizer.bytesOf(1 << 30).empty());
    }

    void brokenUtf8() {
        const auto repaired = [](const std::string& bytes) {
            torch_backend::Utf8Stream stream;
            const std::string text = stream.add(bytes);
            return QString::fromStdString(text + stream.finish());
        };
        const QString bad(QChar(0xFFFD));
        QCOMPARE(repaired("a\xFFz"), "a" + bad + "z");
        QCOMPARE(repaired("\xE2\x82"), bad);              // one maximal subpart
        QCOMPARE(repaired("\xE2\x82z"), bad + "z");
        QCOMPARE(repaired("\xED\xA0\x80"), bad + bad + bad);  // a surrogate: its second byte is no continuation
        QCOMPARE(repaired("\xF4\x90\x80\x80"), bad + bad + bad + bad);
        QCOMPARE(repaired("\xC0\x80"), bad + bad);
        torch_backend::Utf8Stream stream;
        QCOMPARE(stream.add("\xF0\x9F"), std::string());
        QCOMPARE(stream.add("\x99"), std::string());
        QCOMPARE(stream.add("\x82!"), std::string("\xF0\x9F\x99\x82!"));
    }

    // A run of a megabyte without a boundary ends in sensible time: the heap keeps it from being quadratic.
    void longPiece() {
        const Tokenizer tokenizer(m_golden["tokenizer"]);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!tokenizer.encode(std::string(1 << 20, 'a')).empty());
        QVERIFY(timer.elapsed() < 30000);
    }

    void refusals() {
        const auto refused = [&](const char* change, const char* why) {
            json tokenizer = m_golden["tokenizer"];
            tokenizer.merge_patch(json::parse(change));
            runBody([&] { checkThrows<engine::Error>([&] { Tokenizer{tokenizer}; }, why); });
        };
        refused(R"({"model":{"type":"Unigram"}})", "\"Unigram\"");
        refused(R"({"model":{"byte_fallback":true}})", "byte_fallback");
        refused(R"({"normalizer":{"type":"Lowercase"}})", "NFC is known");
        refused(R"({"pre_tokenizer":{"type":"ByteLevel","pretokenizers":null}})", "pre_tokenizer is not Qwen2's");
        refused(R"({"model":{"merges":["qq zz"]}})", "merge \"qq zz\"");
        refused(R"({"model":{"merges":[7]}})", "wrong type");
        refused(R"({"model":{"vocab":{"A":null}}})", "lacks a byte");
        refused(R"({"model":{"vocab":{"x":-5}}})", "out of range");
        refused(R"({"added_tokens":[{"id":1,"content":"<x>","lstrip":true}]})", "lstrip");
        runBody([] { checkThrows<engine::Error>([] { Tokenizer(std::string("/nowhere")); }, "has no tokenizer"); });
    }

  private:
    static std::pair<std::string, std::string> sides(const json& merge) {
        if (!merge.is_string())
            return {merge[0], merge[1]};
        const std::string text = merge;
        return {text.substr(0, text.find(' ')), text.substr(text.find(' ') + 1)};
    }

    void compare(const Tokenizer& tokenizer, const json& golden) const {
        const uint32_t block = golden["block"];
        int differing = 0;
        for (uint32_t b = 0; b < golden["blocks"].size(); ++b) {
            uint32_t value = 0x811C9DC5u;
            for (uint32_t i = b * block; i < (b + 1) * block; ++i)
                value = hashIds(value, tokenizer.encode(m_strings->at(i)));
            if (value != golden["blocks"][b].get<uint32_t>() && ++differing <= 10)
                qWarning("strings %u to %u differ", b * block, (b + 1) * block - 1);
        }
        QCOMPARE(differing, 0);
    }

    json m_golden;
    std::unique_ptr<TokenStrings> m_strings;
};

QTEST_GUILESS_MAIN(TokenizerTest)
#include "tst_tokenizer.moc"
