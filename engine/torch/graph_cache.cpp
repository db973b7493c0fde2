// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/graph_cache.h"

#include <ATen/ops/empty_like.h>

#include <algorithm>
#include <exception>

namespace shortlist::torch_backend {

GraphCache::GraphCache(const CudaHooks& hooks, int device, Network network, std::function<void(const std::string&)> failed)
    : m_hooks(hooks), m_device(device), m_network(std::move(network)), m_failed(std::move(failed)) {}

GraphCache::~GraphCache() {
    while (!m_entries.empty())
        drop(m_entries.begin());
}

void GraphCache::drop(std::list<Entry>::iterator entry) {
    m_hooks.destroyGraph(entry->graph);
    m_entries.erase(entry);
}

at::Tensor GraphCache::inputFor(int64_t batch, const std::function<at::Tensor()>& make) {
    const auto entry = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& e) { return e.batch == batch; });
    return entry == m_entries.end() ? make() : entry->input;
}

at::Tensor GraphCache::run(const at::Tensor& input) {
    const int64_t batch = input.size(0);
    const auto entry = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& e) { return e.batch == batch; });
    if (entry != m_entries.end()) {
        m_entries.splice(m_entries.begin(), m_entries, entry);
        m_hooks.replayGraph(entry->graph);
        return entry->output;
    }
    const at::Tensor output = m_network(input);
    const auto seen = std::find(m_seen.begin(), m_seen.end(), batch);
    if (seen != m_seen.end() && m_mayRecord) {
        m_seen.erase(seen);
        record(input);
    } else if (seen == m_seen.end()) {
        m_seen.push_front(batch);
        if (m_seen.size() > 2 * kKept)
            m_seen.pop_back();
    }
    return output;
}

void GraphCache::record(const at::Tensor& like) {
    struct Work {
        const Network& network;
        at::Tensor input, output;
    };
    Work work{m_network, at::empty_like(like), {}};
    work.input.copy_(like);
    try {
        void* graph = m_hooks.captureGraph(m_device, [](void* context) {
            auto& w = *static_cast<Work*>(context);
            w.output = w.network(w.input);
        }, &work);
        m_entries.push_front({like.size(0), work.input, work.output, graph});
    } catch (const std::exception& error) {
        m_mayRecord = false;
        m_failed(error.what());
        return;
    }
    if (m_entries.size() > kKept)
        drop(std::prev(m_entries.end()));
}

}  // namespace shortlist::torch_backend
