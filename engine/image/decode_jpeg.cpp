// SPDX-License-Identifier: Apache-2.0
// libjpeg API of libjpeg-turbo. Errors and a premature end refuse the image, other warnings are counted.
#include <algorithm>
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs FILE
#include <cstring>

#include <jpeglib.h>
#include <jerror.h>

#include "engine/image/decoders.h"
#include "engine/image/orientation.h"

namespace shortlist::engine {
namespace {

constexpr int kMaxScans = 100;
constexpr std::string_view kExifHeader{"Exif\0\0", 6};

struct ErrorState {
    jpeg_error_mgr manager;
    std::jmp_buf jump;
    char message[JMSG_LENGTH_MAX];
    int warnings;
    bool truncated;
};

ErrorState& stateOf(j_common_ptr info) { return *reinterpret_cast<ErrorState*>(info->err); }

void onError(j_common_ptr info) {
    ErrorState& state = stateOf(info);
    info->err->format_message(info, state.message);
    std::longjmp(state.jump, 1);
}

void onMessage(j_common_ptr info, int level) {
    if (level >= 0)
        return;
    ErrorState& state = stateOf(info);
    ++state.warnings;
    state.truncated |= info->err->msg_code == JWRN_JPEG_EOF;
}

void onProgress(j_common_ptr info) {
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaxScans) {
        std::strcpy(stateOf(info).message, "more than 100 scans");
        std::longjmp(stateOf(info).jump, 1);
    }
}

struct Decompressor {
    ErrorState errors{};
    jpeg_progress_mgr progress{};
    jpeg_decompress_struct info{};

    Decompressor() {
        info.err = jpeg_std_error(&errors.manager);
        errors.manager.error_exit = onError;
        errors.manager.emit_message = onMessage;
        progress.progress_monitor = onProgress;
    }
    ~Decompressor() { jpeg_destroy_decompress(&info); }
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;
};

// setjmp lives in these two functions, which own nothing that a longjmp could leak.
bool readHeader(Decompressor& d, std::span<const uint8_t> bytes) {
    if (setjmp(d.errors.jump))
        return false;
    jpeg_create_decompress(&d.info);
    d.info.progress = &d.progress;
    jpeg_mem_src(&d.info, bytes.data(), bytes.size());
    jpeg_save_markers(&d.info, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(&d.info, TRUE);
    const bool cmyk = d.info.jpeg_color_space == JCS_CMYK || d.info.jpeg_color_space == JCS_YCCK;
    d.info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    jpeg_calc_output_dimensions(&d.info);
    return true;
}

bool readPixels(Decompressor& d, uint8_t* pixels, size_t pitch) {
    if (setjmp(d.errors.jump))
        return false;
    jpeg_start_decompress(&d.info);
    while (d.info.output_scanline < d.info.output_height) {
        JSAMPROW row = pixels + d.info.output_scanline * pitch;
        jpeg_read_scanlines(&d.info, &row, 1);
    }
    return true;
}

[[noreturn]] void refuse(const Decompressor& d) {
    throw Error(ErrorKind::BadImage, std::string("The JPEG cannot be decoded: ") + d.errors.message + ".");
}

int orientationOf(const jpeg_decompress_struct& info) {
    for (auto* marker = info.marker_list; marker; marker = marker->next) {
        const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
        if (marker->marker == JPEG_APP0 + 1 && data.starts_with(kExifHeader))
            return exifOrientation({marker->data + kExifHeader.size(), marker->data_length - kExifHeader.size()});
    }
    return 1;
}

// Sets the DCT scaling of DecodeOptions; the divisor.
int32_t reduce(jpeg_decompress_struct& info, int32_t fastShortSide) {
    const auto shortSide = static_cast<int64_t>(std::min(info.image_width, info.image_height));
    unsigned divisor = 1;
    while (fastShortSide > 0 && divisor < 8 && shortSide / (2 * divisor) >= 2 * int64_t{fastShortSide})
        divisor *= 2;
    info.scale_num = 1;
    info.scale_denom = divisor;
    jpeg_calc_output_dimensions(&info);
    return static_cast<int32_t>(divisor);
}

}  // namespace

DecodedImage decodeJpeg(std::span<const uint8_t> bytes, const DecodeOptions& options) {
    Decompressor d;
    if (!readHeader(d, bytes))
        refuse(d);
    checkSize(d.info.image_width, d.info.image_height);
    const int32_t reduction = reduce(d.info, options.fast_short_side);
    const size_t pitch = static_cast<size_t>(d.info.output_width) * static_cast<size_t>(d.info.out_color_components);
    DecodedImage image;
    image.width = static_cast<int32_t>(d.info.output_width);
    image.height = static_cast<int32_t>(d.info.output_height);
    image.full_width = static_cast<int32_t>(d.info.image_width);
    image.full_height = static_cast<int32_t>(d.info.image_height);
    image.reduction = reduction;
    image.pixels.resize(pitch * static_cast<size_t>(image.height));
    if (!readPixels(d, image.pixels.data(), pitch))
        refuse(d);
    if (d.errors.truncated)
        throw Error(ErrorKind::BadImage, "The JPEG ends before its last row: the file is truncated.");
    if (d.info.out_color_components == 4)
        image.pixels = cmykToRgb(image.pixels, true);
    if (d.errors.warnings > 0)
        image.notes.push_back("JPEG decoder warnings: " + std::to_string(d.errors.warnings));
    applyOrientation(image, orientationOf(d.info));
    return image;
}

}  // namespace shortlist::engine
