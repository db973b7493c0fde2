// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/patch_grid.h"

#include <algorithm>
#include <cmath>

namespace shortlist::torch_backend {

ImageSize smartResize(int32_t width, int32_t height, int32_t factor, PixelLimits limits) {
    constexpr double kMaxRatio = 200;
    const double w = std::max<double>(width, height / kMaxRatio), h = std::max<double>(height, width / kMaxRatio);
    const auto multiple = [&](double sides) { return static_cast<int64_t>(sides) * factor; };
    int64_t across = multiple(std::nearbyint(w / factor)), down = multiple(std::nearbyint(h / factor));  // Python's round()
    if (across * down > limits.most) {
        const double beta = std::sqrt(h * w / static_cast<double>(limits.most));
        down = std::max<int64_t>(factor, multiple(std::floor(h / beta / factor)));
        across = std::max<int64_t>(factor, multiple(std::floor(w / beta / factor)));
    } else if (across * down < limits.least) {
        const double beta = std::sqrt(static_cast<double>(limits.least) / (h * w));
        down = multiple(std::ceil(h * beta / factor));
        across = multiple(std::ceil(w * beta / factor));
    }
    return {static_cast<int32_t>(across), static_cast<int32_t>(down)};
}

}  // namespace shortlist::torch_backend
