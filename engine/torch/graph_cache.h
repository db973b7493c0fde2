// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <list>
#include <string>

#include "engine/torch/cuda_hooks.h"

namespace shortlist::torch_backend {

// CUDA graphs of a network, one for each of the batch sizes that come again: hundreds of launches become one. Used on the inference
// thread. A size is recorded when it comes for the second time; the least recently used one goes. Should recording fail, `failed`
// is told why, once, and no more graphs are recorded.
class GraphCache {
  public:
    using Network = std::function<at::Tensor(const at::Tensor&)>;
    static constexpr size_t kKept = 4;

    GraphCache(const CudaHooks& hooks, int device, Network network, std::function<void(const std::string&)> failed);
    ~GraphCache();
    GraphCache(const GraphCache&) = delete;
    GraphCache& operator=(const GraphCache&) = delete;

    // Where a batch's input is to be written: the recorded graph's own, or `make()`. [b, 3, h, w]
    at::Tensor inputFor(int64_t batch, const std::function<at::Tensor()>& make);
    // input: from inputFor. The result may be overwritten by the next call. [b, classes]
    at::Tensor run(const at::Tensor& input);

    size_t recorded() const { return m_entries.size(); }

  private:
    struct Entry {
        int64_t batch;
        at::Tensor input, output;
        void* graph;
    };

    void record(const at::Tensor& like);
    void drop(std::list<Entry>::iterator entry);

    CudaHooks m_hooks;
    int m_device;
    Network m_network;
    std::list<Entry> m_entries;  // the last used first
    std::list<int64_t> m_seen;   // sizes that came once, the last first
    std::function<void(const std::string&)> m_failed;
    bool m_mayRecord = true;
};

}  // namespace shortlist::torch_backend
