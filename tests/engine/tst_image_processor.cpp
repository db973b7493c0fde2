// SPDX-License-Identifier: Apache-2.0
// Preprocessing of the sample photographs against the processors of transformers and the transforms of timm: the values where they
// were sampled, and the mean of each channel.
#include <QTest>

#include "engine/decode.h"
#include "engine/torch/models/image_processor.h"
#include "tests/support/goldens.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::test;
using torch_backend::ImageProcessor;

namespace {

std::vector<float> processed(const ImageProcessor& processor, const engine::DecodedImage& image) {
    const kernels::ImageSource source =
        processor.place({image.pixels.data(), image.width, image.height, 3 * static_cast<int64_t>(image.width), image.full_width, image.full_height});
    kernels::ImageToTensorArgs args = processor.args();
    args.images = &source;
    args.count = 1;
    args.layout = kernels::Layout::Nchw;  // as the goldens
    std::vector<float> values(static_cast<size_t>(kernels::imageToTensorSize(args)));
    kernels::imageToTensor(args, values.data(), {});
    return values;
}

// Bounds are in levels of 255: 2 anywhere, 0.2 for the mean; one level is `step` of a channel's values.
void compare(const nlohmann::json& golden) {
    std::vector<std::string> notes;
    const ImageProcessor processor(golden["preprocessor"], golden["config"], notes);
    check(notes.empty(), "nothing had to be assumed");
    check(golden["shape"] == nlohmann::json({3, processor.height(), processor.width()}), "the input's size");
    const auto image = engine::decodeImage(engine::readFile(SHORTLIST_SOURCE_DIR "/resources/samples/" + golden["file"].get<std::string>()));
    const std::vector<float> values = processed(processor, image);
    const size_t plane = values.size() / 3;
    const kernels::ImageToTensorArgs args = processor.args();
    for (size_t i = 0; i < golden["places"].size(); ++i) {
        const size_t place = golden["places"][i];
        const double step = args.rescale / args.std[place / plane];
        const double levels = std::fabs(values[place] - golden["values"][i].get<double>()) / step;
        check(levels <= 2.05, "element " + std::to_string(place) + " is " + std::to_string(levels) + " levels off");
    }
    for (size_t c = 0; c < 3; ++c) {
        double sum = 0;
        for (size_t i = 0; i < plane; ++i)
            sum += values[c * plane + i];
        const double levels = std::fabs(sum / static_cast<double>(plane) - golden["mean"][c].get<double>()) / (args.rescale / args.std[c]);
        check(levels <= 0.2, "the mean of channel " + std::to_string(c) + " is " + std::to_string(levels) + " levels off");
    }
}

}  // namespace

class ImageProcessorTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstReference_data() {
        QTest::addColumn<int>("index");
        const auto goldens = readGolden("preprocessing.json");
        for (size_t i = 0; i < goldens.size(); ++i)
            QTest::newRow(goldens[i]["name"].get<std::string>().c_str()) << static_cast<int>(i);
    }
    void againstReference() {
        QFETCH(int, index);
        runBody([&] { compare(readGolden("preprocessing.json")[static_cast<size_t>(index)]); });
    }

    void absentFile() {
        std::vector<std::string> notes;
        const ImageProcessor processor(nullptr, nlohmann::json::object(), notes);
        QCOMPARE(notes.size(), size_t{1});
        QCOMPARE(processor.width(), 224);
        QCOMPARE(processor.plan().resize_width, 256);
    }

    void refusals() {
        const auto refused = [](const char* preprocessor, const char* config, const char* why) {
            runBody([&] {
                checkThrows<engine::Error>([&] { std::vector<std::string> notes; ImageProcessor(nlohmann::json::parse(preprocessor), nlohmann::json::parse(config), notes); }, why);
            });
        };
        refused("7", "{}", "no JSON object");
        refused(R"({"size":0})", "{}", "a side from 1 to 4096");
        refused(R"({"size":99999})", "{}", "a side from 1 to 4096");
        refused(R"({"size":{"shortest_edge":256},"do_center_crop":false})", "{}", "no fixed input size");
        refused(R"({"resample":9})", "{}", "resample 9");
        refused(R"({"image_mean":[0.5]})", "{}", "three numbers");
        refused(R"({"image_processor_type":"ConvNextImageProcessor","size":224,"crop_pct":2})", "{}", "crop_pct");
        refused("null", R"({"pretrained_cfg":{"input_size":[1,28,28]}})", "[3, height, width]");
        refused("null", R"({"pretrained_cfg":{"crop_mode":"mirror"}})", "mirror");
        refused("null", R"({"pretrained_cfg":{"interpolation":"random"}})", "random");
    }
};

QTEST_GUILESS_MAIN(ImageProcessorTest)
#include "tst_image_processor.moc"
