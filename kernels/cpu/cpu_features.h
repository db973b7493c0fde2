// SPDX-License-Identifier: Apache-2.0
// Which compiled-in pass this CPU can run. The variables SHORTLIST_NO_AVX512 and SHORTLIST_NO_AVX2 hide one, for tests.
#pragma once

namespace shortlist::kernels {

bool hasAvx512();  // f, bw, vl, dq
bool hasAvx512Bf16();
bool hasAvx2();    // with fma and f16c

}  // namespace shortlist::kernels
