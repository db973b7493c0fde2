// SPDX-License-Identifier: Apache-2.0
#include "engine/outcome.h"

#include <limits>

namespace shortlist::engine {

float Outcome::margin() const {
    if (candidates.size() < 2 || !logprobs)
        return std::numeric_limits<float>::quiet_NaN();
    return candidates[0].logprob - candidates[1].logprob;
}

}  // namespace shortlist::engine
