// SPDX-License-Identifier: Apache-2.0
#include "engine/outcome.h"

#include <cmath>
#include <limits>

namespace shortlist::engine {

float Outcome::margin() const {
    if (candidates.size() < 2 || !logprobs)
        return std::numeric_limits<float>::quiet_NaN();
    return candidates[0].logprob - candidates[1].logprob;
}

double Outcome::confidence(size_t rank) const {
    return set ? candidates[rank].set_confidence : std::exp(static_cast<double>(candidates[rank].logprob));
}

}  // namespace shortlist::engine
