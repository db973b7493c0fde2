// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>

namespace shortlist::engine {

// ".jpg" and so on: what a name may end in to be taken for an image without a look inside.
std::span<const char* const> imageSuffixes();

struct ScanCounts {
    uint64_t images = 0;
    uint64_t skipped = 0;     // no image by name and by magic
    uint64_t unreadable = 0;  // folders that could not be opened
};

// Calls `found` with the path of each image below `folder`, as <folder>/<relative>. Order: each directory's entries in
// blocks of 1,024 as read, each block sorted by bytes, subfolders after files, so that the first result does not wait
// for a million names. A file is an image when its suffix or its magic bytes say so. Iterative; symlinked directories
// are not followed, special files skipped, depth at most 64. Ends early when `found` returns false or on `stop`.
// `trouble` gets a sentence for each folder that cannot be read.
ScanCounts scanFolder(const std::string& folder, bool recursive, const std::function<bool(std::string)>& found,
                      const std::function<void(const std::string&)>& trouble, std::stop_token stop);

}  // namespace shortlist::engine
