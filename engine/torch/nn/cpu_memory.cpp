// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/cpu_memory.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <bit>
#include <cstdlib>
#include <list>
#include <mutex>
#include <new>

namespace shortlist::torch_backend {
namespace {

constexpr size_t kAlignment = 64;         // oneDNN's and ATen's; the block's size stands in as many bytes before the data
constexpr size_t kSmallest = 128u << 10;  // below, malloc keeps blocks itself

// A block may serve any tensor up to its size: sizes are rounded up to one of eight steps between powers of two.
size_t roundedUp(size_t bytes) {
    if (bytes < kSmallest)
        return bytes;
    const size_t step = std::bit_floor(bytes) / 8;
    return (bytes + step - 1) / step * step;
}

struct Block {
    void* data;
    size_t bytes;
};

class KeepingAllocator final : public c10::Allocator {
  public:
    c10::DataPtr allocate(size_t bytes) override {
        void* data = bytes == 0 ? nullptr : take(roundedUp(bytes));
        return {data, data, &KeepingAllocator::release, c10::Device(c10::kCPU)};
    }
    c10::DeleterFnPtr raw_deleter() const override { return &KeepingAllocator::release; }
    void copy_data(void* to, const void* from, size_t bytes) const override { default_copy_data(to, from, bytes); }

    void setLimit(size_t bytes) {
        const std::scoped_lock lock(m_mutex);
        m_limit = bytes;
        trim();
    }

    // Lives as long as the process: a tensor may be freed at its very end.
    static KeepingAllocator& instance() {
        static auto* allocator = new KeepingAllocator;
        return *allocator;
    }

  private:
    static size_t& sizeOf(void* data) { return *reinterpret_cast<size_t*>(static_cast<char*>(data) - kAlignment); }

    static void release(void* data) {
        if (data)
            instance().keep({data, sizeOf(data)});
    }

    void* take(size_t bytes) {
        {
            const std::scoped_lock lock(m_mutex);
            for (auto block = m_blocks.begin(); block != m_blocks.end(); ++block)
                if (block->bytes == bytes) {
                    void* data = block->data;
                    m_kept -= bytes;
                    m_blocks.erase(block);
                    return data;
                }
        }
        char* memory = static_cast<char*>(std::aligned_alloc(kAlignment, (bytes + 2 * kAlignment - 1) / kAlignment * kAlignment));
        if (!memory)
            throw std::bad_alloc();
        void* data = memory + kAlignment;
        sizeOf(data) = bytes;
        return data;
    }

    void keep(Block block) {
        if (block.bytes < kSmallest)
            return free(block);
        const std::scoped_lock lock(m_mutex);
        m_blocks.push_front(block);
        m_kept += block.bytes;
        trim();
    }

    // The oldest go first.
    void trim() {
        while (m_kept > m_limit) {
            m_kept -= m_blocks.back().bytes;
            free(m_blocks.back());
            m_blocks.pop_back();
        }
    }

    static void free(const Block& block) { std::free(static_cast<char*>(block.data) - kAlignment); }

    std::mutex m_mutex;
    std::list<Block> m_blocks;  // free, the last freed first
    size_t m_kept = 0, m_limit = 0;
};

}  // namespace

void keepFreedMemory(size_t bytes) {
    KeepingAllocator& allocator = KeepingAllocator::instance();
    allocator.setLimit(bytes);
    if (c10::GetCPUAllocator() != &allocator)
        c10::SetCPUAllocator(&allocator);
}

}  // namespace shortlist::torch_backend
