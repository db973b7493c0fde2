// SPDX-License-Identifier: Apache-2.0
// Enough of CUDA's built-ins to run a block of device code on the host, so that a kernel's logic is tested where no card is: each
// thread is a fiber, a barrier switches fibers until all have arrived. Include it before a .cuh. Not emulated: the memory model
// (what one fiber wrote, all see at once), divergence inside a warp, timing.
#pragma once

#include <setjmp.h>
#include <ucontext.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "kernels/half.h"

#define __device__
#define __host__
#define __global__
#define __shared__
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __launch_bounds__(...)

namespace shortlist::test::emulation {

struct Dim3 {
    unsigned x = 1, y = 1, z = 1;
};

constexpr size_t kStackBytes = 64 << 10;

// One block; its fibers run on the calling thread.
class Block {
  public:
    Block(Dim3 blockDim, std::function<void()> body) : m_dim(blockDim), m_body(std::move(body)), m_fibers(blockDim.x * blockDim.y * blockDim.z) {}

    void run(Dim3 blockIdx) {
        current() = this;
        m_index = blockIdx;
        m_arrived = m_finished = 0;
        for (unsigned i = 0; i < m_fibers.size(); ++i) {
            m_fibers[i].index = {i % m_dim.x, i / m_dim.x % m_dim.y, i / m_dim.x / m_dim.y};
            m_fibers[i].done = false;
        }
        while (m_finished < m_fibers.size())
            for (m_current = 0; m_current < m_fibers.size(); ++m_current)
                if (!m_fibers[m_current].done)
                    resume(m_fibers[m_current]);
    }

    static Block*& current() {
        static Block* block = nullptr;
        return block;
    }
    Dim3 thread() const { return m_fibers[m_current].index; }
    unsigned linear() const { return m_current; }
    Dim3 index() const { return m_index; }
    Dim3 dim() const { return m_dim; }

    // True when any thread came with `any`. A thread that has returned counts as arrived.
    bool barrier(bool any) {
        const unsigned generation = m_generation;
        m_any = m_any || any;
        ++m_arrived;
        while (generation == m_generation) {
            if (m_arrived + m_finished >= m_fibers.size()) {
                m_result = m_any;
                m_any = false;
                m_arrived = 0;
                ++m_generation;
                break;
            }
            yield();
        }
        return m_result;
    }

    // Every lane of the block exchanges at once: all of them have to come here.
    template <typename T>
    T exchange(T value, unsigned lane) {
        static_assert(sizeof(T) <= sizeof(uint64_t));
        m_slots.resize(m_fibers.size());
        std::memcpy(&m_slots[m_current], &value, sizeof(T));
        barrier(false);
        T got;
        std::memcpy(&got, &m_slots[lane], sizeof(T));
        barrier(false);
        return got;
    }

  private:
    struct Fiber {
        std::unique_ptr<unsigned char[]> stack;  // none: not started yet
        jmp_buf at;
        Dim3 index;
        bool done = false;
    };
    // A fiber is started once and then serves block after block. _setjmp switches without a system call, swapcontext would not.
    void resume(Fiber& fiber) {
        if (_setjmp(m_scheduler) != 0)
            return;
        if (fiber.stack)
            _longjmp(fiber.at, 1);
        fiber.stack = std::make_unique<unsigned char[]>(kStackBytes);
        ucontext_t context;
        getcontext(&context);
        context.uc_stack.ss_sp = fiber.stack.get();
        context.uc_stack.ss_size = kStackBytes;
        context.uc_link = nullptr;
        makecontext(&context, &Block::enter, 0);
        setcontext(&context);
    }
    void yield() {
        if (_setjmp(m_fibers[m_current].at) == 0)
            _longjmp(m_scheduler, 1);
    }
    static void enter() {
        while (true) {
            Block& block = *current();
            block.m_body();
            block.m_fibers[block.m_current].done = true;
            ++block.m_finished;
            block.yield();
        }
    }

    Dim3 m_dim, m_index;
    std::function<void()> m_body;
    std::vector<Fiber> m_fibers;
    std::vector<uint64_t> m_slots;
    jmp_buf m_scheduler;
    unsigned m_current = 0, m_arrived = 0, m_finished = 0, m_generation = 0;
    bool m_any = false, m_result = false;
};

struct Half {
    uint16_t bits;
};

}  // namespace shortlist::test::emulation

// In the kernels' namespace, where device code looks first.
namespace shortlist::kernels {
namespace {

using test::emulation::Block;

struct uint4 {
    unsigned x, y, z, w;
};

#define threadIdx (Block::current()->thread())
#define blockIdx (Block::current()->index())
#define blockDim (Block::current()->dim())

inline void __syncthreads() { Block::current()->barrier(false); }
inline bool __syncthreads_or(bool any) { return Block::current()->barrier(any); }
inline void __threadfence() {}
template <typename T>
T __shfl_xor_sync(unsigned, T value, unsigned mask) {
    return Block::current()->exchange(value, Block::current()->linear() ^ mask);
}
inline unsigned atomicAdd(unsigned* at, unsigned by) {
    const unsigned old = *at;
    *at += by;
    return old;
}
inline unsigned atomicInc(unsigned* at, unsigned last) {
    const unsigned old = *at;
    *at = old >= last ? 0 : old + 1;
    return old;
}
inline float __expf(float x) { return std::exp(x); }
inline unsigned __float_as_uint(float x) { return std::bit_cast<unsigned>(x); }
inline float __uint_as_float(unsigned x) { return std::bit_cast<float>(x); }
inline test::emulation::Half __ushort_as_half(unsigned short bits) { return {bits}; }
inline test::emulation::Half __float2half_rn(float value) { return {floatToHalf(value)}; }
inline unsigned short __half_as_ushort(test::emulation::Half half) { return half.bits; }
inline float __half2float(test::emulation::Half half) { return halfToFloat(half.bits); }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
inline uint4 __ldg(const uint4* p) { return *p; }
using std::exp;
using std::fma;
using std::isfinite;
using std::log;
inline float fmaf(float a, float b, float c) { return std::fma(a, b, c); }
inline float fmaxf(float a, float b) { return std::fmax(a, b); }

}  // namespace
}  // namespace shortlist::kernels
