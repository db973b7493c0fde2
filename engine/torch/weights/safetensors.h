// SPDX-License-Identifier: Apache-2.0
// Reader of the safetensors format. Standard library and JSON only, so that it is tested without torch.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace shortlist::torch_backend {

struct TensorEntry {
    std::string dtype;  // "F32", "BF16", "I64", ...
    std::vector<int64_t> shape;
    size_t begin = 0;  // byte offsets into the data section
    size_t end = 0;
};

// Parses and checks the JSON header. Every rule of the format holds for what is returned: known dtypes, offsets in
// order without hole or overlap from 0 to dataBytes, shape x dtype = length, no duplicate key. Throws
// engine::Error(Model) with the rule that is broken. Reference: huggingface/safetensors, safetensors/src/tensor.rs.
std::map<std::string, TensorEntry> parseSafetensorsHeader(std::string_view header, size_t dataBytes);

struct SafetensorsHeader {
    size_t dataBegin = 0;  // where the data section begins in the file
    std::map<std::string, TensorEntry> tensors;
};

// The header of a whole file: the length that it states, and what parseSafetensorsHeader checks. Throws engine::Error(Model).
SafetensorsHeader readSafetensorsHeader(std::string_view file);

// A mapped file, read-only. Throws engine::Error(Model) when it cannot be opened, is truncated or breaks a rule.
class SafetensorsFile {
  public:
    explicit SafetensorsFile(const std::string& path);
    ~SafetensorsFile();
    SafetensorsFile(const SafetensorsFile&) = delete;
    SafetensorsFile& operator=(const SafetensorsFile&) = delete;

    const std::map<std::string, TensorEntry>& tensors() const { return m_header.tensors; }
    std::span<const uint8_t> bytes(const TensorEntry& entry) const;

  private:
    void* m_mapping = nullptr;
    size_t m_size = 0;
    SafetensorsHeader m_header;
};

}  // namespace shortlist::torch_backend
