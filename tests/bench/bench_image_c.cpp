// SPDX-License-Identifier: Apache-2.0
// image_to_tensor as one C function, so that bench_image.py can time it beside Pillow in one process.
#include <cstdio>

#include "kernels/image_to_tensor.h"

// RGB [height, width, 3] -> fp32 [out_height, out_width, 3]; returns 0, or 1 with the reason on stderr.
extern "C" __attribute__((visibility("default"))) int bench_image_to_tensor(const uint8_t* pixels, int width, int height, int resizeWidth,
                                                                            int resizeHeight, int cropX, int cropY, int outWidth, int outHeight,
                                                                            int bicubic, const float* mean, const float* std, float* out) {
    using namespace shortlist::kernels;
    const ImageSource source{pixels, width, height, 3 * static_cast<int64_t>(width), resizeWidth, resizeHeight, cropX, cropY};
    ImageToTensorArgs args;
    args.images = &source;
    args.count = 1;
    args.out_width = outWidth;
    args.out_height = outHeight;
    args.filter = bicubic ? Filter::Bicubic : Filter::Bilinear;
    args.layout = Layout::Nhwc;
    for (int c = 0; c < 3; ++c) {
        args.mean[c] = mean[c];
        args.std[c] = std[c];
    }
    try {
        imageToTensor(args, out, {});
        return 0;
    } catch (const Error& error) {
        std::fprintf(stderr, "bench_image: %s\n", error.what());
        return 1;
    }
}
