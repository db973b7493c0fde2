// SPDX-License-Identifier: Apache-2.0
// Labels, their trie, and the two searches against the sum over each label's own tokens.
#include <QTest>
#include <cmath>
#include <map>

#include "engine/error.h"
#include "engine/torch/text/label_search.h"
#include "tests/support/hash_noise.h"
#include "tests/support/qt_check.h"

using namespace shortlist;
using namespace shortlist::test;
using namespace shortlist::torch_backend;
using engine::nearlyEqualLabels;
using engine::parseLabels;

namespace {

constexpr int32_t kEnd = 0, kTokens = 9;

// Letters a to h are tokens 1 to 8; then the end of the turn.
std::vector<int32_t> letters(const std::string& text) {
    std::vector<int32_t> tokens;
    for (const char c : text)
        tokens.push_back(c - 'a' + 1);
    tokens.push_back(kEnd);
    return tokens;
}

// A hashed language model: logprobs of the next token after a prefix.
std::vector<float> nextLogprobs(uint32_t seed, const std::vector<int32_t>& prefix, double sharpness) {
    uint32_t state = seed;
    for (const int32_t token : prefix)
        state = hashBits(state, static_cast<uint64_t>(token) + 1);
    double logits[kTokens], sum = 0;
    for (int32_t t = 0; t < kTokens; ++t) {
        logits[t] = sharpness * hashNoise(state, static_cast<uint64_t>(t) + 100);
        sum += std::exp(logits[t]);
    }
    std::vector<float> logprobs;
    for (const double logit : logits)
        logprobs.push_back(static_cast<float>(logit - std::log(sum)));
    return logprobs;
}

std::vector<int32_t> prefixOf(const LabelTrie& trie, int32_t node) {
    std::vector<int32_t> tokens;
    for (int32_t at = node; at > 0; at = trie.node(at).parent)
        tokens.insert(tokens.begin(), trie.node(at).token);
    return tokens;
}

size_t run(LabelSearch& search, const LabelTrie& trie, uint32_t seed, double sharpness) {
    size_t forwards = 0;
    for (auto nodes = search.next(); !nodes.empty(); nodes = search.next(), ++forwards)
        for (const int32_t node : nodes) {
            const auto all = nextLogprobs(seed, prefixOf(trie, node), sharpness);
            std::vector<float> children;
            for (const int32_t child : trie.node(node).children)
                children.push_back(all[static_cast<size_t>(trie.node(child).token)]);
            search.answer(node, children);
        }
    return forwards;
}

// Random different words, some of them variants of the label before.
std::vector<Label> randomLabels(uint32_t seed) {
    uint64_t at = 0;
    const auto below = [&](uint32_t limit) { return hashBits(seed, at++) % limit; };
    std::map<std::string, bool> used;
    std::vector<Label> labels;
    const uint32_t count = 2 + below(60);
    for (uint32_t i = 0; i < count; ++i) {
        std::string word;
        for (uint32_t left = 1 + below(6); left > 0; --left)
            word += static_cast<char>('a' + below(8));
        if (!used.emplace(word, true).second)
            continue;
        if (!labels.empty() && below(4) == 0)
            labels.back().variants.push_back(word);
        else
            labels.push_back({word, {word}});
    }
    return labels;
}

}  // namespace

class LabelSearchTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void parsing() {
        const auto labels = parseLabels("\xEF\xBB\xBF# animals\n  cat | Cat|a cat \n\ndog\r\n# end\nä | ä\n");
        QCOMPARE(labels.size(), size_t{3});
        QCOMPARE(labels[0].name, std::string("cat"));
        QCOMPARE(labels[0].variants, (std::vector<std::string>{"cat", "Cat", "a cat"}));
        QCOMPARE(labels[1].name, std::string("dog"));
        QCOMPARE(labels[2].variants.size(), size_t{1});
        const auto near = nearlyEqualLabels(parseLabels("hot dog\nHotdog\ncat\n"));
        QVERIFY((near == std::vector<std::pair<size_t, size_t>>{{0, 1}}));
        const auto refused = [](const char* text, const char* why) { runBody([&] { checkThrows<engine::Error>([&] { parseLabels(text); }, why); }); };
        refused("", "no labels");
        refused("# nothing\n \n", "no labels");
        refused("cat\ndog | cat\n", "\"cat\" stands twice: as \"cat\" and in line 2");
        refused("cat\ncat\n", "stands twice");
        refused("cat || dog\n", "a variant without a name");
    }

    void trie() {
        const LabelTrie trie(parseLabels("cab | cabs\nca\nb"), [](const std::string& t) { return t == "cabs" ? letters("cabg") : letters(t); });
        QCOMPARE(trie.nodes().size(), size_t{10});  // root, c, ca, cab, cab., cabg, cabg., ca., b, b.
        QCOMPARE(trie.innerCount(), size_t{6});
        QCOMPARE(trie.endsOf(0).size(), size_t{2});
        const auto refused = [](const char* labels, std::vector<int32_t> (*encode)(const std::string&), const char* why) {
            runBody([&] { checkThrows<engine::Error>([&] { LabelTrie(parseLabels(labels), encode); }, why); });
        };
        refused("a\nb", [](const std::string&) { return std::vector<int32_t>{1, kEnd}; }, "\"a\" and \"b\" have the same tokens");
        refused("a\nb", [](const std::string& t) { return t == "a" ? std::vector<int32_t>{1} : std::vector<int32_t>{1, 2}; }, "\"a\" and \"b\" cannot be told apart");
        refused("a", [](const std::string&) { return std::vector<int32_t>{}; }, "\"a\" has no tokens");
        refused("a", [](const std::string&) { return std::vector<int32_t>(2000, 1); }, "has 2000 tokens");
    }

    // All: the sum over each variant's tokens. Best: the same k best with the same logprobs, on 1,000 random tries.
    void searches() {
        size_t openedByAll = 0, openedByBest = 0;
        for (uint32_t seed = 0; seed < 1000; ++seed) {
            const double sharpness = 1 + seed % 7;
            const auto labels = randomLabels(seed);
            const LabelTrie trie(labels, letters);
            LabelSearch all(trie, SearchMode::All, labels.size());
            QCOMPARE(run(all, trie, seed, sharpness), size_t{1});
            QCOMPARE(all.openMass(), 0.0);
            for (size_t i = 0; i < labels.size(); ++i) {
                double probability = 0;
                for (const std::string& variant : labels[i].variants) {
                    std::vector<int32_t> prefix;
                    double sum = 0;
                    for (const int32_t token : letters(variant)) {
                        sum += nextLogprobs(seed, prefix, sharpness)[static_cast<size_t>(token)];
                        prefix.push_back(token);
                    }
                    probability += std::exp(sum);
                }
                QVERIFY(all.complete(i) && std::fabs(all.logprob(i) - std::log(probability)) <= 1e-9);
            }
            const auto ranking = all.ranking();
            for (const size_t k : {size_t{1}, size_t{5}, size_t{20}}) {
                LabelSearch best(trie, SearchMode::Best, k);
                run(best, trie, seed, sharpness);
                const auto found = best.ranking();
                QCOMPARE(found.size(), std::min(k, labels.size()));
                for (size_t i = 0; i < found.size(); ++i) {
                    QCOMPARE(found[i], ranking[i]);
                    QVERIFY(std::fabs(best.logprob(found[i]) - all.logprob(found[i])) <= 1e-9);
                }
                QVERIFY(best.openMass() <= LabelSearch::kOpenShare * best.scoredMass());
                QVERIFY(best.scoredMass() <= all.scoredMass() + 1e-12 && best.scoredMass() + best.openMass() >= all.scoredMass() - 1e-12);
                openedByAll += all.opened();
                openedByBest += best.opened();
            }
        }
        QVERIFY(openedByBest < openedByAll);
    }

    void extremes() {
        const LabelTrie trie(parseLabels("a\nb\nc"), letters);
        LabelSearch search(trie, SearchMode::Best, 2);
        const float impossible = -std::numeric_limits<float>::infinity();
        for (auto nodes = search.next(); !nodes.empty(); nodes = search.next())
            for (const int32_t node : nodes)
                search.answer(node, std::vector<float>(trie.node(node).children.size(), impossible));
        QCOMPARE(search.ranking(), (std::vector<size_t>{0, 1}));
        QCOMPARE(search.scoredMass(), 0.0);
        LabelSearch few(trie, SearchMode::Auto, 50);  // more than there are
        run(few, trie, 3, 2);
        QCOMPARE(few.ranking().size(), size_t{3});
    }
};

QTEST_GUILESS_MAIN(LabelSearchTest)
#include "tst_label_search.moc"
