// SPDX-License-Identifier: Apache-2.0
// Chooses the pass for this CPU, spreads rows (or pieces of one long row) over threads, merges and writes.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "kernels/cpu/cpu_features.h"
#include "kernels/cpu/thread_pool.h"
#include "kernels/cpu/topk_chunk.h"
#include "kernels/half.h"
#include "kernels/topk_logprobs_impl.h"

namespace shortlist::kernels {
namespace {

constexpr int64_t kLogitsPerThread = 32768;  // less work than this does not pay for waking a thread
constexpr int64_t kLogitsPerPiece = 262144;  // nor does splitting one row into pieces shorter than this
constexpr int64_t kRowsTogether = 16;        // handed to a thread at once

// Empty where the portable form has to do.
TopkPass choosePass() {
#if defined(__x86_64__)
    if (hasAvx512())
        return topkPassAvx512();
    if (hasAvx2())
        return topkPassAvx2();
#endif
    return {};
}

const void* rowAt(const TopkArgs& args, int64_t r) {
    return static_cast<const char*>(args.logits) + r * args.row_stride * static_cast<int64_t>(sizeOf(args.type));
}

void reset(TopkChunk& chunk, int k) {
    chunk.sum = chunk.weighted = 0;
    chunk.shift = 0;
    chunk.max = -std::numeric_limits<float>::infinity();
    chunk.best.reset(k);
}

// Adds piece b of the same row to a; a keeps the larger maximum. Both hold their best candidates.
void merge(TopkChunk& a, TopkChunk& b) {
    if (a.best.room() < b.best.count())
        a.best.prune();
    std::copy(b.best.begin(), b.best.end(), a.best.end());
    a.best.grow(b.best.count());
    const bool takeB = b.max > a.max;
    const double change = takeB ? static_cast<double>(b.shift) - a.shift : static_cast<double>(a.shift) - b.shift;
    const double factor = std::exp(change);
    const auto moved = [&](const TopkChunk& c) { return (c.weighted + change * c.sum) * factor; };
    if (b.max == -std::numeric_limits<float>::infinity() && b.sum == b.sum)
        return;  // nothing but -inf
    a.weighted = takeB ? (a.sum > 0 ? moved(a) : 0) + b.weighted : a.weighted + moved(b);
    a.sum = takeB ? (a.sum > 0 ? a.sum * factor : a.sum) + b.sum : a.sum + b.sum * factor;
    a.max = std::max(a.max, b.max);
    a.shift = takeB ? b.shift : a.shift;
}

void writeRow(const TopkArgs& args, const TopkOut& out, const TopkPass& pass, int64_t r, TopkChunk& chunk) {
    if (chunk.max < std::numeric_limits<float>::infinity() && !std::isfinite(chunk.shift) && std::isfinite(chunk.max))
        return scoreRowPortable(args, out, r);  // max * inv_temperature leaves fp32
    if (!std::isfinite(chunk.sum) || !std::isfinite(chunk.max))
        return writeNonfiniteRow(args, out, r);
    const double logSum = std::log(chunk.sum), scale = args.inv_temperature, shift = chunk.shift;
    const auto logprob = [&](float value) { return static_cast<float>(value * scale + shift - logSum); };
    Candidates& best = chunk.best;
    if (best.count() > kMaxRanked)
        best.prune();
    TopkEntry entries[kMaxTopk];
    pass.rank(best.begin(), best.count(), args.k, entries);
    for (int j = 0; j < args.k; ++j) {
        out.ids[r * args.k + j] = entries[j].id;
        out.logprobs[r * args.k + j] = logprob(entries[j].value);
    }
    out.logsumexp[r] = static_cast<float>(logSum - shift);
    out.entropy[r] = std::max(0.0f, static_cast<float>(logSum - chunk.weighted / chunk.sum));
    out.nonfinite[r] = 0;
    const void* row = rowAt(args, r);
    for (int64_t g = 0; g < args.given_count; ++g) {
        const int32_t id = args.given[g];
        out.given_logprobs[r * args.given_count + g] =
            id >= 0 && id < args.n ? logprob(loadFloat(args.type, row, id)) : std::numeric_limits<float>::quiet_NaN();
    }
}

TopkChunk& threadChunk() {
    static thread_local const auto chunk = std::make_unique<TopkChunk>();
    return *chunk;
}

void scoreRows(const TopkArgs& args, const TopkOut& out, const TopkPass& pass, int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
        if (!pass.scan) {
            scoreRowPortable(args, out, r);
            continue;
        }
        TopkChunk& chunk = threadChunk();
        reset(chunk, args.k);
        pass.scan(rowAt(args, r), args.type, 0, args.n, args.inv_temperature, args.k, chunk);
        writeRow(args, out, pass, r, chunk);
    }
}

// One row, its pieces on several threads. Pieces are fixed by the number of threads, so the same call gives the same bits.
void scoreSplitRow(const TopkArgs& args, const TopkOut& out, const TopkPass& pass, int64_t r, int pieces) {
    static thread_local std::vector<TopkChunk> chunks;
    chunks.resize(static_cast<size_t>(pieces));
    auto* shared = chunks.data();
    const int64_t blocks = (args.n + kTopkBlock - 1) / kTopkBlock;
    parallelFor(pieces, pieces, [&](int64_t p) {
        reset(shared[p], args.k);
        pass.scan(rowAt(args, r), args.type, blocks * p / pieces * kTopkBlock, std::min(args.n, blocks * (p + 1) / pieces * kTopkBlock), args.inv_temperature,
             args.k, shared[p]);
        shared[p].best.prune();
    });
    for (int p = 1; p < pieces; ++p)
        merge(shared[0], shared[p]);
    writeRow(args, out, pass, r, shared[0]);
}

}  // namespace

void Candidates::reset(int k) {
    m_k = k;
    m_count = 0;
    m_threshold = -std::numeric_limits<float>::infinity();
    m_isOpen = true;
}

void Candidates::prune() {
    if (m_count < m_k)
        return;
    std::nth_element(m_entries, m_entries + m_k - 1, m_entries + m_count, comesBefore);
    m_count = m_k;
    m_threshold = m_entries[m_k - 1].value;
    m_isOpen = false;
}

void writeNonfiniteRow(const TopkArgs& args, const TopkOut& out, int64_t r) {
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    std::fill_n(out.ids + r * args.k, args.k, -1);
    std::fill_n(out.logprobs + r * args.k, args.k, kNan);
    out.logsumexp[r] = out.entropy[r] = kNan;
    out.nonfinite[r] = 1;
    if (args.given_count > 0)
        std::fill_n(out.given_logprobs + r * args.given_count, args.given_count, kNan);
}

void topkLogprobsCpu(const TopkArgs& args, const TopkOut& out, const Stream& stream) {
    static const TopkPass pass = choosePass();
    const int threads = static_cast<int>(std::clamp<int64_t>(args.rows * args.n / kLogitsPerThread, 1, std::max(1, stream.threads)));
    if (threads == 1)
        return scoreRows(args, out, pass, 0, args.rows);
    const int pieces = static_cast<int>(std::min<int64_t>(threads, args.n / kLogitsPerPiece));
    if (pass.scan && pieces > 1 && args.rows < threads) {
        for (int64_t r = 0; r < args.rows; ++r)
            scoreSplitRow(args, out, pass, r, pieces);
        return;
    }
    if (args.rows == 1)
        return scoreRows(args, out, pass, 0, 1);
    const int64_t together = std::clamp<int64_t>(args.rows / (4 * threads), 1, kRowsTogether);
    parallelFor(threads, (args.rows + together - 1) / together,
                [&](int64_t part) { scoreRows(args, out, pass, part * together, std::min(args.rows, (part + 1) * together)); });
}

}  // namespace shortlist::kernels
