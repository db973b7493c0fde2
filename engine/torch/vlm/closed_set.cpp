// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/vlm/closed_set.h"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/torch/nn/indices.h"

namespace shortlist::torch_backend {
namespace {

constexpr size_t kRowsTogether = 512;   // nodes of one forward
constexpr int64_t kLogitRows = 96;      // rows of the vocabulary that are in memory at once
constexpr int64_t kCachedRows = 8192;   // nodes of one image whose keys and values are kept; then they are fed again

SearchMode modeOf(engine::Task::Search search) {
    return search == engine::Task::Search::All ? SearchMode::All : search == engine::Task::Search::Best ? SearchMode::Best : SearchMode::Auto;
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

}  // namespace

ClosedSet::ClosedSet(const std::vector<Label>& labels, const Chat& chat, engine::Task::Search search) : m_search(modeOf(search)) {
    for (const Label& label : labels)
        m_names.push_back(label.name);
    m_trie = std::make_unique<LabelTrie>(labels, [&](const std::string& text) { return chat.answer(text); });
    for (const LabelTrie::Node& node : m_trie->nodes())
        m_longest = std::max<int64_t>(m_longest, node.depth);
}

ClosedSet::Chunk ClosedSet::chunkOf(Tree& tree, std::vector<int32_t> asked) const {
    std::sort(asked.begin(), asked.end());
    Chunk chunk{&tree, asked, {}};
    for (const int32_t node : asked)
        for (int32_t at = node; at > 0 && !tree.place.contains(at); at = m_trie->node(at).parent) {
            chunk.fed.push_back(at);
            tree.place[at] = -1;  // on its way
        }
    std::sort(chunk.fed.begin(), chunk.fed.end());
    for (size_t i = 0; i < chunk.fed.size(); ++i)
        tree.place[chunk.fed[i]] = tree.sequence.cache.length() + static_cast<int64_t>(i);
    return chunk;
}

// bool [fed, cache length + fed]: the prompt, the ancestors and the node itself are seen.
at::Tensor ClosedSet::maskOf(const Chunk& chunk, at::Device device) const {
    const auto rows = static_cast<int64_t>(chunk.fed.size()), columns = chunk.tree->sequence.cache.length() + rows;
    const at::Tensor mask = at::zeros({rows, columns}, at::TensorOptions().dtype(at::kBool));
    auto* row = mask.mutable_data_ptr<bool>();
    for (const int32_t node : chunk.fed) {
        std::fill_n(row, chunk.tree->prompt, true);
        for (int32_t at = node; at > 0; at = m_trie->node(at).parent)
            row[chunk.tree->place.at(at)] = true;
        row += columns;
    }
    return mask.to(device);
}

void ClosedSet::expand(Decoder& decoder, Selector& selector, std::vector<Chunk>& chunks, const std::stop_token& stop) const {
    std::vector<int32_t> tokens;
    std::vector<Place> places;
    std::vector<Span> spans;
    std::vector<int64_t> wanted;
    std::vector<std::pair<Tree*, int32_t>> nodes;
    for (Chunk& chunk : chunks) {
        chunk.tree->sequence.cache.reserve(static_cast<int64_t>(chunk.fed.size()));
        for (const int32_t node : chunk.fed) {
            if (std::binary_search(chunk.asked.begin(), chunk.asked.end(), node)) {
                wanted.push_back(static_cast<int64_t>(tokens.size()));
                nodes.emplace_back(chunk.tree, node);
            }
            tokens.push_back(m_trie->node(node).token);
            const int32_t at = chunk.tree->sequence.next + m_trie->node(node).depth - 1;
            places.push_back({at, at, at});
        }
    }
    const at::Tensor x = decoder.embed(tokens);
    for (const Chunk& chunk : chunks)
        spans.push_back({&chunk.tree->sequence.cache, static_cast<int64_t>(chunk.fed.size()), false, false, maskOf(chunk, x.device())});
    const at::Tensor states = decoder.forward(x, places, spans, stop);
    answer(decoder, selector, states.index_select(0, indices(wanted, x.device())), nodes);
}

// states: [nodes, size], what comes after each node's prefix.
void ClosedSet::answer(Decoder& decoder, Selector& selector, const at::Tensor& states, const std::vector<std::pair<Tree*, int32_t>>& nodes) const {
    for (int64_t begin = 0; begin < states.size(0); begin += kLogitRows) {
        const int64_t count = std::min(kLogitRows, states.size(0) - begin);
        const at::Tensor logits = decoder.logits(states.narrow(0, begin, count));  // [count, vocabulary]
        std::vector<int64_t> wanted;
        for (int64_t r = 0; r < count; ++r)
            for (const int32_t child : m_trie->node(nodes[static_cast<size_t>(begin + r)].second).children)
                wanted.push_back(r * logits.size(1) + m_trie->node(child).token);
        const at::Tensor values = logits.view({-1}).index_select(0, indices(wanted, logits.device())).cpu();
        const Selector::Rows normalisers = selector(logits, 1);
        const auto* value = values.const_data_ptr<float>();
        for (int64_t r = 0; r < count; ++r) {
            const auto [tree, node] = nodes[static_cast<size_t>(begin + r)];
            std::vector<float> logprobs(m_trie->node(node).children.size());
            tree->nonfinite |= normalisers.out.nonfinite[r] != 0;
            for (float& logprob : logprobs)
                logprob = tree->nonfinite ? 0.0f : *value - normalisers.out.logsumexp[r], ++value;
            tree->search.answer(node, logprobs);
        }
    }
}

void ClosedSet::score(Decoder& decoder, Selector& selector, Qwen2Vl::Prefilled& prefilled, const engine::ScoreOptions& options, engine::ScoreRows& rows,
                      const std::stop_token& stop) const {
    const size_t k = std::min<size_t>(static_cast<size_t>(std::max(1, options.top_k)), m_names.size());
    std::vector<Tree> trees;
    for (Sequence& sequence : prefilled.sequences)
        trees.push_back({sequence, LabelSearch(*m_trie, m_search, k), sequence.cache.length(), {}});
    std::vector<std::pair<Tree*, int32_t>> roots;
    std::vector<std::vector<int32_t>> asked;  // of each tree, and not scored yet; the root is the first that a search asks for
    for (Tree& tree : trees) {
        asked.push_back(tree.search.next());
        asked.back().erase(asked.back().begin());
        roots.emplace_back(&tree, 0);
    }
    answer(decoder, selector, prefilled.states, roots);
    for (;;) {
        std::vector<Chunk> chunks;
        size_t room = kRowsTogether;
        for (size_t i = 0; i < trees.size() && room > 0; ++i) {
            if (asked[i].empty() && !trees[i].nonfinite)
                asked[i] = trees[i].search.next();
            if (asked[i].empty() || trees[i].nonfinite)
                continue;
            const auto taken = static_cast<std::ptrdiff_t>(std::min(room, asked[i].size()));
            if (static_cast<size_t>(taken) < asked[i].size() || trees[i].sequence.cache.length() - trees[i].prompt + taken > kCachedRows) {
                trees[i].sequence.cache.truncate(trees[i].prompt);
                trees[i].place.clear();
            }
            chunks.push_back(chunkOf(trees[i], {asked[i].begin(), asked[i].begin() + taken}));
            asked[i].erase(asked[i].begin(), asked[i].begin() + taken);
            room -= static_cast<size_t>(taken);
        }
        if (chunks.empty())
            break;
        expand(decoder, selector, chunks, stop);
    }
    rows.k = static_cast<int>(options.logprobs ? k : 1);
    for (const Tree& tree : trees)
        report(tree, k, options, rows);
}

void ClosedSet::report(const Tree& tree, size_t k, const engine::ScoreOptions& options, engine::ScoreRows& rows) const {
    const LabelSearch& search = tree.search;
    rows.nonfinite.push_back(tree.nonfinite);
    rows.nodes_opened += static_cast<int64_t>(search.opened());
    if (tree.nonfinite) {  // the search ended early: nothing of it counts
        rows.ids.insert(rows.ids.end(), static_cast<size_t>(rows.k), -1);
        for (auto* numbers : {&rows.logprobs, &rows.set_confidence, &rows.mean_logprobs})
            numbers->insert(numbers->end(), static_cast<size_t>(rows.k), kNan);
        rows.logsumexp.push_back(kNan), rows.entropy.push_back(kNan);
        rows.out_of_set.push_back(kNan), rows.unscored_mass.push_back(kNan);
        return;
    }
    const std::vector<size_t> ranking = search.ranking();
    const double scored = search.scoredMass(), open = search.openMass();
    double shifted = 0, tempered = 0, entropy = 0;  // over all labels: sums of p, of p^(1/T), and the entropy of p
    const double best = search.logprob(ranking[0]);
    bool all = true;
    for (size_t label = 0; label < m_names.size(); ++label) {
        all = all && search.complete(label);
        shifted += std::exp(search.logprob(label) - best);
        tempered += std::exp((search.logprob(label) - best) * options.inv_temperature);
    }
    for (size_t label = 0; all && label < m_names.size(); ++label)
        if (const double share = std::exp(search.logprob(label) - best) / shifted; share > 0)
            entropy -= share * std::log(share);
    const double power = all ? options.inv_temperature : 1.0, sum = all ? tempered : shifted;
    const auto number = [&](double value) { return options.logprobs ? static_cast<float>(value) : kNan; };
    for (size_t j = 0; j < static_cast<size_t>(rows.k); ++j) {
        const size_t label = ranking[j];
        rows.ids.push_back(static_cast<int32_t>(label));
        rows.logprobs.push_back(number(search.logprob(label)));
        rows.set_confidence.push_back(number(std::exp((search.logprob(label) - best) * power) / sum));
        rows.mean_logprobs.push_back(number(search.logprob(label) / m_trie->node(m_trie->endsOf(label).front()).depth));
    }
    rows.logsumexp.push_back(number(best + std::log(shifted)));
    rows.entropy.push_back(number(all ? entropy : kNan));
    rows.out_of_set.push_back(number(std::max(0.0, 1 - scored)));
    rows.unscored_mass.push_back(number(open));
}

}  // namespace shortlist::torch_backend
