// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/image_processor.h"

#include <algorithm>
#include <cmath>

#include "engine/torch/models/config.h"

namespace shortlist::torch_backend {

// What a processor of transformers does where its file is silent.
struct Defaults {
    const char* type;  // without "ImageProcessor"
    bool shortSide;    // one number for `size` is the short side, or else both
    int32_t size;
    int32_t crop;  // 0: none
    int resample;  // Pillow's code
    float mean[3], std[3];
};

namespace {

using engine::Error;
using engine::ErrorKind;
using engine::Preprocessing;
using nlohmann::json;

constexpr int32_t kMaxInput = 4096;
constexpr int32_t kConvNextSquash = 384;  // from this size on the processor resizes to a square and does not crop
constexpr const char* kFilters[] = {"bilinear", "bicubic", "nearest", "box", "hamming", "lanczos"};  // kernels::Filter
constexpr const char* kPillowCodes[] = {"nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"};

constexpr Defaults kDefaults[] = {
    {"ViT", false, 224, 0, 2, {0.5f, 0.5f, 0.5f}, {0.5f, 0.5f, 0.5f}},
    {"DeiT", false, 256, 224, 3, {0.5f, 0.5f, 0.5f}, {0.5f, 0.5f, 0.5f}},
    {"Bit", true, 224, 224, 3, {0.48145466f, 0.4578275f, 0.40821073f}, {0.26862954f, 0.26130258f, 0.27577711f}},
    {"MobileNetV2", true, 256, 224, 2, {0.5f, 0.5f, 0.5f}, {0.5f, 0.5f, 0.5f}},
    {"EfficientNet", false, 346, 0, 0, {0.5f, 0.5f, 0.5f}, {0.5f, 0.5f, 0.5f}},
    {"ConvNext", true, 384, 0, 2, {0.5f, 0.5f, 0.5f}, {0.5f, 0.5f, 0.5f}},
    {"", false, 224, 0, 2, {0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}},  // any other
};

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorKind::Model, "The model's preprocessing is not supported: " + what + "."); }

int32_t side(const json& value, const char* key) {
    if (!value.is_number_integer() || value.get<int64_t>() < 1 || value.get<int64_t>() > kMaxInput)
        refuse(std::string(key) + " is " + value.dump() + ", a side from 1 to 4096 is expected");
    return value.get<int32_t>();
}

// {"height","width"}, or one number for both.
std::pair<int32_t, int32_t> rectangle(const json& value, const char* key) {
    if (value.is_object() && value.contains("height") && value.contains("width"))
        return {side(value["width"], key), side(value["height"], key)};
    const int32_t both = side(value.is_object() && value.contains("shortest_edge") ? value["shortest_edge"] : value, key);
    return {both, both};
}

json orElse(const json& config, const char* key, const json& absent) {
    const auto found = config.find(key);
    return found == config.end() || found->is_null() ? absent : *found;
}

const Defaults& defaultsOf(const json& config) {
    std::string type = config.value("image_processor_type", config.value("feature_extractor_type", ""));
    for (const char* ending : {"Fast", "ImageProcessor", "FeatureExtractor"})
        if (type.ends_with(ending))
            type.resize(type.size() - std::string_view(ending).size());
    const auto row = std::find_if(std::begin(kDefaults), std::end(kDefaults), [&](const Defaults& d) { return type == d.type; });
    return row == std::end(kDefaults) ? *std::prev(row) : *row;
}

// Python's round(), half to even.
int32_t rounded(double value) { return static_cast<int32_t>(std::nearbyint(value)); }

}  // namespace

ImageProcessor::ImageProcessor(const json& preprocessor, const json& config, std::vector<std::string>& notes) {
    const json timm = orElse(config, "pretrained_cfg", json());
    if (preprocessor.is_object() && preprocessor.value("image_processor_type", "") != "TimmWrapperImageProcessor")
        readTransformers(preprocessor);
    else if (timm.is_object())
        readTimm(timm);
    else if (!preprocessor.is_null())
        refuse("preprocessor_config.json is no JSON object");
    else
        notes.emplace_back("no preprocessor_config.json: short side to 256, centre 224, ImageNet mean and std");
    std::copy_n(m_plan.mean, 3, m_args.mean);
    std::copy_n(m_plan.std, 3, m_args.std);
    m_args.filter = static_cast<kernels::Filter>(std::find(std::begin(kFilters), std::end(kFilters), m_plan.filter) - std::begin(kFilters));
}

void ImageProcessor::setFilter(const std::string& name) {
    if (std::find(std::begin(kFilters), std::end(kFilters), name) == std::end(kFilters))
        refuse("the resize filter \"" + name + "\" is unknown");
    m_plan.filter = name;
}

void ImageProcessor::readTransformers(const json& config) {
    const Defaults& defaults = defaultsOf(config);
    readGeometry(config, defaults);
    readValues(config, defaults);
}

void ImageProcessor::readGeometry(const json& config, const Defaults& defaults) {
    const json size = orElse(config, "size", json(defaults.size));
    const bool shortest = size.is_number() ? defaults.shortSide : size.contains("shortest_edge");
    if (!orElse(config, "do_resize", true).get<bool>()) {
        m_plan.resize = Preprocessing::Resize::None;
        std::tie(m_width, m_height) = rectangle(orElse(config, "crop_size", size), "crop_size");
    } else if (defaults.type == std::string("ConvNext")) {
        const int32_t edge = rectangle(size, "size").first;
        const double crop = orElse(config, "crop_pct", 224.0 / 256.0).get<double>();
        if (!(crop > 0 && crop <= 1))
            refuse("crop_pct is not in (0, 1]");
        const bool squash = edge >= kConvNextSquash;
        m_plan.resize = squash ? Preprocessing::Resize::Exact : Preprocessing::Resize::ShortSide;
        m_plan.resize_width = m_plan.resize_height = squash ? edge : static_cast<int32_t>(edge / crop);
        m_width = m_height = edge;
    } else {
        m_plan.resize = shortest ? Preprocessing::Resize::ShortSide : Preprocessing::Resize::Exact;
        std::tie(m_plan.resize_width, m_plan.resize_height) = rectangle(size, "size");
        const bool crops = orElse(config, "do_center_crop", shortest || defaults.crop > 0).get<bool>();
        if (!crops && shortest)
            refuse("a shortest_edge without do_center_crop gives no fixed input size");
        std::tie(m_width, m_height) = rectangle(!crops ? size : orElse(config, "crop_size", defaults.crop > 0 ? json(defaults.crop) : size), "crop_size");
    }
}

void ImageProcessor::readValues(const json& config, const Defaults& defaults) {
    const int resample = orElse(config, "resample", defaults.resample).get<int>();
    if (resample < 0 || resample > 5)
        refuse("resample " + std::to_string(resample) + "; Pillow's 0 to 5 are known");
    setFilter(kPillowCodes[resample]);
    m_args.rescale = orElse(config, "do_rescale", true).get<bool>() ? static_cast<float>(orElse(config, "rescale_factor", 1.0 / 255).get<double>()) : 1.0f;
    float mean[3], std[3];
    std::copy_n(defaults.mean, 3, mean);
    std::copy_n(defaults.std, 3, std);
    readTriple(config, "image_mean", mean);
    readTriple(config, "image_std", std);
    const bool efficient = defaults.type == std::string("EfficientNet"), normalise = orElse(config, "do_normalize", true).get<bool>();
    const bool offset = efficient && orElse(config, "rescale_offset", false).get<bool>();  // x * scale - 1
    const bool again = efficient && orElse(config, "include_top", true).get<bool>();       // divides by std a second time
    for (size_t c = 0; c < 3; ++c) {
        m_plan.mean[c] = (normalise ? mean[c] : 0.0f) + (offset ? 1.0f : 0.0f);
        m_plan.std[c] = (normalise ? std[c] : 1.0f) * (again ? std[c] : 1.0f);
    }
}

// timm/data/transforms_factory.py, transforms_imagenet_eval; as the model cards use it, with the training size.
void ImageProcessor::readTimm(const json& config) {
    m_centre = Centre::Even;
    const json input = orElse(config, "input_size", json::array({3, 224, 224}));
    if (!input.is_array() || input.size() != 3 || input[0] != 3)
        refuse("input_size is " + input.dump() + ", [3, height, width] is expected");
    m_height = side(input[1], "input_size"), m_width = side(input[2], "input_size");
    const double crop = orElse(config, "crop_pct", 0.875).get<double>();
    if (!(crop > 0 && crop <= 1))
        refuse("crop_pct is not in (0, 1]");
    m_plan.resize_width = static_cast<int32_t>(std::floor(m_width / crop));
    m_plan.resize_height = static_cast<int32_t>(std::floor(m_height / crop));
    setFilter(orElse(config, "interpolation", "bicubic").get<std::string>());
    readTriple(config, "mean", m_plan.mean);
    readTriple(config, "std", m_plan.std);
    const std::string mode = orElse(config, "crop_mode", "center").get<std::string>();
    if (mode == "squash") {
        m_plan.resize = Preprocessing::Resize::Exact;
    } else if (mode == "border") {
        m_plan.resize = Preprocessing::Resize::Contain;
        for (size_t c = 0; c < 3; ++c)
            m_args.fill[c] = static_cast<uint8_t>(std::clamp(rounded(255.0 * orElse(config, "mean", json::array({0.485, 0.456, 0.406}))[c].get<double>()), 0, 255));
    } else if (mode == "center") {
        m_plan.resize = m_plan.resize_width == m_plan.resize_height ? Preprocessing::Resize::ShortSide : Preprocessing::Resize::Cover;
    } else {
        refuse("the crop_mode \"" + mode + "\" is unknown");
    }
}

kernels::ImageToTensorArgs ImageProcessor::args() const {
    kernels::ImageToTensorArgs args = m_args;
    args.out_width = m_width;
    args.out_height = m_height;
    args.layout = kernels::Layout::Nhwc;
    return args;
}

int32_t ImageProcessor::offset(int32_t resized, int32_t window) const {
    const int32_t spare = resized - window;
    if (m_centre == Centre::Even)
        return spare >= 0 ? rounded(spare / 2.0) : -(-spare / 2);
    return spare >= 0 ? spare / 2 : -((1 - spare) / 2);
}

kernels::ImageSource ImageProcessor::place(const engine::PreparedImage& image) const {
    kernels::ImageSource source{image.pixels, image.width, image.height, image.row_stride, image.full_width, image.full_height, 0, 0};
    const int32_t w = image.full_width, h = image.full_height;
    const double across = static_cast<double>(w) / m_plan.resize_width, down = static_cast<double>(h) / m_plan.resize_height;
    switch (m_plan.resize) {
        case Preprocessing::Resize::None: break;
        case Preprocessing::Resize::Exact:
            source.resize_width = m_plan.resize_width;
            source.resize_height = m_plan.resize_height;
            break;
        case Preprocessing::Resize::ShortSide:
            source.resize_width = static_cast<int32_t>(int64_t{m_plan.resize_width} * w / std::min(w, h));
            source.resize_height = static_cast<int32_t>(int64_t{m_plan.resize_width} * h / std::min(w, h));
            break;
        case Preprocessing::Resize::Cover:
        case Preprocessing::Resize::Contain: {
            const double ratio = m_plan.resize == Preprocessing::Resize::Cover ? std::min(across, down) : std::max(across, down);
            source.resize_width = std::max(1, rounded(w / ratio));
            source.resize_height = std::max(1, rounded(h / ratio));
            break;
        }
    }
    source.crop_x = offset(source.resize_width, m_width);
    source.crop_y = offset(source.resize_height, m_height);
    return source;
}

}  // namespace shortlist::torch_backend
