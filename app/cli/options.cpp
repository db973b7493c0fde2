// SPDX-License-Identifier: Apache-2.0
#include "app/cli/options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <limits>

#include "app/cli/manual.h"
#include "engine/backend_loader.h"

namespace shortlist::cli {
namespace {

constexpr int kMaxTopK = 100;
constexpr int kMaxBatch = 1024;
constexpr int kMaxThreads = 1024;

std::string deviceProblem(const std::string& name) {
    try {
        engine::checkDeviceName(name);
        return "";
    } catch (const engine::Error& error) {
        return error.what();
    }
}

void addDeviceOptions(CLI::App& app, Options& options) {
    app.add_option("--device", options.device, "auto, cpu, cuda or cuda:N")
        ->type_name("DEVICE")
        ->capture_default_str()
        ->check(CLI::Validator(deviceProblem, "", "device"));
    app.add_option("--dtype", options.dtype, "number type of the model")
        ->capture_default_str()
        ->check(CLI::IsMember({"auto", "fp32", "bf16", "fp16"}));
}

void addModelOptions(CLI::App& app, Options& options) {
    app.add_option("--model", options.model, "built-in model or model directory")->type_name("NAME|DIR")->capture_default_str();
    addDeviceOptions(app, options);
    app.add_option_function<std::string>(
           "--batch", [&](const std::string& text) { options.batch = text == "auto" ? 0 : std::stoi(text); },
           "images per forward pass, or auto")
        ->type_name("N|auto")
        ->check(CLI::IsMember({"auto"}) | CLI::Range(1, kMaxBatch));
    app.add_option("--threads", options.threads, "threads of the model; 0: physical cores")->check(CLI::Range(0, kMaxThreads));
    app.add_option("--decode-threads", options.decode_threads, "threads that decode; 0: all cores")->check(CLI::Range(0, kMaxThreads));
    app.add_option("--log-level", options.log_level, "what goes to the log on stderr")
        ->capture_default_str()
        ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}));
}

std::string fileText(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file || std::filesystem::is_directory(path))
        throw CLI::ValidationError("the file " + path + " cannot be read");
    return text;
}

std::string withoutLineEnd(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    return text;
}

// What a vision-language model is asked.
void addTaskOptions(CLI::App& app, Options& options) {
    using engine::Task;
    constexpr const char* kGroup = "Vision-language models";
    constexpr int64_t kMaxPixels = int64_t{1} << 26;
    Task& task = options.task;
    static const std::map<std::string, Task::Mode> kModes = {{"classify", Task::Mode::Classify}, {"answer", Task::Mode::Answer}};
    static const std::map<std::string, Task::Search> kSearches = {{"auto", Task::Search::Auto}, {"all", Task::Search::All}, {"best", Task::Search::Best}};
    app.add_option_function<std::string>("--labels", [&](const std::string& path) {
            task.labels = fileText(path);
            if (task.labels.empty())
                throw CLI::ValidationError("the file " + path + " is empty: write the labels into it, one a line");
        },
                                         "labels to choose from, one a line; variants of one between |, # begins a comment")
        ->type_name("FILE")
        ->group(kGroup);
    app.add_option_function<std::string>("--prompt", [&](const std::string& text) { task.prompt = text.starts_with('@') ? withoutLineEnd(fileText(text.substr(1))) : text; },
                                         "what is asked about each image; {labels} stands for their names")
        ->type_name("TEXT|@FILE")
        ->group(kGroup);
    app.add_option_function<std::string>("--mode", [&](const std::string& name) { task.mode = kModes.at(name); }, "choose among the labels, or answer freely [classify]")
        ->check(CLI::IsMember({"classify", "answer"}))
        ->group(kGroup);
    app.add_option_function<std::string>("--search", [&](const std::string& name) { task.search = kSearches.at(name); },
                                         "score all labels, or only as many as the best ones need [auto: all up to 512 tokens]")
        ->check(CLI::IsMember({"auto", "all", "best"}))
        ->group(kGroup);
    app.add_option("--max-tokens", task.max_tokens, "longest answer")->capture_default_str()->check(CLI::Range(1, 4096))->group(kGroup);
    app.add_option("--sample-temperature", task.sample_temperature, "0: always the most probable token")->capture_default_str()->check(CLI::Range(0.0, 100.0))->group(kGroup);
    app.add_option("--top-p", task.top_p, "sample from the smallest set of tokens with this probability")->capture_default_str()->check(CLI::Range(1e-6, 1.0))->group(kGroup);
    app.add_option("--seed", task.seed, "of sampling")->capture_default_str()->group(kGroup);
    app.add_option("--min-pixels", task.min_pixels, "smallest area at which the model sees an image [the model's own]")->check(CLI::Range(int64_t{1}, kMaxPixels))->group(kGroup);
    app.add_option("--max-pixels", task.max_pixels, "largest area [200704, or the model's own where that is less]")->check(CLI::Range(int64_t{1}, kMaxPixels))->group(kGroup);
}

CLI::App* addClassify(CLI::App& app, Options& options) {
    CLI::App* classify = app.add_subcommand("classify", "Rank the candidates for each image, with confidences");
    classify->add_option("PATH", options.paths, "files and folders; - reads a list from standard input")->required();
    addModelOptions(*classify, options);
    addTaskOptions(*classify, options);
    classify->add_option("--top-k", options.top_k, "candidates per image, clamped to the number of classes")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::Range(1, kMaxTopK));
    classify->add_flag("-0", options.nul_separated, "the list on standard input is separated by NUL");
    classify
        ->add_option_function<std::string>("--logprobs", [&](const std::string& text) { options.logprobs = text == "on"; },
                                           "off: the best label only, without numbers [on]")
        ->check(CLI::IsMember({"on", "off"}));
    classify->add_option("--temperature", options.temperature, "divides the logits before softmax, in place of the model's own calibration")
        ->check(CLI::Range(0.01, 100.0));
    classify->add_flag("!--no-calibration", options.calibrated, "leave the model's calibration.json out");
    classify->add_option("--format", options.format, "table on a terminal, else jsonl")->check(CLI::IsMember({"table", "jsonl", "csv"}));
    classify->add_option("--output", options.output, "file that appears when everything is written; - is standard output")
        ->capture_default_str();
    classify->add_option("--decode", options.decode, "fast scales large JPEGs while decoding; auto: exact unless the model asks for it")
        ->capture_default_str()
        ->check(CLI::IsMember({"auto", "exact", "fast"}));
    classify->add_flag("--reproducible", options.reproducible, "the same bits for the same image, whatever stands beside it: one image a batch");
    classify->add_flag("!--no-recursive", options.recursive, "do not enter subfolders");
    classify->footer(
        "Examples:\n  shortlist-cli classify photo.jpg\n  shortlist-cli classify ~/Pictures --format jsonl --output results.jsonl\n"
        "  find . -name '*.jpg' -print0 | shortlist-cli classify -0 -\n"
        "  shortlist-cli classify scans --format csv --output scans.csv --decode fast\n"
        "  shortlist-cli classify photos --model ~/models/Qwen2-VL-2B-Instruct --labels labels.txt\n"
        "  shortlist-cli classify photo.jpg --model ~/models/Qwen2-VL-2B-Instruct --mode answer --prompt 'What is this?'\n"
        "Exit status: 0 all classified, 1 some images failed, 2 usage, 3 model or device, 4 output, 130 interrupted.");
    return classify;
}

CLI::App* addBench(CLI::App& app, Options& options) {
    CLI::App* bench = app.add_subcommand("bench", "Measure images per second with logprobs off and on, interleaved");
    bench->add_option("PATH", options.paths, "images; the samples when none is given");
    addModelOptions(*bench, options);
    addTaskOptions(*bench, options);
    bench->add_option("--k", options.bench_k, "numbers of candidates to measure")->capture_default_str()->check(CLI::Range(1, kMaxTopK));
    bench->add_option("--rounds", options.rounds, "rounds of off, on, on, off")->capture_default_str()->check(CLI::Range(1, 1000));
    bench->add_option("--images", options.images, "images per measurement")->capture_default_str()->check(CLI::Range(1, 1000000));
    bench->add_option("--format", options.format, "json or text")->check(CLI::IsMember({"json", "text"}));
    return bench;
}

CLI::App* addModels(CLI::App& app, Options& options) {
    CLI::App* models = app.add_subcommand("models", "Say what a model is");
    models->require_subcommand(1);
    CLI::App* info = models->add_subcommand("info", "Family, classes, input, preprocessing, parameters, licence and hash of a model");
    info->add_option("DIR", options.model, "built-in model or model directory")->capture_default_str();
    addDeviceOptions(*info, options);
    info->add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
    info->footer("Example:\n  shortlist-cli models info ~/models/resnet50");
    return models;
}

}  // namespace

std::optional<EarlyExit> parseOptions(int argc, const char* const* argv, Options& options) {
    CLI::App app{"Shortlist classifies images and ranks the candidates with honest confidences.", "shortlist-cli"};
    app.set_version_flag("--version", "shortlist " SHORTLIST_VERSION);
    app.require_subcommand(1);
    const CLI::App* classify = addClassify(app, options);
    const CLI::App* bench = addBench(app, options);
    const CLI::App* models = addModels(app, options);
    const CLI::App* man = app.add_subcommand("man", "Print the manual page (roff)");
    CLI::App* completion = app.add_subcommand("completion", "Print the completion file of a shell");
    completion->add_option("SHELL", options.shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& done) {
        std::ostringstream text;
        app.exit(done, text, text);
        return EarlyExit{kOk, text.str()};
    } catch (const CLI::ParseError& error) {
        return EarlyExit{kUsage, std::string("shortlist-cli: ") + error.what() + "\nTry: shortlist-cli --help\n"};
    }
    if (man->parsed())
        return EarlyExit{kOk, manualPage(app)};
    if (completion->parsed())
        return EarlyExit{kOk, completionFile(app, options.shell)};
    options.calibrated = options.calibrated && classify->get_option("--temperature")->count() == 0;
    options.command = bench->parsed() ? Command::Bench : models->parsed() ? Command::ModelInfo : Command::Classify;
    if (!classify->parsed() && !bench->parsed() && !models->parsed())
        return EarlyExit{kUsage, "Try: shortlist-cli --help\n"};
    if (options.format.empty())
        options.format = options.command == Command::Bench ? "json" : options.command == Command::ModelInfo ? "text" : options.output == "-" && isatty(STDOUT_FILENO) ? "table" : "jsonl";
    return std::nullopt;
}

}  // namespace shortlist::cli
