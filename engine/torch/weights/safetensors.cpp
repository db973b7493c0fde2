// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/weights/safetensors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/error.h"

namespace shortlist::torch_backend {
namespace {

using engine::Error;
using engine::ErrorKind;
using nlohmann::json;

constexpr size_t kMaxHeader = 100'000'000;  // the reference reader's limit
constexpr size_t kLengthBytes = 8;

[[noreturn]] void refuse(const std::string& what) {
    throw Error(ErrorKind::Model, "The weights file is no valid safetensors file: " + what + ".");
}

size_t dtypeBytes(const std::string& dtype) {
    static const std::map<std::string, size_t> kSizes = {{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1},
                                                         {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
                                                         {"U32", 4},  {"F32", 4}, {"I64", 8}, {"U64", 8},     {"F64", 8}};
    const auto found = kSizes.find(dtype);
    if (found == kSizes.end())
        refuse("unknown dtype " + dtype);
    return found->second;
}

// nlohmann keeps the last of two equal keys; the format forbids the second.
json parseWithoutDuplicates(std::string_view text) {
    std::vector<std::set<std::string>> keys;
    const auto check = [&](int, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::object_start)
            keys.emplace_back();
        else if (event == json::parse_event_t::object_end)
            keys.pop_back();
        else if (event == json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
            refuse("the key " + parsed.get<std::string>() + " stands twice");
        return true;
    };
    try {
        return json::parse(text, check);
    } catch (const json::exception& error) {
        refuse(std::string("its header is no JSON (") + error.what() + ")");
    }
}

TensorEntry parseEntry(const std::string& name, const json& value) {
    TensorEntry entry;
    try {
        entry.dtype = value.at("dtype").get<std::string>();
        for (const json& side : value.at("shape")) {
            if (!side.is_number_unsigned() || side.get<uint64_t>() > INT64_MAX)
                refuse("the shape of " + name + " holds something that is no size");
            entry.shape.push_back(side.get<int64_t>());
        }
        const json& offsets = value.at("data_offsets");
        if (offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
            refuse("the offsets of " + name + " are not two sizes");
        entry.begin = offsets[0].get<size_t>();
        entry.end = offsets[1].get<size_t>();
    } catch (const json::exception&) {
        refuse("the entry of " + name + " lacks dtype, shape or data_offsets");
    }
    size_t bytes = dtypeBytes(entry.dtype);
    for (const int64_t side : entry.shape)
        if (__builtin_mul_overflow(bytes, static_cast<size_t>(side), &bytes))
            refuse("the shape of " + name + " overflows");
    if (entry.end < entry.begin || entry.end - entry.begin != bytes)
        refuse("the length of " + name + " does not fit its shape");
    return entry;
}

void checkMetadata(const json& metadata) {
    if (!metadata.is_object() ||
        !std::all_of(metadata.begin(), metadata.end(), [](const json& v) { return v.is_string(); }))
        refuse("__metadata__ is not a map of strings");
}

}  // namespace

std::map<std::string, TensorEntry> parseSafetensorsHeader(std::string_view header, size_t dataBytes) {
    if (header.find('\0') != std::string_view::npos)
        refuse("its header is no JSON (a zero byte stands in it)");  // the parser would take it for the end
    const json parsed = parseWithoutDuplicates(header);
    if (!parsed.is_object())
        refuse("its header is no object");
    std::map<std::string, TensorEntry> tensors;
    for (const auto& [name, value] : parsed.items()) {
        if (name == "__metadata__")
            checkMetadata(value);
        else
            tensors.emplace(name, parseEntry(name, value));
    }
    std::vector<const TensorEntry*> inOrder;
    for (const auto& [name, entry] : tensors)
        inOrder.push_back(&entry);
    std::sort(inOrder.begin(), inOrder.end(), [](const TensorEntry* a, const TensorEntry* b) {
        return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
    });
    size_t at = 0;
    for (const TensorEntry* entry : inOrder) {
        if (entry->begin != at)
            refuse("its tensors overlap or leave a hole");
        at = entry->end;
    }
    if (at != dataBytes)
        refuse(at > dataBytes ? "it is truncated" : "bytes are left over behind the last tensor");
    return tensors;
}

SafetensorsHeader readSafetensorsHeader(std::string_view file) {
    if (file.size() < kLengthBytes)
        refuse("it is too short");
    uint64_t length = 0;  // little-endian, as this machine
    std::memcpy(&length, file.data(), kLengthBytes);
    if (length > kMaxHeader || length > file.size() - kLengthBytes)
        refuse("it states a header longer than the file");
    const size_t dataBegin = kLengthBytes + length;
    return {dataBegin, parseSafetensorsHeader(file.substr(kLengthBytes, length), file.size() - dataBegin)};
}

SafetensorsFile::SafetensorsFile(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info {};
    if (fd < 0 || ::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        const std::string reason = std::strerror(errno);
        if (fd >= 0)
            ::close(fd);
        throw Error(ErrorKind::Model, "The weights file " + path + " cannot be opened: " + reason + ".");
    }
    m_size = static_cast<size_t>(info.st_size);
    m_mapping = m_size >= kLengthBytes ? ::mmap(nullptr, m_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    ::close(fd);
    if (m_mapping == MAP_FAILED)
        refuse(path + " is too short or cannot be mapped");
    try {
        m_header = readSafetensorsHeader({static_cast<const char*>(m_mapping), m_size});
    } catch (...) {
        ::munmap(m_mapping, m_size);
        throw;
    }
}

SafetensorsFile::~SafetensorsFile() { ::munmap(m_mapping, m_size); }

std::span<const uint8_t> SafetensorsFile::bytes(const TensorEntry& entry) const {
    return {static_cast<const uint8_t*>(m_mapping) + m_header.dataBegin + entry.begin, entry.end - entry.begin};
}

}  // namespace shortlist::torch_backend
