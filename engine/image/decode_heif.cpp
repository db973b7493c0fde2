// SPDX-License-Identifier: Apache-2.0
// HEIC and AVIF through libheif, where it was found when the program was built. libheif applies the orientation itself.
#include <libheif/heif.h>

#include <algorithm>
#include <memory>

#include "engine/image/decoders.h"

namespace shortlist::engine {
namespace {

void require(const heif_error& error) {
    if (error.code == heif_error_Ok)
        return;
    const std::string reason = error.message ? error.message : "it is damaged";
    throw Error(ErrorKind::BadImage, "The HEIF image cannot be decoded: " + reason.substr(0, reason.find('\n')) + ".");
}

template <typename T, void (*release)(T*)>
struct Releaser {
    void operator()(T* value) const { release(value); }
};
using Context = std::unique_ptr<heif_context, Releaser<heif_context, heif_context_free>>;
void releaseHandle(heif_image_handle* handle) { heif_image_handle_release(handle); }
void releaseImage(heif_image* image) { heif_image_release(image); }

}  // namespace

DecodedImage decodeHeif(std::span<const uint8_t> bytes) {
    const Context context(heif_context_alloc());
    require(heif_context_read_from_memory_without_copy(context.get(), bytes.data(), bytes.size(), nullptr));
    heif_image_handle* handle = nullptr;
    require(heif_context_get_primary_image_handle(context.get(), &handle));
    const std::unique_ptr<heif_image_handle, Releaser<heif_image_handle, releaseHandle>> ownedHandle(handle);
    checkSize(heif_image_handle_get_width(handle), heif_image_handle_get_height(handle));
    heif_image* picture = nullptr;
    require(heif_decode_image(handle, &picture, heif_colorspace_RGB, heif_chroma_interleaved_RGB, nullptr));
    const std::unique_ptr<heif_image, Releaser<heif_image, releaseImage>> ownedPicture(picture);
    int pitch = 0;
    const uint8_t* plane = heif_image_get_plane_readonly(picture, heif_channel_interleaved, &pitch);
    DecodedImage image;
    image.width = heif_image_get_width(picture, heif_channel_interleaved);
    image.height = heif_image_get_height(picture, heif_channel_interleaved);
    checkSize(image.width, image.height);
    if (!plane)
        throw Error(ErrorKind::BadImage, "The HEIF image holds no pixels.");
    const auto row = static_cast<std::ptrdiff_t>(image.width) * 3;
    image.pixels.resize(static_cast<size_t>(row) * static_cast<size_t>(image.height));
    for (std::ptrdiff_t y = 0; y < image.height; ++y)
        std::copy_n(plane + y * pitch, row, image.pixels.begin() + y * row);
    return image;
}

}  // namespace shortlist::engine
