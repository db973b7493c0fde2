// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "engine/backend.h"

namespace shortlist::engine {

// Opens the libtorch module (once per process) and makes a backend. Must run on the inference thread before any other
// use of torch: CUDA hooks are cached at the first ATen call. With device "auto" the CPU is taken when CUDA cannot be
// used, and `deviceNote` says why; with "cuda" the same reason is thrown as Error(Device).
std::unique_ptr<Backend> makeBackend(const BackendConfig& config, std::string& deviceNote);

// Why CUDA cannot be used on this machine with this build, as a sentence; empty when it can.
std::string cudaObstacle();

// Throws Error(Device) unless the name is auto, cpu, cuda or cuda:N.
void checkDeviceName(const std::string& name);

}  // namespace shortlist::engine
