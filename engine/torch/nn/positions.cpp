// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/nn/positions.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/upsample_bicubic2d.h>

#include <cmath>
#include <string>

#include "engine/error.h"

namespace shortlist::torch_backend {
namespace {

int64_t sideOf(int64_t n) { return std::llround(std::sqrt(static_cast<double>(n))); }
bool isSquare(int64_t n) { return sideOf(n) * sideOf(n) == n; }

at::Tensor interpolated(const at::Tensor& positions, PatchGrid grid, bool antialias) {
    const int64_t n = positions.size(1), side = sideOf(n);
    if (n == grid.rows * grid.columns && (grid.rows == grid.columns || !isSquare(n)))
        return positions;
    if (!isSquare(n) || grid.rows < 1 || grid.columns < 1)
        throw engine::Error(engine::ErrorKind::Model, "The " + std::to_string(n) + " positions of the model are no square and do not fit an input of " +
                                                          std::to_string(grid.columns) + " x " + std::to_string(grid.rows) + " patches.");
    const at::Tensor square = positions.reshape({1, side, side, -1}).permute({0, 3, 1, 2});  // [1, size, side, side]
    const at::Tensor resized = antialias ? at::_upsample_bicubic2d_aa(square, {grid.rows, grid.columns}, false)
                                         : at::upsample_bicubic2d(square, {grid.rows, grid.columns}, false);
    return resized.permute({0, 2, 3, 1}).reshape({1, grid.rows * grid.columns, -1});
}

}  // namespace

int64_t coveredTokens(int64_t positions, int64_t tokens, PatchGrid grid) {
    const int64_t patches = grid.rows * grid.columns;
    if (positions == patches + tokens || positions == patches)
        return positions - patches;
    return isSquare(positions - tokens) ? tokens : 0;
}

PlacedTokens placeTokens(const at::Tensor& positions, const at::Tensor& prefix, int64_t covered, PatchGrid grid, bool antialias) {
    PlacedTokens placed{prefix, interpolated(positions.slice(1, covered), grid, antialias)};
    if (covered > 0) {
        const at::Tensor first = prefix.slice(1, 0, covered) + positions.slice(1, 0, covered);
        placed.prefix = covered == prefix.size(1) ? first : at::cat({first, prefix.slice(1, covered)}, 1);
    }
    return placed;
}

}  // namespace shortlist::torch_backend
