// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "tests/selftest/device_runner.h"

namespace shortlist::test {

DeviceRunner cudaRunner() { throw std::runtime_error("this build has no CUDA kernels"); }

}  // namespace shortlist::test
