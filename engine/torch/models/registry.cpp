// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/config.h"
#include "engine/torch/models/convnext.h"
#include "engine/torch/models/efficientnet.h"
#include "engine/torch/models/mobilenet_v2.h"
#include "engine/torch/models/mobilenet_v3.h"
#include "engine/torch/models/model.h"
#include "engine/torch/models/resnet.h"
#include "engine/torch/models/squeezenet.h"
#include "engine/torch/models/swin.h"
#include "engine/torch/models/vit.h"

namespace shortlist::torch_backend {
namespace {

// One row a family.
constexpr ModelFamily kFamilies[] = {
    {"resnet", " resnet ", knowsResNet, buildResNet},
    {"squeezenet", "", knowsSqueezeNet, buildSqueezeNet},
    {"mobilenet_v2", " mobilenet_v2 ", knowsMobileNetV2, buildMobileNetV2},
    {"mobilenet_v3", "", knowsMobileNetV3, buildMobileNetV3},
    {"efficientnet", " efficientnet ", knowsEfficientNet, buildEfficientNet},
    {"convnext", " convnext convnextv2 ", knowsConvNeXt, buildConvNeXt},
    {"vit", " vit deit dinov2 dinov2_with_registers ", knowsViT, buildViT},
    {"swin", " swin ", knowsSwin, buildSwin},
};

}  // namespace

const ModelFamily& findFamily(const nlohmann::json& config) {
    const std::string architecture = architectureOf(config), type = configText(config, "model_type", "");
    std::string supported;
    for (const ModelFamily& family : kFamilies) {
        if (architecture.empty() ? !type.empty() && std::string_view(family.model_types).find(" " + type + " ") != std::string_view::npos : family.knows(architecture))
            return family;
        supported += (supported.empty() ? "" : ", ") + std::string(family.name);
    }
    const std::string what = !architecture.empty() ? "The architecture \"" + architecture + "\" of config.json is not supported."
                             : type.empty()        ? "The file config.json names neither a model_type nor an architecture."
                                                   : "The model type \"" + type + "\" of config.json is not supported.";
    refuseConfig(what + " Supported families: " + supported + ". Choose a model of one of them.");
}

}  // namespace shortlist::torch_backend
