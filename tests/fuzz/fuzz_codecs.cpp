// SPDX-License-Identifier: Apache-2.0
// PNG, BMP, WebP and PNM by their magic: our header readers before OpenCV's decoders.
#include "engine/image/sniff.h"
#include "tests/fuzz/fuzz_decode.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace shortlist::engine;
    return shortlist::test::decodeOrRefuse(data, size, [](std::span<const uint8_t> bytes) {
        const ImageFormat format = sniff(bytes);
        if (format == ImageFormat::Png || format == ImageFormat::Bmp || format == ImageFormat::Webp || format == ImageFormat::Pnm)
            decodeImage(bytes);
    });
}
