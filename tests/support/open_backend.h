// SPDX-License-Identifier: Apache-2.0
// The libtorch module as the engine opens it, without the engine.
#pragma once

#include <memory>

#include "engine/backend.h"
#include "engine/modules.h"

namespace shortlist::test {

// The CUDA library first and globally. Throws engine::Error.
inline std::unique_ptr<engine::Backend> openBackend(const engine::BackendConfig& config) {
    static const engine::Host host{engine::kBackendAbi, nullptr, [](void*, int, std::string_view) {}};
    if (config.device == "cuda")
        engine::openModule(engine::modulePath("shortlist_torch_cuda"), true);
    const std::string path = engine::modulePath("shortlist_torch");
    const auto entry = reinterpret_cast<engine::BackendEntry>(engine::moduleSymbol(engine::openModule(path, false), path, engine::kBackendEntryName));
    return entry(&host).create(config);
}

}  // namespace shortlist::test
