// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/weights/weights.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <sys/mman.h>
#include <unistd.h>

#include "engine/error.h"

namespace shortlist::torch_backend {
namespace {

using engine::Error;
using engine::ErrorKind;

constexpr size_t kNamesShown = 5;

bool isIgnored(const std::string& name) {
    for (const char* suffix : {"num_batches_tracked", "position_ids", "relative_position_index", "inv_freq", "attn_mask", "mask_token"})
        if (name.ends_with(suffix))
            return true;
    return false;
}

bool isFloat(const std::string& dtype) { return dtype == "F32" || dtype == "F16" || dtype == "BF16" || dtype == "F64"; }

at::ScalarType scalarType(const std::string& dtype) {
    if (dtype == "F16")
        return at::kHalf;
    if (dtype == "BF16")
        return at::kBFloat16;
    return dtype == "F64" ? at::kDouble : at::kFloat;
}

std::string shapeText(at::IntArrayRef shape) {
    std::string text = "[";
    for (size_t i = 0; i < shape.size(); ++i)
        text += (i ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

std::string listed(const char* what, const std::vector<std::string>& names) {
    if (names.empty())
        return "";
    std::string text = std::string(" ") + what + ": ";
    for (size_t i = 0; i < std::min(names.size(), kNamesShown); ++i)
        text += (i ? ", " : "") + names[i];
    if (names.size() > kNamesShown)
        text += " and " + std::to_string(names.size() - kNamesShown) + " more";
    return text + ".";
}

}  // namespace

Weights::Weights(const std::vector<std::string>& files, const std::string& prefix) {
    for (const std::string& path : files) {
        const auto file = std::make_shared<SafetensorsFile>(path);
        for (const auto& [name, entry] : file->tensors())
            if (!m_tensors.emplace(name.starts_with(prefix) ? name.substr(prefix.size()) : name, Location{file, &entry}).second)
                throw Error(ErrorKind::Model, "The tensor " + name + " stands in two weights files.");
    }
}

bool Weights::has(const std::string& name) const { return m_tensors.contains(name); }

std::vector<int64_t> Weights::shapeOf(const std::string& name) const {
    const auto found = m_tensors.find(name);
    return found == m_tensors.end() ? std::vector<int64_t>() : found->second.entry->shape;
}

int64_t Weights::countOf(const std::string& prefix, const std::string& suffix) const {
    int64_t count = 0;
    while (has(prefix + std::to_string(count) + suffix))
        ++count;
    return count;
}

at::Tensor Weights::take(const std::string& name, at::IntArrayRef shape) { return stored(name, shape).to(at::kFloat); }

at::Tensor Weights::stored(const std::string& name, at::IntArrayRef shape) {
    const auto found = m_tensors.find(name);
    if (m_checking) {
        if (found == m_tensors.end())
            m_missing.push_back(name);
        else if (at::IntArrayRef(found->second.entry->shape) != shape || !isFloat(found->second.entry->dtype))
            m_misshapen.push_back(name + " is " + found->second.entry->dtype + " " + shapeText(found->second.entry->shape) +
                                  ", the config asks for " + shapeText(shape));
        m_taken.insert(name);
        return at::empty(shape, at::TensorOptions().device(at::kMeta).dtype(at::kFloat));
    }
    const TensorEntry& entry = *found->second.entry;
    const auto bytes = found->second.file->bytes(entry);
    const at::Tensor mapped = at::from_blob(const_cast<uint8_t*>(bytes.data()), entry.shape, [file = found->second.file](void*) {},
                                            at::TensorOptions().dtype(scalarType(entry.dtype)));
    m_parameters += mapped.numel();
    return reinterpret_cast<uintptr_t>(bytes.data()) % mapped.element_size() == 0 ? mapped : mapped.clone();
}

void dropPages(const at::Tensor& stored) {
    if (!stored.defined() || stored.is_meta() || !stored.device().is_cpu() || !stored.is_contiguous())
        return;
    static const auto kPage = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<uintptr_t>(stored.const_data_ptr());
    const uintptr_t first = (begin + kPage - 1) / kPage * kPage, last = (begin + stored.nbytes()) / kPage * kPage;
    if (last > first)
        madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

void Weights::finishChecking() {
    std::vector<std::string> unexpected;
    for (const auto& [name, location] : m_tensors)
        if (!m_taken.contains(name) && !isIgnored(name))
            unexpected.push_back(name);
    if (!m_missing.empty() || !m_misshapen.empty() || !unexpected.empty())
        throw Error(ErrorKind::Model, "The weights do not fit config.json." + listed("Missing", m_missing) +
                                          listed("Of another shape", m_misshapen) + listed("Unexpected", unexpected));
    m_checking = false;
}

}  // namespace shortlist::torch_backend
