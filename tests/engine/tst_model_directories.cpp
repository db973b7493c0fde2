// SPDX-License-Identifier: Apache-2.0
// Model directories that are odd but legal, and those that are refused, through the real libtorch module.
#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <limits>

#include "tests/support/goldens.h"
#include "tests/support/logits.h"
#include "tests/support/model_files.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::test;
using nlohmann::json;

class ModelDirectoriesTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        for (const auto& golden : readGolden("resnet.json"))
            if (golden["name"] == "timm/resnet18")
                m_golden = golden;
        QVERIFY(!m_golden.is_null());
        m_tensors = goldenTensors(m_golden);
    }
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        writeGoldenModel(path(), m_golden);
    }

    void shards() {
        const size_t half = m_tensors.size() / 2;
        json map;
        for (size_t i = 0; i < m_tensors.size(); ++i)
            map[m_tensors[i].name] = i < half ? "one.safetensors" : "two.safetensors";
        const auto middle = m_tensors.begin() + static_cast<std::ptrdiff_t>(half);
        writeSafetensors(path("one.safetensors"), {m_tensors.begin(), middle});
        writeSafetensors(path("two.safetensors"), {middle, m_tensors.end()});
        writeJson(path("model.safetensors.index.json"), {{"weight_map", map}});
        QFile::remove(m_dir->filePath("model.safetensors"));
        runBody([&] { checkLogits(logits(), expected()); });
        QCOMPARE(open()->info().weight_files.size(), size_t{2});
    }

    void otherNumberTypes_data() {
        QTest::addColumn<int>("type");
        QTest::newRow("stored as bf16") << static_cast<int>(Stored::BF16);
        QTest::newRow("stored as fp16") << static_cast<int>(Stored::F16);
    }
    // Half as wide in the file, computed in fp32: as if the rounded numbers had been stored in fp32.
    void otherNumberTypes() {
        QFETCH(int, type);
        const auto stored = static_cast<Stored>(type);
        std::vector<NamedTensor> rounded = m_tensors;
        for (NamedTensor& tensor : rounded)
            for (float& value : tensor.values)
                value = stored == Stored::BF16 ? kernels::bf16ToFloat(kernels::floatToBf16(value)) : kernels::halfToFloat(kernels::floatToHalf(value));
        writeSafetensors(path("model.safetensors"), rounded);
        runBody([&] {
            const auto wanted = logits();
            writeSafetensors(path("model.safetensors"), m_tensors, stored);
            check(logits() == wanted, "the same bits");
            check(open()->info().dtype == "fp32", "computed in fp32");
        });
    }
    void fp16OnCpu() {
        runBody([&] {
            const auto backend = open("fp16");
            check(backend->info().dtype == "fp32" && !backend->info().notes.empty(), "fp32 with a note");
            checkLogits(logitsOf(*backend, image().view()), expected());
        });
    }

    void names() {
        json config = m_golden["config"];
        config["architecture"] = "resnet18.a1_in1k";
        config["model_type"] = "timm_wrapper";
        config["label_names"] = json::array();
        for (int i = 0; i < 12; ++i)
            config["label_names"].push_back("n0" + std::to_string(i));
        config["label_descriptions"] = {{"n03", "a described one"}};
        writeJson(path("config.json"), config);
        std::vector<NamedTensor> prefixed = m_tensors;
        for (NamedTensor& tensor : prefixed)
            tensor.name = "timm_model." + tensor.name;
        writeSafetensors(path("model.safetensors"), prefixed);
        std::ofstream(path("README.md")) << "---\nlicense: cc-by-4.0\n---\n# A model\n";
        runBody([&] {
            const auto backend = open();
            const engine::ModelInfo& info = backend->info();
            checkLogits(logitsOf(*backend, image().view()), expected());
            check(info.family == "resnet" && info.architecture == "resnet18.a1_in1k" && info.licence == "cc-by-4.0", "what it is");
            check(info.labels[3] == "a described one" && info.labels[4] == "n04", "labels with their descriptions");
        });
    }

    void nothingSaid() {
        QFile::remove(m_dir->filePath("preprocessor_config.json"));
        runBody([&] {
            const auto backend = open();
            const engine::ModelInfo& info = backend->info();
            check(info.input_width == 224 && info.notes.size() == 1, "documented defaults, with a note");
            check(info.labels[11] == "class 11", "labels that are absent");
        });
    }

    void multiLabel() {
        json config = m_golden["config"];
        config["problem_type"] = "multi_label_classification";
        writeJson(path("config.json"), config);
        runBody([&] {
            const auto backend = open();
            engine::ScoreOptions options;
            options.top_k = 12;
            options.inv_temperature = 0.5f;
            const HashImage pixels = image();
            const engine::PreparedImage whole = pixels.view();
            const engine::ScoreRows rows = backend->classify({&whole, 1}, options, {});
            check(backend->info().sigmoid && std::isnan(rows.entropy[0]) && std::isnan(rows.logsumexp[0]), "no distribution over the classes");
            const auto wanted = expected();
            for (size_t j = 0; j < 12; ++j) {
                const double s = wanted[static_cast<size_t>(rows.ids[j])] * 0.5;
                check(std::fabs(rows.logprobs[j] + std::log1p(std::exp(-s))) <= 1e-3, "log(sigmoid(logit / T))");
                check(j == 0 || rows.logprobs[j] <= rows.logprobs[j - 1], "best first");
            }
        });
    }

    void notANumber() {
        m_tensors.back().values[0] = std::numeric_limits<float>::quiet_NaN();
        writeSafetensors(path("model.safetensors"), m_tensors);
        m_tensors = goldenTensors(m_golden);
        const HashImage pixels = image();
        const engine::PreparedImage view = pixels.view();
        for (const bool logprobs : {true, false}) {
            engine::ScoreOptions options;
            options.logprobs = logprobs;
            QCOMPARE(open()->classify({&view, 1}, options, {}).nonfinite[0], uint8_t{1});
        }
    }

    void refusals() {
        const auto refused = [&](const char* change, const char* why) {
            json config = m_golden["config"];
            config.merge_patch(json::parse(change));
            writeJson(path("config.json"), config);
            runBody([&] { checkThrows<engine::Error>([&] { open(); }, why); });
        };
        refused(R"({"architecture":"vgg16"})", "\"vgg16\" of config.json is not supported. Supported families: resnet");
        refused(R"({"architecture":null,"model_type":"llama"})", "The model type \"llama\"");
        refused(R"({"architecture":null})", "neither a model_type nor an architecture");
        refused(R"({"num_classes":13})", "Of another shape: fc.bias is F32 [12], the config asks for [13], fc.weight is F32 [12, 32], the config asks for [13, 32]");
        refused(R"({"num_classes":13,"label_names":["a","b"]})", "states 13 classes and names 2");
        refused(R"({"num_classes":-1})", "num_classes in config.json is -1");
        refused(R"({"num_classes":1})", "fewer than two classes");
        refused(R"({"problem_type":"regression"})", "answers with numbers");
        refused(R"({"model_args":{"layers":[1,2,1,2]}})", "Missing: layer4.1.conv1.weight");
        refused(R"({"model_args":{"layers":[1,1,1,1]}})", "Unexpected: layer2.1.bn1.bias");
        refused(R"({"model_args":{"layers":"many"}})", "no list of 1 to 64 numbers");
        refused(R"({"model_args":{"channels":[8,16,24,99999]}})", "a whole number from 1 to 16384");
        refused(R"({"architecture":"resnet34d"})", "Missing: conv1.0.weight");
    }

    // Nothing of the size that the config claims is allocated, and the answer comes at once.
    void lyingSizes() {
        json config = m_golden["config"];
        config["model_args"]["channels"] = {16384, 16384, 16384, 16384};
        config["model_args"]["layers"] = {512, 512, 512, 512};
        writeJson(path("config.json"), config);
        QElapsedTimer timer;
        timer.start();
        runBody([&] { checkThrows<engine::Error>([&] { open(); }, "The weights do not fit config.json."); });
        QVERIFY(timer.elapsed() < 20000);
    }

    void pickles() {
        QFile::rename(m_dir->filePath("model.safetensors"), m_dir->filePath("pytorch_model.bin"));
        runBody([&] { checkThrows<engine::Error>([&] { open(); }, "Convert them with: packaging/convert_model.py '" + path() + "' '" + path() + "-safetensors'"); });
    }

  private:
    std::string path(const char* name = "") const { return name[0] ? m_dir->filePath(QString::fromLatin1(name)).toStdString() : m_dir->path().toStdString(); }
    std::unique_ptr<engine::Backend> open(const char* dtype = "fp32") const {
        std::string note;
        return engine::makeBackend({path(), "cpu", dtype, 0}, note);
    }
    HashImage image() const { return {m_golden["seeds"][0], m_golden["size"][0], m_golden["size"][1]}; }
    std::vector<double> logits() const {
        const auto backend = open();
        return logitsOf(*backend, image().view());
    }
    std::vector<double> expected() const { return m_golden["logits"][0].get<std::vector<double>>(); }

    json m_golden;
    std::vector<NamedTensor> m_tensors;
    std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(ModelDirectoriesTest)
#include "tst_model_directories.moc"
