// SPDX-License-Identifier: Apache-2.0
#include "engine/torch/models/qwen2_vl_config.h"

#include "engine/torch/models/config.h"

namespace shortlist::torch_backend {
namespace {

using nlohmann::json;

constexpr int64_t kMaxVocabulary = 1 << 20, kMaxHidden = 1 << 17, kMaxContext = 1 << 20;

void requireMultiple(int64_t whole, int64_t part, const char* what) {
    if (whole % part != 0)
        refuseConfig(std::string("The value of ") + what + " in config.json does not divide what it shares out (" + std::to_string(whole) + " by " + std::to_string(part) + ").");
}

VisionShape readVision(const json& config) {
    VisionShape shape;
    shape.depth = configInt(config, "depth", 1, kMaxDepth, shape.depth);
    shape.size = configInt(config, "embed_dim", 1, kMaxChannels, shape.size);
    shape.heads = configInt(config, "num_heads", 1, 1024, shape.heads);
    shape.out = configInt(config, "hidden_size", 1, kMaxChannels, 3584);
    shape.hidden = static_cast<int64_t>(static_cast<double>(shape.size) * configNumber(config, "mlp_ratio", 0.01, 64, 4));
    shape.patch = configInt(config, config.contains("spatial_patch_size") ? "spatial_patch_size" : "patch_size", 1, 256, shape.patch);
    shape.merge = configInt(config, "spatial_merge_size", 1, 16, shape.merge);
    shape.frames = configInt(config, "temporal_patch_size", 1, 16, shape.frames);
    configInt(config, config.contains("in_chans") ? "in_chans" : "in_channels", 3, 3, 3);
    shape.activation = activationNamed(configText(config, "hidden_act", "quick_gelu"));
    requireMultiple(shape.size, shape.heads, "num_heads");
    requireMultiple(shape.headSize(), 4, "embed_dim / num_heads");
    return shape;
}

// rope_scaling with rope_theta beside it, or rope_parameters with everything.
void readRotary(const json& config, DecoderShape& shape) {
    const json& rope = config.contains("rope_parameters") ? configObject(config, "rope_parameters") : configObject(config, "rope_scaling");
    const std::string type = configText(rope, rope.contains("rope_type") ? "rope_type" : "type", "default");
    if (type != "default" && type != "mrope")
        refuseConfig("The rotary positions \"" + type + "\" of config.json are not supported; \"mrope\" is.");
    shape.theta = configNumber(rope.contains("rope_theta") ? rope : config, "rope_theta", 1, 1e12, shape.theta);
    const auto sections = configInts(rope, "mrope_section", 0, kMaxChannels);
    if (sections.size() != 3 || 2 * (sections[0] + sections[1] + sections[2]) != shape.headSize())
        refuseConfig("The mrope_section of config.json must hold three numbers whose sum is half a head (" + std::to_string(shape.headSize() / 2) + ").");
    std::copy(sections.begin(), sections.end(), shape.sections.begin());
}

DecoderShape readText(const json& config) {
    DecoderShape shape;
    shape.depth = configInt(config, "num_hidden_layers", 1, kMaxDepth);
    shape.size = configInt(config, "hidden_size", 1, kMaxChannels);
    shape.heads = configInt(config, "num_attention_heads", 1, 1024);
    shape.kvHeads = configInt(config, "num_key_value_heads", 1, 1024, shape.heads);
    shape.hidden = configInt(config, "intermediate_size", 1, kMaxHidden);
    shape.vocabulary = configInt(config, "vocab_size", 1, kMaxVocabulary);
    shape.context = configInt(config, "max_position_embeddings", 1, kMaxContext, shape.context);
    shape.eps = configNumber(config, "rms_norm_eps", 0, 1, 1e-5);
    requireText(config, "hidden_act", "silu");
    if (configFlag(config, "use_sliding_window", false))
        refuseConfig("The sliding window attention of config.json (use_sliding_window) is not supported.");
    requireMultiple(shape.size, shape.heads, "num_attention_heads");
    requireMultiple(shape.heads, shape.kvHeads, "num_key_value_heads");
    readRotary(config, shape);
    return shape;
}

}  // namespace

bool isQwen2Vl(const json& config) { return configText(config, "model_type", "") == "qwen2_vl"; }

Qwen2VlConfig Qwen2VlConfig::read(const json& config) {
    const json& text = config.contains("text_config") ? configObject(config, "text_config") : config;
    Qwen2VlConfig read;
    read.vision = readVision(configObject(config, "vision_config"));
    read.text = readText(text);
    read.text.tied = configFlag(config, "tie_word_embeddings", false) || configFlag(text, "tie_word_embeddings", false);
    read.imagePad = configInt(config, "image_token_id", 0, kMaxVocabulary, read.imagePad);
    if (read.vision.out != read.text.size)
        refuseConfig("The hidden_size of vision_config (" + std::to_string(read.vision.out) + ") is not that of the text model (" + std::to_string(read.text.size) + ").");
    for (const json* level : {&config, &text})
        for (const char* key : {"dtype", "torch_dtype"})
            if (read.dtype.empty())
                read.dtype = configText(*level, key, "");
    return read;
}

}  // namespace shortlist::torch_backend
