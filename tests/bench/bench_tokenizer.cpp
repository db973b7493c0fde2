// SPDX-License-Identifier: Apache-2.0
// bench_tokenizer DIR
// Reading a tokenizer and encoding a megabyte: plain words, and the test strings in all their scripts. Prints JSON, milliseconds.
#include <chrono>
#include <cstdio>

#include "engine/torch/text/tokenizer.h"
#include "tests/bench/bench_timer.h"
#include "tests/support/goldens.h"
#include "tests/support/token_strings.h"

namespace shortlist::bench {
namespace {

constexpr size_t kMegabyte = 1 << 20;

std::string words() {
    constexpr const char* kSyllables[] = {"ta", "ren", "mi", "so", "le", "ing", "an", "do", "er", "ka", "to", "us"};
    std::string text;
    for (uint64_t i = 0; text.size() < kMegabyte;) {
        for (uint32_t left = 1 + test::hashBits(1, i++) % 4; left > 0; --left)
            text += kSyllables[test::hashBits(2, i++) % std::size(kSyllables)];
        text += test::hashBits(3, i++) % 12 ? " " : ".\n";
    }
    return text;
}

void measure(const torch_backend::Tokenizer& tokenizer, const char* name, const std::string& text) {
    size_t ids = 0;
    Side side{[&](int64_t) { ids = tokenizer.encode(text).size(); }, {}};
    measureInterleaved({&side}, 5, 1);
    const Timing timing = side.timing();
    std::printf("{\"text\": \"%s\", \"bytes\": %zu, \"tokens\": %zu, \"ms\": {\"best\": %.1f, \"median\": %.1f}}\n", name, text.size(), ids, timing.best / 1000, timing.median / 1000);
}

int run(const char* directory) {
    const auto begin = std::chrono::steady_clock::now();
    const torch_backend::Tokenizer tokenizer{std::string(directory)};
    std::printf("{\"read_ms\": %.1f, \"tokens\": %d}\n", std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count(), tokenizer.size());
    measure(tokenizer, "words", words());
    const test::TokenStrings strings(test::readGolden("token_strings.json"));
    std::string mixed;
    for (uint32_t i = 0; mixed.size() < kMegabyte; ++i)
        mixed += strings.at(i);
    measure(tokenizer, "all scripts", mixed);
    return 0;
}

}  // namespace
}  // namespace shortlist::bench

int main(int argc, char** argv) {
    try {
        if (argc == 2)
            return shortlist::bench::run(argv[1]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_tokenizer: %s\n", error.what());
        return 1;
    }
    std::fprintf(stderr, "usage: bench_tokenizer DIR\n");
    return 2;
}
