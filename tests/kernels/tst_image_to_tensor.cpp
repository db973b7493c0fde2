// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "tests/support/goldens.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::test;

namespace {

void runOnCpu(const kernels::ImageToTensorArgs& args, void* out) {
    kernels::imageToTensor(args, out, {});
}

}  // namespace

class ImageToTensorTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstPillow_data() {
        QTest::addColumn<int>("index");
        const auto cases = resizeCases();
        for (size_t i = 0; i < cases.size(); ++i) {
            const ResizeCase& c = cases[i];
            QTest::addRow("cpu/filter=%d/%dx%d-to-%dx%d/window=%d,%d,%d,%d", static_cast<int>(c.filter), c.width, c.height,
                          c.resizeWidth, c.resizeHeight, c.x, c.y, c.outWidth, c.outHeight)
                << static_cast<int>(i);
        }
        QVERIFY(cases.size() >= 20);
    }
    void againstPillow() {
        QFETCH(int, index);
        const ResizeCase c = resizeCases()[static_cast<size_t>(index)];
        // The arithmetic is Pillow's own: no level may differ where Pillow resizes in the same order.
        for (const auto layout : {kernels::Layout::Nchw, kernels::Layout::Nhwc})
            for (const auto type : {kernels::DType::F32, kernels::DType::F16, kernels::DType::BF16})
                runBody([&] { runResizeCase(c, layout, type, runOnCpu); });
    }

    void patches() {
        for (const PatchesCase& c : patchesCases())
            for (const auto type : {kernels::DType::F32, kernels::DType::F16, kernels::DType::BF16})
                runBody([&] { runPatchesCase(c, type, runOnCpu); });
    }

    void refusals() {
        const std::vector<uint8_t> pixels(300, 7);
        const kernels::ImageSource image{pixels.data(), 10, 10, 30, 4, 4, 0, 0};
        std::vector<float> out(48);
        const auto refused = [&](auto change, const char* text) {
            kernels::ImageSource source = image;
            kernels::ImageToTensorArgs args;
            args.images = &source;
            args.count = 1;
            args.out_width = args.out_height = 4;
            change(args, source);
            runBody([&] { checkThrows<kernels::Error>([&] { kernels::imageToTensor(args, out.data(), {}); }, text); });
        };
        refused([](auto& a, auto&) { a.count = -1; }, "count");
        refused([](auto& a, auto&) { a.out_width = 0; }, "out_width");
        refused([](auto& a, auto&) { a.std[1] = 0; }, "std");
        refused([](auto& a, auto&) { a.images = nullptr; }, "images");
        refused([](auto&, auto& s) { s.pixels = nullptr; }, "pixels");
        refused([](auto&, auto& s) { s.row_stride = 29; }, "row_stride");
        refused([](auto&, auto& s) { s.resize_height = 0; }, "resize_height");
        refused([](auto&, auto& s) { s.width = 0; }, "width");
        refused([](auto&, auto& s) { s.crop_x = INT32_MIN; }, "crop_x");
        const auto patches = [](auto& a) {
            a.layout = kernels::Layout::Patches;
            a.patch = 2;
        };
        refused([&](auto& a, auto& s) { patches(a), s.resize_width = 6; }, "multiple of patch * merge");
        refused([&](auto& a, auto& s) { patches(a), s.crop_y = 1; }, "without a crop");
        refused([&](auto& a, auto&) { patches(a), a.patch = 0; }, "patch is outside");
    }

    // A window that touches the image nowhere is all padding.
    void windowOutside() {
        const std::vector<uint8_t> pixels(300, 200);
        const kernels::ImageSource source{pixels.data(), 10, 10, 30, 4, 4, 100, -50};
        kernels::ImageToTensorArgs args;
        args.images = &source;
        args.count = 1;
        args.out_width = args.out_height = 4;
        std::vector<float> out(48, 9.0f);
        runOnCpu(args, out.data());
        for (const float value : out)
            QCOMPARE(value, 0.0f);
    }
};

QTEST_GUILESS_MAIN(ImageToTensorTest)
#include "tst_image_to_tensor.moc"
