// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "engine/backend.h"
#include "kernels/image_to_tensor.h"

namespace shortlist::torch_backend {

// preprocessor_config.json as geometry: resize, centre crop, rescale, normalise. Geometry follows transformers'
// ConvNextImageProcessor (shortest_edge with crop_pct) and the usual size / crop_size processors.
class ImageProcessor {
  public:
    // A null config means the ImageNet defaults (224, bilinear); `notes` says so. Throws engine::Error(Model) for what
    // is not supported, by name.
    ImageProcessor(const nlohmann::json& config, std::vector<std::string>& notes);

    int32_t width() const { return m_width; }
    int32_t height() const { return m_height; }
    // Short side after the resize; 0 when there is none.
    int32_t resizeShort() const;
    // Arguments for imageToTensor without its `images`.
    kernels::ImageToTensorArgs args() const;
    kernels::ImageSource place(const engine::PreparedImage& image) const;

  private:
    enum class Resize : uint8_t { None, Shortest, Exact };

    void readGeometry(const nlohmann::json& config);
    void readValues(const nlohmann::json& config);

    Resize m_resize = Resize::Shortest;
    int32_t m_shortest = 256;
    int32_t m_resizeWidth = 0;
    int32_t m_resizeHeight = 0;
    int32_t m_width = 224;
    int32_t m_height = 224;
    kernels::ImageToTensorArgs m_args;
};

}  // namespace shortlist::torch_backend
