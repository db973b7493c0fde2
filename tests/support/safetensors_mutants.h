// SPDX-License-Identifier: Apache-2.0
// Damaged safetensors files from the integer hash, the same as tests/parity/make_safetensors_golden.py makes.
#pragma once

#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/hash_noise.h"

namespace shortlist::test {

// A stream of hashed numbers, one seed a mutant.
class HashedNumbers {
  public:
    explicit HashedNumbers(uint32_t seed) : m_seed(seed) {}
    int64_t below(int64_t limit) { return static_cast<int64_t>(hashBits(m_seed, m_at++)) % limit; }

  private:
    uint32_t m_seed;
    uint64_t m_at = 0;
};

// `golden` is safetensors.json. The bytes of a whole file.
inline std::string safetensorsMutant(const nlohmann::json& golden, uint32_t index) {
    const auto& base = golden["bases"][index % golden["bases"].size()];
    const auto alphabet = golden["alphabet"].get<std::vector<uint8_t>>();
    std::string header = base[0];
    int64_t data = base[1], lengthShift = 0;
    HashedNumbers numbers(index);
    for (int64_t left = 1 + numbers.below(3); left > 0; --left) {
        const int64_t kind = numbers.below(7);
        auto place = static_cast<size_t>(numbers.below(static_cast<int64_t>(header.size()) + 1));
        const auto symbol = static_cast<char>(alphabet[static_cast<size_t>(numbers.below(static_cast<int64_t>(alphabet.size())))]);
        const auto isDigit = [&](size_t at) { return header[at] >= '0' && header[at] <= '9'; };
        if (kind == 0 && place < header.size())
            header[place] = symbol;
        else if (kind == 1 && place < header.size())
            header.erase(place, 1);
        else if (kind == 2)
            header.insert(place, 1, symbol);
        else if (kind == 3)
            header.insert(place, header.substr(place, static_cast<size_t>(1 + numbers.below(40))));
        else if (kind == 4)
            data = std::max<int64_t>(0, data + numbers.below(9) - 4);
        else if (kind == 5)
            lengthShift = numbers.below(5) - 2;
        else if (kind == 6) {
            while (place < header.size() && !isDigit(place))
                ++place;
            if (place < header.size())
                header[place] = static_cast<char>('0' + numbers.below(10));
        }
    }
    const auto length = static_cast<uint64_t>(std::max<int64_t>(0, static_cast<int64_t>(header.size()) + lengthShift));
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, 8);
    return file + header + std::string(static_cast<size_t>(data), '\1');
}

}  // namespace shortlist::test
