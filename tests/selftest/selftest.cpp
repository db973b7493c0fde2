// SPDX-License-Identifier: Apache-2.0
// shortlist-selftest --device cpu|cuda
// The kernels' and the backend's test bodies without Qt, for a bare GPU server. Exit status: 0 all passed, 1 some failed, 2 usage, 3 the device
// cannot be used.
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "tests/selftest/device_runner.h"
#include "tests/support/cases_model.h"
#include "tests/support/cases_vlm.h"
#include "tests/support/model_files.h"
#include "tests/support/open_backend.h"

namespace shortlist::test {
namespace {

constexpr bool kHaveTorch = SHORTLIST_HAVE_TORCH;

class Tally {
  public:
    template <typename Body>
    void row(const std::string& name, Body body) {
        try {
            body();
            ++m_passed;
        } catch (const std::exception& failure) {
            ++m_failed;
            std::printf("FAIL %s: %s\n", name.c_str(), failure.what());
        }
    }
    int finish() const {
        std::printf("%d passed, %d failed\n", m_passed, m_failed);
        return m_failed > 0 ? 1 : 0;
    }

  private:
    int m_passed = 0, m_failed = 0;
};

DeviceRunner cpuRunner() {
    return {"cpu", [](const kernels::TopkArgs& args, const kernels::TopkOut& out) { kernels::topkLogprobs(args, out, {}); },
            [](const kernels::ImageToTensorArgs& args, void* out) { kernels::imageToTensor(args, out, {}); }};
}

void runModelRows(const std::string& device, Tally& tally) {
    std::unique_ptr<engine::Backend> backend;
    tally.row("model/load", [&] { backend = openBackend({SHORTLIST_SOURCE_DIR "/resources/models/everyday", device, "fp32", 0}); });
    if (!backend)
        return;
    const nlohmann::json golden = readGolden("everyday.json");
    std::vector<HashImage> images;
    std::vector<engine::PreparedImage> views;
    for (const auto& image : golden["images"])
        if (image.contains("hash")) {
            images.emplace_back(image["hash"]);
            // cuDNN may compute fp32 convolutions in TF32
            tally.row("model/logits/" + image["hash"].dump(), [&] {
                checkLogits(logitsOf(*backend, images.back().view()), image["logits"].get<std::vector<double>>(), device == "cpu" ? 1e-4 : 3e-3);
            });
        }
    for (const HashImage& image : images)
        views.push_back(image.view());
    tally.row("model/same image, same number", [&] { runSameImageSameNumber(*backend, views); });
    tally.row("model/switch", [&] { runSwitchCase(*backend, views[0]); });
}

// Every family's configurations, written as model directories; in fp32, on CUDA within TF32's digits.
void runFamilyRows(const std::string& device, Tally& tally) {
    const auto directory = std::filesystem::temp_directory_path() / ("shortlist-selftest-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory);
    for (const char* file : kFamilyGoldens)
        for (const auto& golden : readGolden(file))
            tally.row("family/" + golden["name"].get<std::string>(), [&] {
                writeGoldenModel(directory.string(), golden);
                const auto backend = openBackend({directory.string(), device, "fp32", 0});
                runModelGolden(*backend, golden, false, device == "cpu" ? 1e-4 : 1e-2);
            });
    std::filesystem::remove_all(directory);
}

// Qwen2-VL's small configurations: answers and labels, on CUDA with the tolerance of bf16 for TF32's sake; what a task may not be; the switch.
void runVlmRows(const std::string& device, Tally& tally) {
    const auto directory = std::filesystem::temp_directory_path() / ("shortlist-selftest-vlm-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory);
    for (const auto& golden : readGolden("qwen2_vl.json")) {
        const std::string name = "qwen2_vl/" + golden["name"].get<std::string>();
        writeVlmModel(directory.string(), golden);
        const auto row = [&](const char* what, auto body) {
            tally.row(name + "/" + what, [&] { body(*openBackend({directory.string(), device, "fp32", 0})); });
        };
        row("answers", [&](engine::Backend& backend) { runVlmAnswers(backend, golden, device != "cpu"); });
        row("labels", [&](engine::Backend& backend) { runVlmLabels(backend, golden, device != "cpu"); });
        row("refusals", [&](engine::Backend& backend) { runVlmRefusals(backend, golden); });
        row("switch", [&](engine::Backend& backend) { runVlmSwitch(backend, golden); });
    }
    std::filesystem::remove_all(directory);
}

int run(const DeviceRunner& device, const std::string& deviceName) {
    std::printf("device: %s\n", device.name.c_str());
    Tally tally;
    for (const TopkCase& c : topkCases())
        tally.row(c.name, [&] { runTopkCase(c, device.topk); });
    for (const DType type : {DType::F32, DType::F16, DType::BF16})
        tally.row(std::string("nonfinite/") + typeName(type), [&] { runNonfiniteCases(type, device.topk); });
    for (const ResizeCase& c : resizeCases())
        for (const auto layout : {kernels::Layout::Nchw, kernels::Layout::Nhwc})
            for (const DType type : {DType::F32, DType::F16, DType::BF16})
                tally.row("resize/seed=" + std::to_string(c.seed), [&] { runResizeCase(c, layout, type, device.image); });
    for (const PatchesCase& c : patchesCases())
        for (const DType type : {DType::F32, DType::F16, DType::BF16})
            tally.row("patches/patch=" + std::to_string(c.patch), [&] { runPatchesCase(c, type, device.image); });
    if (kHaveTorch) {
        runModelRows(deviceName, tally);
        runFamilyRows(deviceName, tally);
        runVlmRows(deviceName, tally);
    }
    return tally.finish();
}

}  // namespace
}  // namespace shortlist::test

int main(int argc, char** argv) {
    using namespace shortlist::test;
    const std::string device = argc == 3 && std::string(argv[1]) == "--device" ? argv[2] : "";
    if (device != "cpu" && device != "cuda") {
        std::fprintf(stderr, "usage: shortlist-selftest --device cpu|cuda\n");
        return 2;
    }
    try {
        return run(device == "cpu" ? cpuRunner() : cudaRunner(), device);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "shortlist-selftest: %s\n", error.what());
        return 3;
    }
}
