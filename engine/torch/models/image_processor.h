// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "engine/backend.h"
#include "kernels/image_to_tensor.h"

namespace shortlist::torch_backend {

struct Defaults;

// preprocessor_config.json, or timm's pretrained_cfg, as geometry and values. Geometry follows transformers' processors of the
// supported families (ViT, DeiT, ConvNeXT, EfficientNet, MobileNetV2, Bit) and timm's evaluation transforms.
class ImageProcessor {
  public:
    // The first that exists counts: `preprocessor`, config's pretrained_cfg, the ImageNet defaults (`notes` says so). Throws
    // engine::Error(Model) for what is not supported, by name.
    ImageProcessor(const nlohmann::json& preprocessor, const nlohmann::json& config, std::vector<std::string>& notes);

    int32_t width() const { return m_width; }
    int32_t height() const { return m_height; }
    const engine::Preprocessing& plan() const { return m_plan; }
    // Arguments for imageToTensor without its `images`.
    kernels::ImageToTensorArgs args() const;
    kernels::ImageSource place(const engine::PreparedImage& image) const;

  private:
    // Where half a pixel goes: transformers rounds down, torchvision to even.
    enum class Centre : uint8_t { Floor, Even };

    void readTransformers(const nlohmann::json& config);
    void readGeometry(const nlohmann::json& config, const Defaults& defaults);
    void readValues(const nlohmann::json& config, const Defaults& defaults);
    void readTimm(const nlohmann::json& config);
    void setFilter(const std::string& name);
    int32_t offset(int32_t resized, int32_t window) const;

    engine::Preprocessing m_plan;
    Centre m_centre = Centre::Floor;
    int32_t m_width = 224;
    int32_t m_height = 224;
    kernels::ImageToTensorArgs m_args;
};

}  // namespace shortlist::torch_backend
