// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/image_processor.h"

#include <algorithm>

namespace shortlist::torch_backend {
namespace {

using engine::Error;
using engine::ErrorKind;
using nlohmann::json;

constexpr int32_t kMaxInput = 4096;
constexpr int32_t kConvNextSquash = 384;  // from this size on the processor resizes to a square and does not crop
constexpr float kImageNetMean[3] = {0.485f, 0.456f, 0.406f};
constexpr float kImageNetStd[3] = {0.229f, 0.224f, 0.225f};

[[noreturn]] void refuse(const std::string& what) {
    throw Error(ErrorKind::Model, "The file preprocessor_config.json is not supported: " + what + ".");
}

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

int32_t floorHalf(int32_t value) { return value >= 0 ? value / 2 : -((1 - value) / 2); }

}  // namespace

ImageProcessor::ImageProcessor(const json& config, std::vector<std::string>& notes) {
    std::copy_n(kImageNetMean, 3, m_args.mean);
    std::copy_n(kImageNetStd, 3, m_args.std);
    if (config.is_null()) {
        notes.emplace_back("no preprocessor_config.json: short side to 256, centre 224, ImageNet mean and std");
        return;
    }
    if (!config.is_object())
        refuse("it is no JSON object");
    readGeometry(config);
    readValues(config);
}

void ImageProcessor::readGeometry(const json& config) {
    const std::string type = config.value("image_processor_type", config.value("feature_extractor_type", ""));
    const json size = config.value("size", json(224));
    const bool shortest = size.is_number() ? type.starts_with("ConvNext") : size.contains("shortest_edge");
    if (!config.value("do_resize", true)) {
        m_resize = Resize::None;
        std::tie(m_width, m_height) = rectangle(config.value("crop_size", size), "crop_size");
    } else if (type.starts_with("ConvNext")) {
        const int32_t edge = rectangle(size, "size").first;
        const double crop = config.value("crop_pct", 224.0 / 256.0);
        if (!(crop > 0 && crop <= 1))
            refuse("crop_pct is not in (0, 1]");
        m_resize = edge < kConvNextSquash ? Resize::Shortest : Resize::Exact;
        m_shortest = static_cast<int32_t>(edge / crop);
        m_width = m_height = m_resizeWidth = m_resizeHeight = edge;
    } else {
        m_resize = shortest ? Resize::Shortest : Resize::Exact;
        std::tie(m_resizeWidth, m_resizeHeight) = rectangle(size, "size");
        m_shortest = m_resizeWidth;
        const bool crops = config.value("do_center_crop", shortest);
        if (!crops && shortest)
            refuse("a shortest_edge without do_center_crop gives no fixed input size");
        std::tie(m_width, m_height) = rectangle(crops ? config.value("crop_size", size) : size, "crop_size");
    }
}

void ImageProcessor::readValues(const json& config) {
    const int resample = config.value("resample", 2);
    if (resample != 2 && resample != 3)
        refuse("resample " + std::to_string(resample) + "; 2 (bilinear) and 3 (bicubic) are known");
    m_args.filter = resample == 3 ? kernels::Filter::Bicubic : kernels::Filter::Bilinear;
    m_args.rescale = config.value("do_rescale", true) ? static_cast<float>(config.value("rescale_factor", 1.0 / 255)) : 1.0f;
    const bool normalise = config.value("do_normalize", true);
    const auto mean = config.value("image_mean", std::vector<float>(kImageNetMean, kImageNetMean + 3));
    const auto std = config.value("image_std", std::vector<float>(kImageNetStd, kImageNetStd + 3));
    if (mean.size() != 3 || std.size() != 3)
        refuse("image_mean and image_std must hold three numbers");
    for (size_t c = 0; c < 3; ++c) {
        m_args.mean[c] = normalise ? mean[c] : 0.0f;
        m_args.std[c] = normalise ? std[c] : 1.0f;
    }
}

int32_t ImageProcessor::resizeShort() const {
    return m_resize == Resize::None ? 0 : m_resize == Resize::Shortest ? m_shortest : std::min(m_resizeWidth, m_resizeHeight);
}

kernels::ImageToTensorArgs ImageProcessor::args() const {
    kernels::ImageToTensorArgs args = m_args;
    args.out_width = m_width;
    args.out_height = m_height;
    args.layout = kernels::Layout::Nhwc;
    return args;
}

kernels::ImageSource ImageProcessor::place(const engine::PreparedImage& image) const {
    kernels::ImageSource source{image.pixels, image.width, image.height, image.row_stride, image.full_width, image.full_height, 0, 0};
    if (m_resize == Resize::Exact) {
        source.resize_width = m_resizeWidth;
        source.resize_height = m_resizeHeight;
    } else if (m_resize == Resize::Shortest) {
        const int64_t shortSide = std::min(image.full_width, image.full_height);
        source.resize_width = static_cast<int32_t>(int64_t{m_shortest} * image.full_width / shortSide);
        source.resize_height = static_cast<int32_t>(int64_t{m_shortest} * image.full_height / shortSide);
    }
    source.crop_x = floorHalf(source.resize_width - m_width);
    source.crop_y = floorHalf(source.resize_height - m_height);
    return source;
}

}  // namespace shortlist::torch_backend
