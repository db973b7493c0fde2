// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "engine/error.h"

namespace shortlist::torch_backend {

// Between the layers of a large model. Throws engine::Error(Cancelled).
inline void throwIfStopped(const std::stop_token& stop) {
    if (stop.stop_requested())
        throw engine::Error(engine::ErrorKind::Cancelled, "Cancelled.");
}

}  // namespace shortlist::torch_backend
