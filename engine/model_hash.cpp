// SPDX-License-Identifier: Apache-2.0
#include "engine/model_hash.h"

#include <openssl/evp.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>

namespace shortlist::engine {
namespace {

std::string cacheKey(const std::vector<std::string>& files, uintmax_t& total) {
    std::string key;
    for (const std::string& file : files) {
        std::error_code error;
        const auto size = std::filesystem::file_size(file, error);
        if (error)
            return "";
        total += size;
        const auto changed = std::filesystem::last_write_time(file, error).time_since_epoch().count();
        key += file + '\0' + std::to_string(size) + '\0' + std::to_string(changed) + '\0';
    }
    return key;
}

std::string hex(const unsigned char* bytes, unsigned count) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < count; ++i) {
        text += kDigits[bytes[i] >> 4];
        text += kDigits[bytes[i] & 15];
    }
    return text;
}

std::string digest(const std::vector<std::string>& files) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    std::vector<char> block(1u << 20);
    for (const std::string& file : files) {
        std::ifstream stream(file, std::ios::binary);
        while (stream.read(block.data(), static_cast<std::streamsize>(block.size())) || stream.gcount() > 0)
            EVP_DigestUpdate(context.get(), block.data(), static_cast<size_t>(stream.gcount()));
        if (!stream.eof())
            return "";
    }
    unsigned char result[EVP_MAX_MD_SIZE];
    unsigned count = 0;
    EVP_DigestFinal_ex(context.get(), result, &count);
    return hex(result, count);
}

}  // namespace

std::string hashWeights(const std::vector<std::string>& files, uint64_t limit) {
    static std::mutex mutex;
    static std::map<std::string, std::string> known;
    uintmax_t total = 0;
    const std::string key = cacheKey(files, total);
    if (key.empty() || total > limit)
        return "";
    const std::scoped_lock lock(mutex);
    std::string& hash = known[key];
    if (hash.empty())
        hash = digest(files);
    return hash;
}

}  // namespace shortlist::engine
