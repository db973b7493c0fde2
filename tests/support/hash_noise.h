// SPDX-License-Identifier: Apache-2.0
// The integer hash that tests/parity/make_goldens.py uses for weights and images.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace shortlist::test {

inline uint32_t hashBits(uint32_t seed, uint64_t i) {
    uint64_t wide = i * 0x9E3779B1ull + seed * 0x85EBCA77ull + 0x165667B1ull;
    auto x = static_cast<uint32_t>(wide);
    x ^= x >> 15;
    x *= 0x2C1B3C6Du;
    x ^= x >> 12;
    x *= 0x297A2D39u;
    return x ^ (x >> 15);
}

// In [-1, 1), exact in fp32.
inline float hashNoise(uint32_t seed, uint64_t i) {
    return static_cast<float>(static_cast<double>(hashBits(seed, i) >> 8) / (1 << 23) - 1.0);
}

inline uint32_t fnv(std::string_view name) {
    uint32_t value = 0x811C9DC5u;
    for (const char c : name)
        value = (value ^ static_cast<uint8_t>(c)) * 0x01000193u;
    return value;
}

// RGB [height, width, 3]
inline std::vector<uint8_t> hashImage(int seed, int width, int height) {
    std::vector<uint8_t> pixels;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c) {
                const int field = (((x * (3 + c) + y * (5 - c) + c * 40 + seed) % 256) + 256) % 256;
                const int blocks = (((x / 7) ^ (y / 5)) & 1) * 60;
                const int noise = static_cast<int>(hashBits(static_cast<uint32_t>(seed), pixels.size()) >> 26);
                pixels.push_back(static_cast<uint8_t>((field + blocks + noise) % 256));
            }
    return pixels;
}

}  // namespace shortlist::test
