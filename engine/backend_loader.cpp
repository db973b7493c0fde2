// SPDX-License-Identifier: Apache-2.0
#include "engine/backend_loader.h"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>

#include "engine/log.h"
#include "engine/modules.h"

namespace shortlist::engine {
namespace {

constexpr int kNeededDriver = 13000;  // CUDA 13.0, as the driver API counts

void forwardLog(void*, int level, std::string_view message) {
    log::write(static_cast<log::Level>(std::clamp(level, 0, 3)), message);
}

// Stays open: its symbols serve libtorch_cuda later.
int driverVersion() {
    void* driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
    if (!driver)
        return 0;
    const auto query = reinterpret_cast<int (*)(int*)>(dlsym(driver, "cuDriverGetVersion"));
    int version = 0;
    return query && query(&version) == 0 ? version : 0;
}

bool isCuda(const std::string& device) { return device.starts_with("cuda"); }

BackendModule openTorch(bool cuda) {
    static const Host host{kBackendAbi, nullptr, forwardLog};
    if (cuda) {
        // The CUDA library first and globally: ATen looks its hooks up at the first call and keeps the answer. The
        // small module carries its full path, so the loader finds libtorch_cuda through it.
        openModule(modulePath("shortlist_torch_cuda"), true);
    }
    const std::string path = modulePath("shortlist_torch");
    const auto entry = reinterpret_cast<BackendEntry>(moduleSymbol(openModule(path, false), path, kBackendEntryName));
    const BackendModule module = entry(&host);
    if (module.abi != kBackendAbi || !module.create)
        throw Error(ErrorKind::Backend, "The module " + path + " belongs to another version: build again with packaging/run.");
    return module;
}

}  // namespace

std::string cudaObstacle() {
    if (!std::filesystem::exists(modulePath("shortlist_torch_cuda")))
        return "This build has no CUDA support: install it with packaging/install-libtorch cuda and build again.";
    static const int version = driverVersion();
    if (version == 0)
        return "No NVIDIA driver was found on this machine.";
    if (version < kNeededDriver)
        return "The NVIDIA driver supports CUDA " + std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10) +
               "; 13.0 or newer is needed: update the driver to version 580 or newer.";
    return "";
}

void checkDeviceName(const std::string& name) {
    const bool numbered = name.starts_with("cuda:") && name.size() > 5 && name.size() <= 8 &&
                          std::all_of(name.begin() + 5, name.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (name != "auto" && name != "cpu" && name != "cuda" && !numbered)
        throw Error(ErrorKind::Device, "Unknown device \"" + name + "\": use auto, cpu, cuda or cuda:N.");
}

std::unique_ptr<Backend> makeBackend(const BackendConfig& config, std::string& deviceNote) {
    checkDeviceName(config.device);
    BackendConfig resolved = config;
    resolved.model_directory = resolveModel(config.model_directory);
    if (config.device != "cpu") {
        const std::string obstacle = cudaObstacle();
        if (!obstacle.empty() && isCuda(config.device))
            throw Error(ErrorKind::Device, "CUDA cannot be used. " + obstacle + " Or choose --device cpu.");
        deviceNote = obstacle;
        if (config.device == "auto")
            resolved.device = obstacle.empty() ? "cuda" : "cpu";
    }
    // The first choice decides for the process: ATen keeps its hooks.
    static const BackendModule module = openTorch(isCuda(resolved.device));
    return module.create(resolved);
}

}  // namespace shortlist::engine
