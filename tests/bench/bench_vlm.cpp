// SPDX-License-Identifier: Apache-2.0
// A vision-language model behind lines of JSON, so that bench_vlm.py can time it beside a peer in another process, turn by turn.
// Request: {"task": {"mode", "prompt", "labels", "search", "max_tokens", "max_pixels"}, "images": [[raw RGB file, width, height], ...], "k", "logprobs"}.
// Answer: {"ms", "prefill_ms", "topk_ms", "ids", "logprobs", "tokens", "entropy", "nodes", "syncs", "bytes"}.
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/support/open_backend.h"

using namespace shortlist;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

engine::Task taskOf(const json& request) {
    engine::Task task;
    task.mode = request.value("mode", "classify") == "answer" ? engine::Task::Mode::Answer : engine::Task::Mode::Classify;
    const std::string search = request.value("search", "auto");
    task.search = search == "all" ? engine::Task::Search::All : search == "best" ? engine::Task::Search::Best : engine::Task::Search::Auto;
    task.prompt = request.value("prompt", "");
    task.labels = request.value("labels", "");
    task.max_tokens = request.value("max_tokens", 64);
    task.max_pixels = request.value("max_pixels", 0);
    return task;
}

struct Image {
    std::string pixels;
    int width, height;
    explicit Image(const json& place) : width(place[1]), height(place[2]) {
        std::ifstream file(place[0].get<std::string>(), std::ios::binary);
        pixels.assign(std::istreambuf_iterator<char>(file), {});
    }
    engine::PreparedImage view() const { return {reinterpret_cast<const uint8_t*>(pixels.data()), width, height, 3 * static_cast<int64_t>(width), width, height}; }
};

json run(engine::Backend& backend, const json& request) {
    static engine::Task last;
    const engine::Task task = taskOf(request.at("task"));
    if (task != last)
        backend.setTask(task);
    last = task;
    std::vector<Image> images;
    for (const json& place : request.at("images"))
        images.emplace_back(place);
    std::vector<engine::PreparedImage> views;
    for (const Image& image : images)
        views.push_back(image.view());
    engine::ScoreOptions options;
    options.top_k = request.value("k", 20);
    options.logprobs = request.value("logprobs", true);
    const auto begin = Clock::now();
    const engine::ScoreRows rows = backend.classify(views, options, {});
    const double ms = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
    json tokens = json::array();
    for (const engine::Answer& answer : rows.answers) {
        tokens.push_back(json::array());
        for (const engine::AnswerToken& token : answer.tokens) {
            tokens.back().push_back(json::array());
            for (const engine::TokenChoice& choice : token.top)
                tokens.back().back().push_back({choice.id, choice.logprob});
        }
    }
    return {{"ms", ms}, {"prefill_ms", rows.prefill_ms}, {"topk_ms", rows.topk_ms}, {"ids", rows.ids}, {"logprobs", rows.logprobs}, {"tokens", tokens}, {"out_of_set", rows.out_of_set},
            {"nodes", rows.nodes_opened}, {"syncs", rows.device_syncs}, {"bytes", rows.bytes_copied}};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: bench_vlm DIR [DEVICE [DTYPE [THREADS]]]\n";
        return 2;
    }
    try {
        const auto begin = Clock::now();
        const auto backend = test::openBackend({argv[1], argc > 2 ? argv[2] : "cpu", argc > 3 ? argv[3] : "auto", argc > 4 ? std::stoi(argv[4]) : 0});
        std::cout << json{{"ready_ms", std::chrono::duration<double, std::milli>(Clock::now() - begin).count()}, {"dtype", backend->info().dtype}}.dump() << std::endl;
        for (std::string line; std::getline(std::cin, line);)
            std::cout << run(*backend, json::parse(line)).dump(-1, ' ', true, json::error_handler_t::replace) << std::endl;
    } catch (const std::exception& error) {
        std::cerr << "bench_vlm: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
