// SPDX-License-Identifier: Apache-2.0
#include "kernels/row_products.h"

#include "kernels/row_products_impl.h"

namespace shortlist::kernels {

void rowProducts(const RowProductArgs& args, float* out, const Stream& stream) {
    require(stream.device == Device::Cpu, "row_products: only on the CPU");
    require(args.rows >= 0 && args.n >= 0 && args.depth >= 1, "row_products: rows, n or depth is negative, or depth 0");
    if (args.rows == 0 || args.n == 0)
        return;
    require(args.x && args.weight && out, "row_products: a pointer is null");
    require(reinterpret_cast<uintptr_t>(args.x) % 2 == 0 && reinterpret_cast<uintptr_t>(args.weight) % 2 == 0 && reinterpret_cast<uintptr_t>(out) % 4 == 0,
            "row_products: a pointer is not aligned");
    rowProductsCpu(args, out, stream.threads);
}

}  // namespace shortlist::kernels
