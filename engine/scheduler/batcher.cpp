// SPDX-License-Identifier: Apache-2.0
#include "engine/scheduler/batcher.h"

#include <algorithm>

namespace shortlist::engine {
namespace {

constexpr int kFirstBatch = 4;    // before anything is known of the model's speed
constexpr double kWeight = 0.25;  // of the newest batch in the mean

}  // namespace

BatchSizer::BatchSizer(int fixed, double budgetMs)
    : m_fixed(fixed), m_budgetMs(budgetMs), m_ceiling(fixed > 0 ? fixed : kMaxBatch), m_limit(fixed > 0 ? fixed : kFirstBatch) {}

void BatchSizer::finished(size_t images, double milliseconds) {
    if (m_fixed > 0 || images == 0)
        return;
    const double each = milliseconds / static_cast<double>(images);
    m_msPerImage = m_msPerImage == 0 ? each : m_msPerImage + kWeight * (each - m_msPerImage);
    const double fitting = m_msPerImage > 0 ? m_budgetMs / m_msPerImage : m_ceiling;
    const int wanted = fitting >= m_ceiling ? m_ceiling : static_cast<int>(fitting);
    // Growth is gradual: a batch twice as large may cost more than twice as much.
    m_limit = std::clamp(std::min(wanted, m_limit * 2), 1, m_ceiling);
}

bool BatchSizer::outOfMemory(size_t images) {
    m_ceiling = std::max(1, static_cast<int>(images / 2));
    m_limit = std::min(m_limit, m_ceiling);
    return images > 1;
}

}  // namespace shortlist::engine
