// SPDX-License-Identifier: Apache-2.0
// What turns prepared images into rows of scores. Header-only: the boundary between the engine and a backend
// module that is opened at run time. A backend is created, used and destroyed on the inference thread alone.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

namespace shortlist::engine {

constexpr uint32_t kBackendAbi = 4;

// RGB, 3 bytes a pixel, rows `row_stride` bytes apart, orientation already applied. Geometry (resize target, crop)
// follows full_width x full_height, the size that the header states: a fast decode may deliver fewer pixels.
struct PreparedImage {
    const uint8_t* pixels = nullptr;
    int32_t width = 0;
    int32_t height = 0;
    int64_t row_stride = 0;
    int32_t full_width = 0;
    int32_t full_height = 0;
};

struct ScoreOptions {
    int top_k = 20;                // clamped to the number of classes by the backend
    bool logprobs = true;          // off: the best label only, every number NaN
    float inv_temperature = 1.0f;  // 1 / T
    bool calibrated = true;        // the engine divides by the model's own temperature, too
    bool eager = false;            // for comparison only: the backend's framework selects, by its own softmax and sort; no entropy
};

// Scores of a batch, row after row; `k` ids and logprobs a row, natural logarithms. With logprobs off k is 1 and
// all floats are NaN; of a sigmoid model logsumexp and entropy are, too. A nonfinite row has ids of -1.
struct ScoreRows {
    int k = 0;
    std::vector<int32_t> ids;
    std::vector<float> logprobs;
    std::vector<float> logsumexp;
    std::vector<float> entropy;
    std::vector<uint8_t> nonfinite;
    double preprocess_ms = 0;  // whole batch, likewise below
    double model_ms = 0;
    double topk_ms = 0;  // selection and the copy back
    int64_t device_syncs = 0;
};

// What happens to an image before the model sees it, in this order: resize, cut or pad around the centre, scale, normalise.
struct Preprocessing {
    // ShortSide and LongSide: that side becomes resize_width. Cover and Contain: the smallest that covers, the largest that fits
    // into resize_width x resize_height. Exact: both sides, whatever the ratio.
    enum class Resize : uint8_t { None, ShortSide, Exact, Cover, Contain };
    Resize resize = Resize::ShortSide;
    int32_t resize_width = 256;
    int32_t resize_height = 256;
    std::string filter = "bilinear";  // Pillow's name
    float mean[3] = {0.485f, 0.456f, 0.406f};  // of values in [0, 1]
    float std[3] = {0.229f, 0.224f, 0.225f};
};

struct ModelInfo {
    std::string name;          // last part of the directory
    std::string directory;
    std::string family;        // "resnet"
    std::string architecture;  // as config.json names it: "resnet50.a1_in1k", "ResNetForImageClassification"
    std::string licence;       // as the model card or a licence file names it; empty: not stated
    std::string dtype;      // "fp32", "bf16", "fp16"
    std::string backend;    // "torch-cpu", "torch-cuda"
    std::string device;     // "cpu", "cuda:0"
    std::vector<std::string> labels;
    std::vector<std::string> weight_files;  // full paths, in name order
    std::vector<std::string> notes;         // what had to be assumed
    int64_t parameters = 0;
    int32_t input_width = 0;
    int32_t input_height = 0;
    Preprocessing preprocessing;
    bool sigmoid = false;      // each class for itself (multi-label): no softmax, no logsumexp, no entropy
    float temperature = 1.0f;  // fitted on a validation set: calibration.json
    bool fast_decode = false;  // the directory asks for decode mode `fast`
};

class Backend {
  public:
    virtual ~Backend() = default;
    virtual const ModelInfo& info() const = 0;
    // One row per image, in order. Throws engine::Error (Backend, OutOfMemory, Cancelled).
    virtual ScoreRows classify(std::span<const PreparedImage> images, const ScoreOptions& options,
                               std::stop_token stop) = 0;
};

struct BackendConfig {
    std::string model_directory;
    std::string device = "auto";  // auto, cpu, cuda, cuda:N
    std::string dtype = "auto";   // auto, fp32, bf16, fp16
    int threads = 0;              // 0: physical cores
};

// What the module may use of its host; outlives every backend.
struct Host {
    uint32_t abi = kBackendAbi;
    void* context = nullptr;
    void (*log)(void* context, int level, std::string_view message) = nullptr;  // 0 debug .. 3 error
};

// Throws engine::Error (Model, Device, OutOfMemory). Never returns null.
using BackendFactory = std::unique_ptr<Backend> (*)(const BackendConfig&);

struct BackendModule {
    uint32_t abi = 0;
    BackendFactory create = nullptr;
};

// The one symbol of a module: extern "C" BackendModule shortlist_backend_v1(const Host*). An ABI number that is
// not kBackendAbi, or a null create, means that host and module do not belong together.
using BackendEntry = BackendModule (*)(const Host*);
constexpr const char* kBackendEntryName = "shortlist_backend_v1";

}  // namespace shortlist::engine
