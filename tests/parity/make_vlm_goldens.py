# SPDX-License-Identifier: Apache-2.0
"""Goldens of Qwen2-VL, used by make_goldens.py: small random configurations of transformers' Qwen2VLForConditionalGeneration with hash weights
and the small vocabulary of tokenizer.json. For images of several sizes: the best tokens after the prompt, greedy answers with their top-5 logprobs, and
the logprob of every label, each alone through the reference."""
import json

import numpy as np

from hash_tensors import HERE, fnv, hash_image, hash_noise, write
from make_model_goldens import front_coded, log_softmax, tensor_rule

PROMPT = "What is this? Answer with one of: cat, a cat, 猫."
LABELS = ["cat", "cat fish", "a cat", "dog", "quick brown fox", "猫", "一张猫的照片", "it's naïve", "Dog", "photo"]
IMAGES = [[31, 90, 64], [32, 56, 56], [33, 40, 300], [34, 210, 33]]
LIMITS = (4 * 784, 9 * 784)
TOKENS, TOP, BEST = 20, 5, 60
TEXT = dict(hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=512, rms_norm_eps=1e-6,
            rope_theta=1000000.0, hidden_act="silu")
VISION = dict(depth=2, embed_dim=32, num_heads=2, mlp_ratio=4, hidden_size=64, patch_size=14, spatial_merge_size=2, temporal_patch_size=2)
SECTIONS = [2, 3, 3]


def published(name: str) -> str:
    return name.replace("model.language_model.", "model.").replace("model.visual.", "visual.")


def set_weights(model, rename, tied: bool, head: str, head_scale: float) -> list:
    import torch
    state, shapes = {}, {}
    for name, value in model.state_dict().items():
        stored = rename(name)
        if tied and name == "lm_head.weight":
            continue
        offset, scale = tensor_rule(stored, list(value.shape))
        scale = np.float32(scale * (head_scale if stored.startswith(head) else 1.0))
        data = np.float32(offset) + scale * hash_noise(fnv(stored), value.numel())
        state[name], shapes[stored] = torch.from_numpy(data.astype(np.float32)).reshape(value.shape), list(value.shape)
    model.load_state_dict(state, strict=False)
    model.tie_weights()
    return [[shared, rest, shape] for (shared, rest), shape in zip(front_coded(list(shapes)), shapes.values())]


class Reference:
    def __init__(self, model, tokenizer, ids: dict):
        from transformers import Qwen2VLImageProcessor
        self.model, self.tokenizer, self.ids = model.eval(), tokenizer, ids
        processor = Qwen2VLImageProcessor(min_pixels=LIMITS[0], max_pixels=LIMITS[1])
        self.images = [processor(hash_image(seed, w, h), return_tensors="pt") for seed, w, h in IMAGES]

    def prompt(self, image) -> list[int]:
        pads = int(image["image_grid_thw"].prod()) // 4
        text = ("<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n<|vision_start|>" + "<|image_pad|>" * pads + "<|vision_end|>" + PROMPT +
                "<|im_end|>\n<|im_start|>assistant\n")
        return self.tokenizer.encode(text).ids

    def logits(self, image, tokens: list[int]) -> np.ndarray:
        """fp64 [tokens, vocabulary]"""
        import torch
        with torch.inference_mode():
            out = self.model(input_ids=torch.tensor([tokens]), pixel_values=image["pixel_values"], image_grid_thw=image["image_grid_thw"])
        return out.logits[0].double().numpy()

    def label(self, image, label: str) -> float:
        prompt, answer = self.prompt(image), self.tokenizer.encode(label).ids + [self.ids["<|im_end|>"]]
        rows = log_softmax(self.logits(image, prompt + answer)[len(prompt) - 1:-1])
        return float(sum(rows[i, token] for i, token in enumerate(answer)))

    def greedy(self, image) -> list:
        tokens, answer = self.prompt(image), []
        while len(answer) < TOKENS:
            row = log_softmax(self.logits(image, tokens)[-1])
            best = np.argsort(-row, kind="stable")[:TOP]
            answer.append([[int(i), round(float(row[i]), 5)] for i in best])
            tokens.append(int(best[0]))
            if tokens[-1] in (self.ids["<|im_end|>"], self.ids["<|endoftext|>"]):
                break
        return answer


def case(name: str, newer: bool, tied: bool) -> dict:
    import tokenizers
    import torch
    from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration
    golden = json.loads((HERE / "goldens" / "tokenizer.json").read_text())["tokenizer"]
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(golden))
    ids = {token["content"]: token["id"] for token in golden["added_tokens"]}
    text = TEXT | {"vocab_size": tokenizer.get_vocab_size() + 3}
    rope = {"type": "mrope", "mrope_section": SECTIONS}
    tokens = {"image_token_id": ids["<|image_pad|>"], "video_token_id": ids["<|video_pad|>"], "vision_start_token_id": ids["<|vision_start|>"],
              "vision_end_token_id": ids["<|vision_end|>"]}
    torch.manual_seed(0)
    model = Qwen2VLForConditionalGeneration(Qwen2VLConfig(text_config=text | {"rope_scaling": dict(rope), "tie_word_embeddings": tied}, vision_config=dict(VISION), tie_word_embeddings=tied, **tokens))
    head = "lm_head" if not tied else "model.language_model.embed_tokens" if newer else "model.embed_tokens"
    reference, scale = Reference(model, tokenizer, ids), 1.0
    for _ in range(60):
        tensors = set_weights(model.float(), (lambda n: n) if newer else published, tied, head, scale)
        last = np.stack([reference.logits(image, reference.prompt(image))[-1] for image in reference.images])
        best = float(np.median(np.exp(log_softmax(last).max(-1))))
        if 0.35 <= best <= 0.85:
            break
        scale *= 1.3 if best < 0.35 else 0.8
    assert 0.3 <= best <= 0.9, best
    if newer:
        rope = {"rope_type": "default", "mrope_section": SECTIONS, "rope_theta": text.pop("rope_theta")}
        config = {"model_type": "qwen2_vl", "text_config": text | {"rope_parameters": rope}, "vision_config": VISION, "tie_word_embeddings": tied, "dtype": "float32", **tokens}
        processor = {"size": {"shortest_edge": LIMITS[0], "longest_edge": LIMITS[1]}}
    else:
        vision = {key: value for key, value in VISION.items() if key != "patch_size"} | {"in_chans": 3, "spatial_patch_size": 14}
        config = {"model_type": "qwen2_vl", **text, "rope_scaling": rope, "vision_config": vision, "tie_word_embeddings": tied, "torch_dtype": "float32", **tokens}
        processor = {"min_pixels": LIMITS[0], "max_pixels": LIMITS[1]}
    images = []
    for image, row in zip(reference.images, last):
        logprobs = log_softmax(row)
        order = np.argsort(-row, kind="stable")[:BEST]
        images.append({"grid": image["image_grid_thw"][0, 1:].tolist(), "largest": round(float(np.abs(row).max()), 4),
                       "best": [[int(i), round(float(logprobs[i]), 5)] for i in order], "greedy": reference.greedy(image),
                       "labels": [round(reference.label(image, label), 5) for label in LABELS]})
    model.to(torch.bfloat16)
    half = np.stack([reference.logits(image, reference.prompt(image))[-1] for image in reference.images])
    distance = float(np.abs(log_softmax(half) - log_softmax(last)).max())
    labels = max(abs(reference.label(image, label) - golden["labels"][i]) for image, golden in zip(reference.images, images) for i, label in enumerate(LABELS))
    print(f"  {name}: best {best:.2f}, bf16 distance {distance:.4f}, of labels {labels:.4f}")
    return {"name": name, "config": config, "preprocessor": processor, "head": head, "scale": scale, "tensors": tensors, "prompt": PROMPT, "labels": LABELS, "sources": IMAGES,
            "bf16": round(distance, 5), "bf16_labels": round(labels, 5), "prompt_ids": reference.prompt(reference.images[0]), "images": images}


def qwen2_vl() -> None:
    write("qwen2_vl.json", [case("published/tied", False, True), case("newer/untied", True, False)])
