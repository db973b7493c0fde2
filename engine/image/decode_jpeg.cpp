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
constexpr int32_t kThinFrom = 4;  // reductions that leave fine scans of progressive files out
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

// The DCT scaling of DecodeOptions.
unsigned divisorFor(const jpeg_decompress_struct& info, int32_t fastShortSide) {
    const auto shortSide = static_cast<int64_t>(std::min(info.image_width, info.image_height));
    unsigned divisor = 1;
    while (fastShortSide > 0 && divisor < 8 && shortSide / (2 * divisor) >= 2 * int64_t{fastShortSide})
        divisor *= 2;
    return divisor;
}

// setjmp lives in these two functions, which own nothing that a longjmp could leak.
bool readHeader(Decompressor& d, std::span<const uint8_t> bytes, int32_t fastShortSide) {
    if (setjmp(d.errors.jump))
        return false;
    jpeg_create_decompress(&d.info);
    d.info.progress = &d.progress;
    jpeg_mem_src(&d.info, bytes.data(), bytes.size());
    jpeg_save_markers(&d.info, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(&d.info, TRUE);
    const bool cmyk = d.info.jpeg_color_space == JCS_CMYK || d.info.jpeg_color_space == JCS_YCCK;
    d.info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    d.info.scale_num = 1;
    d.info.scale_denom = divisorFor(d.info, fastShortSide);
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

bool isOneSample(const jpeg_decompress_struct& info, int component) {
    for (int i = 0; i < info.num_components; ++i)
        if (info.comp_info[i].component_id == component)
            return info.comp_info[i].DCT_scaled_size == 1;
    return false;
}

// A progressive file without the scans that a scaled picture hardly shows, for their entropy decoding is most of the work: the AC scans of
// components that become one sample a block (their DC coefficients say all), and at 1/4 the scans that bring the last bit of AC
// coefficients (half a quantisation step, before the averaging). What cannot be parsed is copied; libjpeg then says what is wrong with it.
std::vector<uint8_t> withoutFineScans(std::span<const uint8_t> bytes, const jpeg_decompress_struct& info) {
    constexpr uint8_t kRestart0 = 0xd0, kStartOfImage = 0xd8, kEndOfImage = 0xd9, kStartOfScan = 0xda;
    constexpr uint8_t kLastBit = 0x10;  // from bit 1 to bit 0
    std::vector<uint8_t> kept(bytes.begin(), bytes.begin() + 2);  // the start marker
    size_t at = 2;
    while (at + 4 <= bytes.size() && bytes[at] == 0xff && bytes[at + 1] >= 0xc0 && bytes[at + 1] != kEndOfImage) {
        const uint8_t marker = bytes[at + 1];
        if (marker >= kRestart0 && marker <= kStartOfImage)
            break;
        const size_t length = static_cast<size_t>(bytes[at + 2]) << 8 | bytes[at + 3];
        size_t end = at + 2 + length;
        if (length < 2 || end > bytes.size())
            break;
        if (marker == kStartOfScan)  // its data goes on to the next marker that is neither a stuffed byte nor a restart
            while (end + 1 < bytes.size() && (bytes[end] != 0xff || bytes[end + 1] == 0 || (bytes[end + 1] >= kRestart0 && bytes[end + 1] < kStartOfImage) || bytes[end + 1] == 0xff))
                ++end;
        // An AC scan has one component and a first coefficient above 0; its header ends with first, last and the two bit positions.
        const bool isAc = marker == kStartOfScan && length == 8 && bytes[at + 4] == 1 && bytes[at + 7] > 0;
        const bool isLastBit = isAc && info.scale_denom == 4 && bytes[at + 9] == kLastBit;
        if (!isAc || !(isLastBit || isOneSample(info, bytes[at + 5])))
            kept.insert(kept.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(end));
        at = end;
    }
    kept.insert(kept.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end());
    return kept;
}

DecodedImage decodeScaled(std::span<const uint8_t> bytes, int32_t fastShortSide, bool thinned) {
    Decompressor d;
    if (!readHeader(d, bytes, fastShortSide))
        refuse(d);
    checkSize(d.info.image_width, d.info.image_height);
    const auto reduction = static_cast<int32_t>(d.info.scale_denom);
    if (reduction >= kThinFrom && d.info.progressive_mode && !thinned)
        return decodeScaled(withoutFineScans(bytes, d.info), fastShortSide, true);
    d.info.do_block_smoothing = thinned ? FALSE : TRUE;  // it would guess the AC coefficients
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

}  // namespace

DecodedImage decodeJpeg(std::span<const uint8_t> bytes, const DecodeOptions& options) { return decodeScaled(bytes, options.fast_short_side, false); }

}  // namespace shortlist::engine
