// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "engine/records.h"

namespace shortlist::engine {
namespace {

constexpr size_t kBuffered = 64 * 1024;

bool isRegularOrAbsent(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode);
}

}  // namespace

OutputFile::OutputFile(const std::string& path) : m_path(path) {
    if (path == "-") {
        m_fd = STDOUT_FILENO;
        return;
    }
    if (isRegularOrAbsent(path)) {
        std::error_code absent;
        const auto target = std::filesystem::canonical(path, absent);  // what a link points to is replaced, not the link
        if (!absent)
            m_path = target.string();
        m_temporary = m_path + ".part-" + std::to_string(::getpid());
        m_fd = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } else {
        m_fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);  // a device or a pipe cannot be renamed onto
    }
    if (m_fd < 0)
        fail("cannot be opened");
}

OutputFile::~OutputFile() {
    if (m_fd >= 0 && m_fd != STDOUT_FILENO)
        ::close(m_fd);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

void OutputFile::fail(const char* what) const {
    const int reason = errno;
    std::string text = "The output " + (m_path == "-" ? "stream" : m_path) + " " + what + ": " + std::strerror(reason) + ".";
    if (reason == ENOSPC)
        text += " " + std::to_string(m_written + m_buffer.size()) + " bytes were needed so far: free some space.";
    else
        text += " Choose another place with --output.";
    throw Error(ErrorKind::Output, text);
}

void OutputFile::write(const std::string& text) {
    m_buffer += text;
    if (m_buffer.size() >= kBuffered)
        flush();
}

void OutputFile::flush() {
    size_t done = 0;
    while (done < m_buffer.size()) {
        const ssize_t put = ::write(m_fd, m_buffer.data() + done, m_buffer.size() - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            fail("cannot be written");
        done += static_cast<size_t>(put);
    }
    m_written += done;
    m_buffer.clear();
}

void OutputFile::finish() {
    flush();
    if (m_temporary.empty())
        return;
    if (::fsync(m_fd) != 0 || ::close(std::exchange(m_fd, -1)) != 0)
        fail("cannot be written");
    if (::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        fail("cannot be put in place");
    m_temporary.clear();
}

}  // namespace shortlist::engine
