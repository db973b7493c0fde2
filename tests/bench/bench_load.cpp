// SPDX-License-Identifier: Apache-2.0
// bench_load DIR [ROUNDS]
// How long a model takes until it is ready, opening libtorch included, against a bare program that opens libtorch, maps the weights and
// clones each tensor. Each measurement is a process of its own, A B B A; best and median in milliseconds.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "engine/modules.h"
#include "tests/bench/bench_timer.h"
#include "tests/support/open_backend.h"

namespace shortlist::bench {
namespace {

using Clock = std::chrono::steady_clock;

double runOurs(const std::string& directory) {
    const auto begin = Clock::now();
    const auto backend = test::openBackend({directory, "cpu", "fp32", 0});
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// The bare program is a module too, so that opening libtorch is inside its time.
double runBare(const std::string& directory) {
    const auto begin = Clock::now();
    const std::string path = engine::modulePath("bench_bare_load");
    const auto load = reinterpret_cast<long (*)(const char*)>(engine::moduleSymbol(engine::openModule(path, false), path, "bench_bare_load"));
    if (load((directory + "/model.safetensors").c_str()) <= 0)
        return -1;
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// In a fresh process; negative when it failed.
double measured(double (*run)(const std::string&), const std::string& directory) {
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    const pid_t child = fork();
    if (child == 0) {
        double ms = -1;
        try {
            ms = run(directory);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "bench_load: %s\n", error.what());
        }
        const bool written = write(ends[1], &ms, sizeof(ms)) == sizeof(ms);
        _exit(written ? 0 : 1);
    }
    close(ends[1]);
    double ms = -1;
    if (read(ends[0], &ms, sizeof(ms)) != sizeof(ms))
        ms = -1;
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return ms;
}

int run(const std::string& directory, int rounds) {
    Side ours{{}, {}}, bare{{}, {}};
    for (int round = -1; round < rounds; ++round)
        for (Side* side : {&ours, &bare, &bare, &ours}) {
            const double ms = measured(side == &ours ? runOurs : runBare, directory);
            if (ms < 0)
                return 1;
            if (round >= 0)  // the first round fills the page cache
                side->samples.push_back(ms);
        }
    const Timing a = ours.timing(), b = bare.timing();
    std::printf("{\"model\": \"%s\", \"ready_ms\": {\"best\": %.1f, \"median\": %.1f}, \"bare_ms\": {\"best\": %.1f, \"median\": %.1f}, \"ratio\": {\"best\": %.3f, \"median\": %.3f}}\n",
                directory.c_str(), a.best, a.median, b.best, b.median, a.best / b.best, a.median / b.median);
    return 0;
}

}  // namespace
}  // namespace shortlist::bench

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_load DIR [ROUNDS]\n");
        return 2;
    }
    return shortlist::bench::run(argv[1], argc > 2 ? std::atoi(argv[2]) : 5);
}
