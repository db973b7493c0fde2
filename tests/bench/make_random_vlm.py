#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a Qwen2-VL model directory of the 2B's full shape with random bf16 weights (4.4 GB), for measuring.

    python make_random_vlm.py OUT TOKENIZER [--head-scale 1.0] [--layers 28 --depth 32]

TOKENIZER: a folder with Qwen2's vocab.json and merges.txt. The weights are normal with the spread of a fresh network; the embedding table, which
is the head too, is scaled so that the next token is uncertain by one to three nats. Needs numpy and nothing else.
"""
import argparse
import json
import shutil
from pathlib import Path

import numpy as np

ADDED = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>",
         "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>"]
FIRST_ADDED = 151643
VOCABULARY = 151936
TEMPLATE = ("{% for message in messages %}{% if loop.first and message['role'] != 'system' %}<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{% endif %}"
            "<|im_start|>{{ message['role'] }}\n<|vision_start|><|image_pad|><|vision_end|>{{ message['content'] }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n")


def shapes(layers: int, depth: int) -> dict[str, tuple[int, ...]]:
    """Published names of the 2B."""
    size, hidden, kv, vision, square = 1536, 8960, 256, 1280, 5120
    all_ = {"model.embed_tokens.weight": (VOCABULARY, size), "model.norm.weight": (size,), "visual.patch_embed.proj.weight": (vision, 3, 2, 14, 14),
            "visual.merger.ln_q.weight": (vision,), "visual.merger.ln_q.bias": (vision,), "visual.merger.mlp.0.weight": (square, square), "visual.merger.mlp.0.bias": (square,),
            "visual.merger.mlp.2.weight": (size, square), "visual.merger.mlp.2.bias": (size,)}
    for i in range(layers):
        p = f"model.layers.{i}."
        all_ |= {p + "input_layernorm.weight": (size,), p + "post_attention_layernorm.weight": (size,), p + "self_attn.q_proj.weight": (size, size), p + "self_attn.q_proj.bias": (size,),
                 p + "self_attn.k_proj.weight": (kv, size), p + "self_attn.k_proj.bias": (kv,), p + "self_attn.v_proj.weight": (kv, size), p + "self_attn.v_proj.bias": (kv,),
                 p + "self_attn.o_proj.weight": (size, size), p + "mlp.gate_proj.weight": (hidden, size), p + "mlp.up_proj.weight": (hidden, size), p + "mlp.down_proj.weight": (size, hidden)}
    for i in range(depth):
        p = f"visual.blocks.{i}."
        all_ |= {p + "norm1.weight": (vision,), p + "norm1.bias": (vision,), p + "norm2.weight": (vision,), p + "norm2.bias": (vision,), p + "attn.qkv.weight": (3 * vision, vision),
                 p + "attn.qkv.bias": (3 * vision,), p + "attn.proj.weight": (vision, vision), p + "attn.proj.bias": (vision,), p + "mlp.fc1.weight": (square, vision), p + "mlp.fc1.bias": (square,),
                 p + "mlp.fc2.weight": (vision, square), p + "mlp.fc2.bias": (vision,)}
    return all_


def values(name: str, shape: tuple[int, ...], random: np.random.Generator, head_scale: float) -> bytes:
    """bf16, rounded down: random numbers need no rounding."""
    count = int(np.prod(shape))
    if len(shape) == 1:
        data = np.full(count, 1.0 if name.endswith("norm.weight") or "norm1.weight" in name or "norm2.weight" in name or "layernorm" in name or "ln_q.weight" in name else 0.0, np.float32)
    else:
        spread = 1 / np.sqrt(np.prod(shape[1:])) * (head_scale if name == "model.embed_tokens.weight" else 1.0)
        data = random.standard_normal(count, np.float32) * np.float32(spread)
    return (data.view(np.uint32) >> 16).astype(np.uint16).tobytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("--head-scale", type=float, default=1.0)
    parser.add_argument("--layers", type=int, default=28)
    parser.add_argument("--depth", type=int, default=32)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    config = {"architectures": ["Qwen2VLForConditionalGeneration"], "model_type": "qwen2_vl", "hidden_act": "silu", "hidden_size": 1536, "intermediate_size": 8960,
              "max_position_embeddings": 32768, "num_attention_heads": 12, "num_hidden_layers": args.layers, "num_key_value_heads": 2, "rms_norm_eps": 1e-6, "rope_theta": 1e6,
              "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]}, "tie_word_embeddings": True, "torch_dtype": "bfloat16", "use_sliding_window": False,
              "vocab_size": VOCABULARY, "bos_token_id": FIRST_ADDED, "eos_token_id": FIRST_ADDED + 2, "image_token_id": FIRST_ADDED + 12, "video_token_id": FIRST_ADDED + 13,
              "vision_start_token_id": FIRST_ADDED + 9, "vision_end_token_id": FIRST_ADDED + 10,
              "vision_config": {"depth": args.depth, "embed_dim": 1280, "mlp_ratio": 4, "num_heads": 16, "in_chans": 3, "hidden_size": 1536, "patch_size": 14, "spatial_merge_size": 2,
                                "spatial_patch_size": 14, "temporal_patch_size": 2, "hidden_act": "quick_gelu"}}
    (args.out / "config.json").write_text(json.dumps(config, indent=1))
    (args.out / "preprocessor_config.json").write_text(json.dumps({"min_pixels": 3136, "max_pixels": 12845056, "patch_size": 14, "temporal_patch_size": 2, "merge_size": 2,
                                                                   "image_processor_type": "Qwen2VLImageProcessor"}))
    for name in ("vocab.json", "merges.txt"):
        shutil.copyfile(args.tokenizer / name, args.out / name)
    decoder = {str(FIRST_ADDED + i): {"content": text, "special": True} for i, text in enumerate(ADDED)}
    (args.out / "tokenizer_config.json").write_text(json.dumps({"added_tokens_decoder": decoder, "chat_template": TEMPLATE, "tokenizer_class": "Qwen2Tokenizer"}))
    header, at = {}, 0
    tensors = shapes(args.layers, args.depth)
    for name, shape in tensors.items():
        length = 2 * int(np.prod(shape))
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [at, at + length]}
        at += length
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    random = np.random.default_rng(0)
    with open(args.out / "model.safetensors", "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name, shape in tensors.items():
            file.write(values(name, shape, random, args.head_scale))
    print(f"{args.out}: {at / 2e9:.2f} billion parameters, {at / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
