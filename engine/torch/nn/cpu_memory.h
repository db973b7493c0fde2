// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace shortlist::torch_backend {

// From then on, large blocks that CPU tensors free are kept for the next ones, at most `bytes` of them. Without it every activation of a
// batch is a fresh mapping, and its page faults cost up to a third of a small network's time. For the life of the process; a second
// call changes the bound.
void keepFreedMemory(size_t bytes);

}  // namespace shortlist::torch_backend
