// SPDX-License-Identifier: Apache-2.0
// What turns prepared images into rows of scores. Header-only: the boundary between the engine and a backend
// module that is opened at run time. A backend is created, used and destroyed on the inference thread alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

namespace shortlist::engine {

constexpr uint32_t kBackendAbi = 5;

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

// What a vision-language model is asked about every image.
struct Task {
    enum class Mode : uint8_t { Classify, Answer };
    enum class Search : uint8_t { Auto, All, Best };
    Mode mode = Mode::Classify;
    std::string prompt;   // "{labels}" stands for their names; empty: the model's default for the mode
    std::string labels;   // Classify: one a line, variants between "|", "#" begins a comment
    Search search = Search::Auto;
    int max_tokens = 64;  // Answer
    double sample_temperature = 0;  // Answer; 0: the most probable token
    double top_p = 1;
    uint64_t seed = 0;
    int64_t min_pixels = 0;  // of the image as the model sees it; 0: the default
    int64_t max_pixels = 0;
    bool operator==(const Task&) const = default;
};

// A token of an answer; `text` holds its bytes, which may be part of a character.
struct TokenChoice {
    int32_t id = -1;
    std::string text;
    float logprob = 0;
};
struct AnswerToken {
    TokenChoice chosen;
    std::vector<TokenChoice> top;  // the k best there, best first
};
struct Answer {
    std::string text;                 // UTF-8, without the end of the turn
    float logprob = 0;                // of all tokens; NaN with logprobs off
    std::vector<AnswerToken> tokens;  // the end of the turn included; empty with logprobs off
    bool finished = false;            // it ended by itself, not at max_tokens
};

struct ScoreOptions {
    int top_k = 20;                // clamped to the number of classes by the backend
    bool logprobs = true;          // off: the best label only, every number NaN
    float inv_temperature = 1.0f;  // 1 / T
    bool calibrated = true;        // the engine divides by the model's own temperature, too
    bool eager = false;            // for comparison only: the backend's framework selects, by its own softmax and sort; no entropy
    // Answer mode: called on the inference thread for every token, with the row and the answer so far.
    std::function<void(size_t row, const Answer& soFar)> partial;
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
    // Closed sets only, the first two [rows, k], the others [rows]. logprobs are joint logprobs there, logsumexp is the log of the scored
    // mass, and entropy, of the set-normalised distribution, NaN unless all labels were scored.
    std::vector<float> set_confidence;  // probability among the labels, after the temperature
    std::vector<float> mean_logprobs;   // joint logprob a token
    std::vector<double> out_of_set;     // 1 - scored mass: an upper bound where unscored_mass > 0
    std::vector<double> unscored_mass;  // of the labels that the search left out
    std::vector<Answer> answers;        // answer mode, [rows]; k is 1, the candidate the answer itself
    double preprocess_ms = 0;  // whole batch, likewise below
    double model_ms = 0;
    double prefill_ms = 0;  // of model_ms: a vision-language model's image and prompt, before labels or answer
    double topk_ms = 0;  // selection and the copy back
    int64_t device_syncs = 0;
    int64_t bytes_copied = 0;  // of scores, to the host
    int64_t nodes_opened = 0;  // closed sets: prefixes whose next tokens were scored
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
    bool vision_language = false;  // takes a Task
    bool answers = false;          // of the task: free answers, no labels
    std::string prompt;            // of the task, as it is sent
    int64_t min_pixels = 0, max_pixels = 0;  // vision-language: of the image as the model sees it
    std::vector<std::string> record_notes;   // what every record of it says
    bool fast_decode = false;  // the directory asks for decode mode `fast`
};

class Backend {
  public:
    virtual ~Backend() = default;
    virtual const ModelInfo& info() const = 0;
    // One row per image, in order. Throws engine::Error (Backend, OutOfMemory, Cancelled).
    virtual ScoreRows classify(std::span<const PreparedImage> images, const ScoreOptions& options,
                               std::stop_token stop) = 0;
    // Replaces what a vision-language model is asked; info() follows. Throws engine::Error(Usage), and the old task stays.
    virtual void setTask(const Task& task) {
        if (task != Task())
            throw Error(ErrorKind::Usage, "The model " + info().name + " is a classifier with labels of its own: labels, prompts and answers need a vision-language model.");
    }
};

struct BackendConfig {
    std::string model_directory;
    std::string device = "auto";  // auto, cpu, cuda, cuda:N
    std::string dtype = "auto";   // auto, fp32, bf16, fp16
    int threads = 0;              // 0: physical cores
    Task task = {};               // of a vision-language model
    bool task_optional = false;   // a model that cannot take it is loaded all the same, with a note

    bool sameModel(const BackendConfig& other) const {
        return model_directory == other.model_directory && device == other.device && dtype == other.dtype && threads == other.threads;
    }
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
