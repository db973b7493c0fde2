// SPDX-License-Identifier: Apache-2.0
#include "engine/decode.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/image/decoders.h"
#include "engine/image/sniff.h"

namespace shortlist::engine {
namespace {

class FileDescriptor {
  public:
    explicit FileDescriptor(const std::string& path) : m_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~FileDescriptor() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    int get() const { return m_fd; }

  private:
    int m_fd;
};

[[noreturn]] void unreadable(const std::string& reason) { throw Error(ErrorKind::Unreadable, reason); }

}  // namespace

std::vector<uint8_t> readFile(const std::string& path) {
    const FileDescriptor file(path);  // O_NONBLOCK: a FIFO must not block the worker
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0)
        unreadable(std::string("The file cannot be opened: ") + std::strerror(errno) + ".");
    if (!S_ISREG(info.st_mode))
        unreadable(S_ISDIR(info.st_mode) ? "This is a folder, not an image." : "This is no regular file.");
    std::vector<uint8_t> bytes(static_cast<size_t>(info.st_size));
    size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = ::read(file.get(), bytes.data() + done, bytes.size() - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            unreadable(std::string("The file cannot be read: ") + std::strerror(errno) + ".");
        if (got == 0)
            break;  // it shrank: the decoder will say what is missing
        done += static_cast<size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

void checkSize(int64_t width, int64_t height) {
    if (width < 1 || height < 1)
        throw Error(ErrorKind::BadImage, "The image has no pixels.");
    if (width > kMaxSide || height > kMaxSide || width * height > kMaxPixels)
        throw Error(ErrorKind::TooLarge, "The image is " + std::to_string(width) + " x " + std::to_string(height) +
                                             " pixels; at most 65535 a side and 400 megapixels are read.");
}

namespace {

DecodedImage decodeAny(std::span<const uint8_t> bytes, const DecodeOptions& options) {
    switch (sniff(bytes)) {
        case ImageFormat::Jpeg: return decodeJpeg(bytes, options);
        case ImageFormat::Png: return decodePng(bytes);
        case ImageFormat::Gif: return decodeGif(bytes);
        case ImageFormat::Tiff: return decodeTiff(bytes);
        case ImageFormat::Webp: return decodeWebp(bytes);
        case ImageFormat::Bmp: return decodeBmp(bytes);
        case ImageFormat::Pnm: return decodePnm(bytes);
        case ImageFormat::Heif: return decodeHeif(bytes);
        case ImageFormat::Unknown: break;
    }
    throw Error(ErrorKind::Unsupported, bytes.empty() ? "The file is empty." : "This is no image: its first bytes belong to no known format.");
}

}  // namespace

DecodedImage decodeImage(std::span<const uint8_t> bytes, const DecodeOptions& options) {
    DecodedImage image = decodeAny(bytes, options);
    if (image.reduction == 1) {
        image.full_width = image.width;
        image.full_height = image.height;
    }
    return image;
}

std::vector<uint8_t> cmykToRgb(const std::vector<uint8_t>& cmyk, bool inverted) {
    std::vector<uint8_t> rgb(cmyk.size() / 4 * 3);
    const int flip = inverted ? 0 : 255;
    for (size_t i = 0, o = 0; i + 4 <= cmyk.size(); i += 4) {
        const int light = cmyk[i + 3] ^ flip;
        for (size_t c = 0; c < 3; ++c, ++o) {
            const int product = ((cmyk[i + c] ^ flip) ^ 255) * light + 128;
            rgb[o] = static_cast<uint8_t>(light - ((product + (product >> 8)) >> 8));
        }
    }
    return rgb;
}

}  // namespace shortlist::engine
