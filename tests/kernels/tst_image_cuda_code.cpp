// SPDX-License-Identifier: Apache-2.0
// The CUDA kernel's own code, block by block on the host. What a card adds is shown by `shortlist-selftest --device cuda`.
#include <QTest>

#include "tests/support/cuda_emulation.h"

namespace shortlist::kernels {
namespace {
alignas(16) unsigned char imageDynamicShared[48 << 10];
}
}  // namespace shortlist::kernels

#include "kernels/cuda/image_kernel.cuh"
#include "tests/support/goldens.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::kernels;
using namespace shortlist::test;

namespace {

template <bool kPlain>
void runEmulated(const ImageToTensorArgs& args, void* out) {
    int64_t begin = 0;
    const ImageLaunch launch = nextLaunch(args, 0, begin);
    emulation::Block block({kImageThreads, 1, 1}, [&] { imageKernel<kPlain>(launch.batch, out); });
    for (unsigned image = 0; image < launch.count; ++image)
        for (unsigned y = 0; y < launch.tilesY; ++y)
            for (unsigned x = 0; x < launch.tilesX; ++x) {
                std::memset(imageDynamicShared, 0xa5, sizeof(imageDynamicShared));
                block.run({x, y, image});
            }
}

// The form that a launch takes.
void runAsLaunched(const ImageToTensorArgs& args, void* out) {
    int64_t begin = 0;
    nextLaunch(args, 0, begin).plain ? runEmulated<true>(args, out) : runEmulated<false>(args, out);
}

}  // namespace

class ImageCudaCodeTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstPillow_data() {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < resizeCases().size(); ++i)
            QTest::addRow("emulated/%zu", i) << static_cast<int>(i);
    }
    void againstPillow() {
        QFETCH(int, index);
        const ResizeCase c = resizeCases()[static_cast<size_t>(index)];
        QVERIFY(sizeof(ImageShared) <= sizeof(imageDynamicShared));
        for (const auto layout : {Layout::Nchw, Layout::Nhwc})
            for (const auto type : {DType::F32, DType::F16, DType::BF16}) {
                runBody([&] { runResizeCase(c, layout, type, runAsLaunched); });
                runBody([&] { runResizeCase(c, layout, type, runEmulated<true>); });
            }
    }

    void patches() {
        for (const PatchesCase& c : patchesCases())
            for (const auto type : {DType::F32, DType::BF16})
                runBody([&] { runPatchesCase(c, type, runEmulated<false>); });
    }

    // Both forms agree where no golden is: many taps a pixel, several chunks of rows, several tiles.
    void formsAgree() {
        for (const Filter filter : {Filter::Bilinear, Filter::Bicubic, Filter::Nearest, Filter::Box, Filter::Hamming, Filter::Lanczos}) {
            const std::vector<uint8_t> pixels = hashImage(5, 433, 371);
            const ImageSource source{pixels.data(), 433, 371, 3 * 433, 40, 19, -3, -1};
            ImageToTensorArgs args;
            args.images = &source;
            args.count = 1;
            args.out_width = 45;
            args.out_height = 21;
            args.filter = filter;
            if (filter != Filter::Lanczos)
                QVERIFY(mostTaps(filter, 433, 40) <= kMaxTableTaps);
            std::vector<float> tiled(3 * 45 * 21), plain(tiled.size()), cpu(tiled.size());
            runEmulated<false>(args, tiled.data());
            runEmulated<true>(args, plain.data());
            imageToTensor(args, cpu.data(), {});
            QCOMPARE(tiled, plain);
            for (size_t i = 0; i < cpu.size(); ++i)
                QVERIFY(std::fabs(cpu[i] - tiled[i]) <= 1e-6f);
        }
    }
};

QTEST_GUILESS_MAIN(ImageCudaCodeTest)
#include "tst_image_cuda_code.moc"
