// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace shortlist::engine {

// Chooses how many images the next batch may hold, so that one batch lasts no longer than the budget. Used by the
// inference thread alone.
class BatchSizer {
  public:
    // fixed > 0: always that many, unless memory ran out.
    BatchSizer(int fixed, double budgetMs);

    int limit() const { return m_limit; }
    void finished(size_t images, double milliseconds);
    // Halves the limit for good. False when a single image did not fit.
    bool outOfMemory(size_t images);

    static constexpr int kMaxBatch = 32;

  private:
    int m_fixed;
    double m_budgetMs;
    double m_msPerImage = 0;  // exponential mean
    int m_ceiling;
    int m_limit;
};

}  // namespace shortlist::engine
