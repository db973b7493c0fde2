// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace shortlist::torch_backend {

struct PatchGrid {
    int64_t rows = 0, columns = 0;
};

// How many of the tokens before the patches have positions in a timm file: all or none (no_embed_class).
int64_t coveredTokens(int64_t positions, int64_t tokens, PatchGrid grid);

struct PlacedTokens {
    at::Tensor prefix;     // [1, tokens, size] with their positions added; undefined: none
    at::Tensor positions;  // [1, rows * columns, size]
};

// Splits a vision transformer's learned positions [1, n, size] into those of the first `covered` tokens of prefix [1, tokens, size] and
// those of the patches, which are interpolated (bicubic, as the reference of each layout: antialiased or not) where the input has another
// grid. Throws engine::Error(Model) when they fit no square.
PlacedTokens placeTokens(const at::Tensor& positions, const at::Tensor& prefix, int64_t covered, PatchGrid grid, bool antialias);

}  // namespace shortlist::torch_backend
