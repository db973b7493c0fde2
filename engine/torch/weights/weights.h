// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/torch/weights/safetensors.h"

namespace shortlist::torch_backend {

// The tensors of a model directory by name. A model is built twice from it: first in checking mode, where take() hands
// out meta tensors and only notes what does not fit, so that a config that lies allocates nothing and every problem is
// named at once; then for real.
class Weights {
  public:
    // Throws engine::Error(Model) when a file cannot be used. `prefix` is left out of the names that begin with it.
    explicit Weights(const std::vector<std::string>& files, const std::string& prefix = "");

    // fp32 tensor of exactly that shape, read-only: it may lie in the mapping, so whoever keeps it copies it. In checking mode a meta
    // tensor.
    at::Tensor take(const std::string& name, at::IntArrayRef shape);
    // The same in the file's own number type and without a copy where its place in the file allows; keeps the mapping alive.
    at::Tensor stored(const std::string& name, at::IntArrayRef shape);
    bool has(const std::string& name) const;
    // Empty where there is none of that name.
    std::vector<int64_t> shapeOf(const std::string& name) const;
    // How many consecutive numbers from 0 on have <prefix><number><suffix>.
    int64_t countOf(const std::string& prefix, const std::string& suffix) const;

    // Ends the checking mode. Throws engine::Error(Model) that lists missing, misshapen and unexpected tensors.
    void finishChecking();
    // Numbers taken, batch norm statistics included.
    int64_t parameters() const { return m_parameters; }

  private:
    struct Location {
        std::shared_ptr<SafetensorsFile> file;
        const TensorEntry* entry;
    };

    std::map<std::string, Location> m_tensors;
    std::set<std::string> m_taken;
    std::vector<std::string> m_missing;
    std::vector<std::string> m_misshapen;
    int64_t m_parameters = 0;
    bool m_checking = true;
};

// Gives back the memory of a stored tensor that is not read any more: its pages in the mapping.
void dropPages(const at::Tensor& stored);

}  // namespace shortlist::torch_backend
