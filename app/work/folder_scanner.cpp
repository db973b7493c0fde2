// SPDX-License-Identifier: Apache-2.0
#include "app/work/folder_scanner.h"

#include <chrono>
#include <filesystem>

#include "engine/log.h"
#include "engine/scan.h"

namespace shortlist::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kBlock = 256;
constexpr std::chrono::milliseconds kBlockTime{30};  // a slow folder hands over what it has

}  // namespace

FolderScanner::FolderScanner(QObject* parent) : QObject(parent) {
    connect(&m_blocks.notifier(), &QSocketNotifier::activated, this, &FolderScanner::deliver);
}

void FolderScanner::scan(std::vector<std::string> paths) {
    m_threads.emplace_back([this, paths = std::move(paths)](std::stop_token stop) {
        Block block, end;
        block.first = end.last = true;
        auto begin = Clock::now() - kBlockTime;  // the first image at once
        const auto add = [&](std::string path) {
            end.truncated = end.images == kMaxFiles;
            if (end.truncated)
                return false;
            ++end.images;
            block.paths.push_back(std::move(path));
            if (block.paths.size() == kBlock || Clock::now() - begin >= kBlockTime) {
                m_blocks.put(std::exchange(block, {}));
                begin = Clock::now();
            }
            return true;
        };
        for (const std::string& path : paths) {
            std::error_code ignored;
            if (!std::filesystem::is_directory(path, ignored)) {
                if (!add(path))
                    break;
                continue;
            }
            engine::scanFolder(path, true, add, [](const std::string& trouble) { engine::log::warning(trouble); }, stop);
        }
        m_blocks.put(std::move(block));
        m_blocks.put(std::move(end));
    });
}

void FolderScanner::cancel() { m_threads.clear(); }

void FolderScanner::deliver() {
    for (const Block& block : m_blocks.take()) {
        if (!block.paths.empty())
            Q_EMIT found(block.paths, block.first);
        if (block.last)
            Q_EMIT finished(block.images, block.truncated);
    }
}

}  // namespace shortlist::app
