// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/text/label_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace shortlist::torch_backend {
namespace {

constexpr double kNegativeInfinity = -std::numeric_limits<double>::infinity();

double logAdd(double a, double b) {
    if (a < b)
        std::swap(a, b);
    return b == kNegativeInfinity ? a : a + std::log1p(std::exp(b - a));
}

}  // namespace

// The most probable prefix on top of the heap, of equal ones the node that came first.
auto LabelSearch::frontierOrder() const {
    return [this](int32_t a, int32_t b) { return std::pair(m_prefix[static_cast<size_t>(a)], -a) < std::pair(m_prefix[static_cast<size_t>(b)], -b); };
}

LabelSearch::LabelSearch(const LabelTrie& trie, SearchMode mode, size_t k)
    : m_trie(trie), m_all(mode == SearchMode::All || (mode == SearchMode::Auto && trie.nodes().size() <= kAllUpTo)), m_k(std::min(k, trie.labelCount())),
      m_labels(trie.labelCount(), State{kNegativeInfinity}), m_prefix(trie.nodes().size(), std::nan("")) {
    for (size_t label = 0; label < m_labels.size(); ++label)
        m_labels[label].open = static_cast<int32_t>(trie.endsOf(label).size());
    m_prefix[0] = 0;
    m_frontier.push_back(0);
}

std::vector<int32_t> LabelSearch::next() {
    std::vector<int32_t> nodes;
    if (m_all) {
        if (std::exchange(m_started, true))
            return nodes;
        for (size_t i = 0; i < m_trie.nodes().size(); ++i)  // children were inserted after their parents
            if (!m_trie.nodes()[i].children.empty())
                nodes.push_back(static_cast<int32_t>(i));
        m_frontier.clear();
        return nodes;
    }
    if (isDecided())
        return nodes;
    const auto less = frontierOrder();
    for (size_t left = std::min(kChunk, m_frontier.size()); left > 0; --left) {
        std::pop_heap(m_frontier.begin(), m_frontier.end(), less);
        nodes.push_back(m_frontier.back());
        m_frontier.pop_back();
    }
    return nodes;
}

void LabelSearch::answer(int32_t node, std::span<const float> logprobs) {
    const auto& children = m_trie.node(node).children;
    ++m_opened;
    const auto less = frontierOrder();
    for (size_t i = 0; i < children.size(); ++i) {
        const auto child = static_cast<size_t>(children[i]);
        m_prefix[child] = m_prefix[static_cast<size_t>(node)] + logprobs[i];
        const int32_t label = m_trie.nodes()[child].label;
        if (label >= 0) {
            State& state = m_labels[static_cast<size_t>(label)];
            state.logprob = logAdd(state.logprob, m_prefix[child]);
            --state.open;
        } else if (!m_all) {
            m_frontier.push_back(children[i]);
            std::push_heap(m_frontier.begin(), m_frontier.end(), less);
        }
    }
}

// Every variant that is open lies below one frontier node, the first of its ancestors whose prefix is known.
double LabelSearch::upperBound(size_t label) const {
    double bound = m_labels[label].logprob;
    for (const int32_t end : m_trie.endsOf(label)) {
        if (!std::isnan(m_prefix[static_cast<size_t>(end)]))
            continue;  // scored, and in the sum already
        int32_t at = end;
        while (std::isnan(m_prefix[static_cast<size_t>(at)]))
            at = m_trie.node(at).parent;
        bound = logAdd(bound, m_prefix[static_cast<size_t>(at)]);
    }
    return bound;
}

bool LabelSearch::isDecided() const {
    if (m_frontier.empty())
        return true;
    if (openMass() > kOpenShare * scoredMass())
        return false;
    const std::vector<size_t> best = ranking();
    if (best.size() < m_k)
        return false;
    const double worst = m_labels[best.back()].logprob;
    for (size_t label = 0; label < m_labels.size(); ++label)
        if (!complete(label) && upperBound(label) >= worst)
            return false;
    return true;
}

std::vector<size_t> LabelSearch::ranking() const {
    std::vector<size_t> order;
    for (size_t label = 0; label < m_labels.size(); ++label)
        if (complete(label))
            order.push_back(label);
    const size_t kept = std::min(m_k, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                      [this](size_t a, size_t b) { return std::pair(-m_labels[a].logprob, a) < std::pair(-m_labels[b].logprob, b); });
    order.resize(kept);
    return order;
}

double LabelSearch::scoredMass() const {
    return std::accumulate(m_labels.begin(), m_labels.end(), 0.0, [](double sum, const State& state) { return sum + std::exp(state.logprob); });
}

double LabelSearch::openMass() const {
    return std::accumulate(m_frontier.begin(), m_frontier.end(), 0.0, [this](double sum, int32_t node) { return sum + std::exp(m_prefix[static_cast<size_t>(node)]); });
}

}  // namespace shortlist::torch_backend
