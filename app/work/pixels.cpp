// SPDX-License-Identifier: Apache-2.0
#include "app/work/pixels.h"

#include <array>

#include "engine/decode.h"

namespace shortlist::app {
namespace {

// A PNG whose header says grey or colour with alpha.
bool hasAlpha(const std::vector<uint8_t>& bytes) {
    constexpr size_t kColourType = 25;
    constexpr std::array<uint8_t, 4> kMagic = {0x89, 'P', 'N', 'G'};
    return bytes.size() > kColourType && std::equal(kMagic.begin(), kMagic.end(), bytes.begin()) && (bytes[kColourType] & 4) != 0;
}

QImage decode(const std::vector<uint8_t>& bytes, int shortSide) {
    const engine::DecodedImage decoded = engine::decodeImage(bytes, {shortSide});
    if (hasAlpha(bytes)) {
        // The engine composes as the model sees it; the view shows what is transparent. Within the limits just checked.
        const QImage image = QImage::fromData(bytes.data(), static_cast<int>(bytes.size()), "PNG");
        if (image.width() == decoded.width && image.height() == decoded.height)
            return image.convertToFormat(QImage::Format_ARGB32_Premultiplied);
    }
    const QImage view(decoded.pixels.data(), decoded.width, decoded.height, 3 * static_cast<qsizetype>(decoded.width), QImage::Format_RGB888);
    return view.convertToFormat(QImage::Format_RGB32);
}

}  // namespace

QImage decodeForView(const ImageRef& image, int shortSide) {
    try {
        return decode(image.bytes ? *image.bytes : engine::readFile(image.path), shortSide);
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace shortlist::app
