// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "engine/image/sniff.h"
#include "engine/scan.h"

namespace shortlist::engine {
namespace {

constexpr size_t kBlock = 1024;
constexpr size_t kMaxDepth = 64;
constexpr std::array kSuffixes = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".tif", ".tiff", ".webp", ".bmp", ".pnm", ".ppm", ".pgm", ".pbm", ".heic", ".heif", ".avif"};

bool hasImageSuffix(const std::string& name) {
    const size_t dot = name.rfind('.');
    return dot != std::string::npos && std::any_of(kSuffixes.begin(), kSuffixes.end(), [&](const char* suffix) {
               return ::strcasecmp(name.c_str() + dot, suffix) == 0;
           });
}

bool hasImageMagic(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    std::array<uint8_t, 16> head{};
    const ssize_t got = ::read(fd, head.data(), head.size());
    ::close(fd);
    return got > 0 && sniff({head.data(), static_cast<size_t>(got)}) != ImageFormat::Unknown;
}

enum class EntryKind : uint8_t { File, Folder, Other };

EntryKind kindOf(const std::string& path, unsigned char type) {
    if (type == DT_REG)
        return EntryKind::File;
    if (type == DT_DIR)
        return EntryKind::Folder;
    struct stat info {};
    if ((type == DT_LNK || type == DT_UNKNOWN) && ::stat(path.c_str(), &info) == 0) {
        if (S_ISREG(info.st_mode))
            return EntryKind::File;  // a link to a photograph is a photograph
        if (S_ISDIR(info.st_mode) && type == DT_UNKNOWN && ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode))
            return EntryKind::Folder;
    }
    return EntryKind::Other;
}

struct Pending {
    std::string path;
    size_t depth;
};

class Scanner {
  public:
    Scanner(bool recursive, const std::function<bool(std::string)>& found, const std::function<void(const std::string&)>& trouble,
            std::stop_token stop)
        : m_recursive(recursive), m_found(found), m_trouble(trouble), m_stop(std::move(stop)) {}

    ScanCounts run(const std::string& folder) {
        m_pending.push_back({folder, 0});
        while (!m_pending.empty() && !ended()) {
            const Pending next = std::move(m_pending.back());
            m_pending.pop_back();
            list(next);
        }
        return m_counts;
    }

  private:
    bool ended() const { return m_ended || m_stop.stop_requested(); }

    void list(const Pending& folder) {
        const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.path.c_str()), ::closedir);
        if (!open) {
            ++m_counts.unreadable;
            m_trouble("The folder " + folder.path + " cannot be read: " + std::strerror(errno) + ".");
            return;
        }
        std::vector<std::string> block, folders;
        const std::string prefix = folder.path.ends_with('/') ? folder.path : folder.path + "/";
        while (const dirent* entry = ::readdir(open.get())) {
            const std::string name = entry->d_name;
            if (name == "." || name == "..")
                continue;
            const EntryKind kind = kindOf(prefix + name, entry->d_type);
            if (kind == EntryKind::Folder)
                folders.push_back(prefix + name);
            else if (kind == EntryKind::File)
                block.push_back(prefix + name);
            if (block.size() == kBlock)
                flush(block);
            if (ended())
                return;
        }
        flush(block);
        if (!m_recursive || folder.depth + 1 >= kMaxDepth)
            return;
        std::sort(folders.begin(), folders.end(), std::greater<>());  // the stack hands them out from its end
        for (std::string& path : folders)
            m_pending.push_back({std::move(path), folder.depth + 1});
    }

    void flush(std::vector<std::string>& block) {
        std::sort(block.begin(), block.end());
        for (std::string& path : block) {
            if (ended())
                return;
            if (!hasImageSuffix(path) && !hasImageMagic(path)) {
                ++m_counts.skipped;
                continue;
            }
            ++m_counts.images;
            m_ended = !m_found(std::move(path));
        }
        block.clear();
    }

    const bool m_recursive;
    const std::function<bool(std::string)>& m_found;
    const std::function<void(const std::string&)>& m_trouble;
    const std::stop_token m_stop;
    std::vector<Pending> m_pending;
    ScanCounts m_counts;
    bool m_ended = false;
};

}  // namespace

std::span<const char* const> imageSuffixes() { return kSuffixes; }

ScanCounts scanFolder(const std::string& folder, bool recursive, const std::function<bool(std::string)>& found,
                      const std::function<void(const std::string&)>& trouble, std::stop_token stop) {
    return Scanner(recursive, found, trouble, std::move(stop)).run(folder);
}

}  // namespace shortlist::engine
