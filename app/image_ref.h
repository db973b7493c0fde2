// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFile>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace shortlist::app {

using ImageBytes = std::shared_ptr<const std::vector<uint8_t>>;

// One image of the window, as values that cross threads.
struct ImageRef {
    uint32_t key = 0;  // never used again, unlike a row number
    std::string path;  // or only a name, when `bytes` holds the encoded image
    ImageBytes bytes;
};

// The name as the file system has it.
inline std::string localPath(const QString& path) { return QFile::encodeName(path).toStdString(); }

}  // namespace shortlist::app
