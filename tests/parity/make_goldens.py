#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the goldens of this folder with the public reference implementations: Pillow, transformers on PyTorch.

    python tests/parity/make_goldens.py            # all
    python tests/parity/make_goldens.py everyday   # one

Weights and images come from one integer hash that tests/support/hash_noise.h implements too, so no tensor is stored.
Needs (development only): torch, transformers, pillow, numpy, safetensors, tifffile, pillow-heif.
"""
import base64
import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MASK = np.uint64(0xFFFFFFFF)


def hash_bits(seed: int, count: int) -> np.ndarray:
    """uint32 [count]; the same integers as hashBits(seed, i)."""
    x = np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B1) + np.uint64(seed) * np.uint64(0x85EBCA77) + np.uint64(0x165667B1)
    x &= MASK
    x ^= x >> np.uint64(15)
    x = (x * np.uint64(0x2C1B3C6D)) & MASK
    x ^= x >> np.uint64(12)
    x = (x * np.uint64(0x297A2D39)) & MASK
    return (x ^ (x >> np.uint64(15))).astype(np.uint32)


def hash_noise(seed: int, count: int) -> np.ndarray:
    """fp32 [count] in [-1, 1), exact."""
    return ((hash_bits(seed, count) >> 8).astype(np.float64) / (1 << 23) - 1.0).astype(np.float32)


def fnv(name: str) -> int:
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def hash_image(seed: int, width: int, height: int) -> Image.Image:
    """A smooth colour field with noise on it: gradients as in photographs, edges as in text."""
    noise = hash_bits(seed, width * height * 3).reshape(height, width, 3)
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    field = (x * (3 + c) + y * (5 - c) + c * 40 + seed) % 256
    blocks = (((x // 7) ^ (y // 5)) & 1) * 60
    pixels = (field + blocks + (noise >> np.uint32(26))) % 256
    return Image.fromarray(pixels.astype(np.uint8))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def write(name: str, value) -> None:
    text = json.dumps(value, separators=(",", ":"))
    assert len(text) <= 50_000, f"{name}: {len(text)} bytes"
    (HERE / "goldens" / name).write_text(text + "\n")
    print(name, len(text))


def resize_goldens() -> None:
    cases = []
    # source, resized to, window x, y, width, height
    for source, target, window in [((37, 29), (16, 12), (0, 0, 16, 12)), ((37, 29), (16, 12), (3, 2, 9, 8)),
                                   ((12, 9), (31, 23), (0, 0, 31, 23)), ((64, 40), (64, 20), (0, 0, 24, 20)),
                                   ((50, 31), (20, 31), (0, 5, 20, 20)), ((90, 70), (11, 7), (0, 0, 11, 7)),
                                   ((1, 1), (8, 8), (0, 0, 8, 8)), ((5, 200), (3, 20), (-4, -2, 11, 24)),
                                   ((33, 21), (24, 16), (2, -3, 20, 22)), ((28, 28), (28, 28), (4, 4, 20, 20))]:
        for name, resample in [("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC)]:
            seed = len(cases) + 11
            image = hash_image(seed, *source)
            resized = image.resize(target, resample)
            # Pillow resizes horizontally first, since version 13 sometimes vertically; the 8-bit rounding between the
            # passes then differs by at most a level.
            across_first = image.resize((target[0], source[1]), resample).resize(target, resample)
            tolerance = 0 if across_first.tobytes() == resized.tobytes() else 1
            x, y, w, h = window
            cut = resized.crop((x, y, x + w, y + h))  # outside is black, level 0
            cases.append({"seed": seed, "source": source, "resize": target, "window": window, "filter": name,
                          "tolerance": tolerance, "levels": b64(cut.tobytes())})
    write("resize.json", cases)


def patches_goldens() -> None:
    """Positions only: element i of the output holds the level of source element `source[i]` = (y * width + x) * 3 + c."""
    from transformers import Qwen2VLImageProcessor

    cases = []
    # Every element is its own number, in three base-256 digits that travel as three images.
    for patch, merge, frames, width, height, step in [(2, 2, 2, 12, 8, 1), (3, 1, 1, 9, 6, 1), (14, 2, 2, 84, 56, 97)]:
        processor = Qwen2VLImageProcessor(do_resize=False, do_rescale=False, do_normalize=False, patch_size=patch, merge_size=merge,
                                          temporal_patch_size=frames)
        number = np.arange(width * height * 3).reshape(height, width, 3)
        digits = [Image.fromarray((number >> shift & 255).astype(np.uint8)) for shift in (0, 8, 16)]
        values = [processor(digit, return_tensors="np") for digit in digits]
        source = sum(v["pixel_values"].astype(np.int64) << shift for v, shift in zip(values, (0, 8, 16)))
        assert values[0]["image_grid_thw"].tolist() == [[1, height // patch, width // patch]]
        flat = source.reshape(-1)
        cases.append({"patch": patch, "merge": merge, "frames": frames, "size": [width, height], "rows": source.shape[0], "step": step,
                      "source": flat[::step].tolist()})
    write("patches.json", cases)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decode_goldens() -> None:
    cases = []

    def add(name: str, data: bytes, tolerance: int) -> None:
        image = Image.open(io.BytesIO(data))
        upright = ImageOps.exif_transpose(image).convert("RGB")
        cases.append({"name": name, "file": b64(data), "width": upright.width, "height": upright.height,
                      "levels": b64(upright.tobytes()), "tolerance": tolerance})

    photo = hash_image(5, 19, 13)
    smooth = hash_image(6, 96, 64).resize((24, 16), Image.BILINEAR)
    for subsampling in (0, 1, 2):
        add(f"jpeg/subsampling={subsampling}", encoded(smooth, "JPEG", quality=90, subsampling=subsampling), 2)
    add("jpeg/progressive", encoded(smooth, "JPEG", quality=90, progressive=True), 2)
    add("jpeg/grey", encoded(smooth.convert("L"), "JPEG", quality=90), 2)
    add("jpeg/cmyk", encoded(smooth.convert("CMYK"), "JPEG", quality=95), 2)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        small = smooth.resize((9, 6))
        add(f"jpeg/orientation={orientation}", encoded(small, "JPEG", quality=95, exif=exif.tobytes()), 2)
        add(f"png/orientation={orientation}", encoded(small, "PNG", exif=exif.tobytes()), 0)
    add("png/rgb", encoded(photo, "PNG"), 0)
    alpha = photo.convert("RGBA")
    alpha.putalpha(Image.fromarray((hash_bits(9, 19 * 13) >> 24).astype(np.uint8).reshape(13, 19)))
    add("png/rgba", encoded(alpha, "PNG"), 0)
    add("png/grey", encoded(photo.convert("L"), "PNG"), 0)
    add("png/grey-alpha", encoded(alpha.convert("LA"), "PNG"), 0)
    add("png/palette", encoded(photo.quantize(16), "PNG"), 0)
    add("png/palette-2", encoded(photo.quantize(2), "PNG", bits=1), 0)
    add("png/1-bit", encoded(photo.convert("1"), "PNG"), 0)
    write("decode.json", cases)


def tensor_rule(name: str, shape: list[int]) -> tuple[float, float]:
    """(offset, scale) of a parameter: near its usual size, so that activations neither die nor explode."""
    if name.endswith("normalization.weight"):
        return 1.0, 0.3
    if name.endswith("running_var"):
        return 1.0, 0.5
    if name.endswith(("running_mean", "bias")):
        return 0.0, 0.2
    fan_in = int(np.prod(shape[1:]))
    return 0.0, float(np.sqrt(6.0 / fan_in))


def with_hash_weights(model, head: str, head_scale: float) -> list:
    import torch
    rules, state = [], {}
    for name, value in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        offset, scale = tensor_rule(name, list(value.shape))
        scale = float(np.float32(scale * (head_scale if name.startswith(head) else 1.0)))
        noise = hash_noise(fnv(name), value.numel())
        data = np.float32(offset) + np.float32(scale) * noise
        state[name] = torch.from_numpy(data.astype(np.float32)).reshape(value.shape)
        rules.append([name, list(value.shape), offset, scale])
    model.load_state_dict(state, strict=False)
    return rules


def logits_of(model, image: Image.Image) -> np.ndarray:
    import torch
    pixels = torch.from_numpy(np.asarray(image).astype(np.float32) / 255).permute(2, 0, 1)[None]
    with torch.inference_mode():
        return model.eval()(pixels).logits[0].double().numpy()


def resnet_goldens() -> None:
    from transformers import ResNetConfig, ResNetForImageClassification
    base = dict(embedding_size=8, hidden_sizes=[8, 16, 24], depths=[2, 1, 2], num_labels=12)
    variants = {"basic": dict(layer_type="basic"), "bottleneck": dict(layer_type="bottleneck"),
                "bottleneck-first": dict(layer_type="bottleneck", downsample_in_first_stage=True),
                "bottleneck-inside": dict(layer_type="bottleneck", downsample_in_bottleneck=True)}
    cases = []
    for name, options in variants.items():
        config = ResNetConfig(**base, **options)
        model = ResNetForImageClassification(config)
        image = hash_image(77, 52, 44)
        scale = 1.0
        for _ in range(40):  # a head whose best class has a probability of 0.3 to 0.9
            rules = with_hash_weights(model, "classifier", scale)
            logits = logits_of(model, image)
            best = np.exp(logits - logits.max()).sum() ** -1
            if 0.3 <= best <= 0.9:
                break
            scale *= 1.3 if best < 0.3 else 0.8
        cases.append({"name": f"resnet/{name}", "config": json.loads(config.to_json_string(use_diff=False)) | {"architectures": ["ResNetForImageClassification"]},
                      "tensors": rules, "image": [77, 52, 44], "logits": [round(float(v), 9) for v in logits]})
        keep = ("model_type", "num_channels", "embedding_size", "hidden_sizes", "depths", "layer_type", "hidden_act",
                "downsample_in_first_stage", "downsample_in_bottleneck", "id2label")
        cases[-1]["config"] = {k: cases[-1]["config"][k] for k in keep}
    write("resnet.json", cases)


def everyday_golden() -> None:
    """The built-in model end to end: file -> Pillow -> processor -> network, and its logits for a hash image."""
    from transformers import AutoImageProcessor, ResNetForImageClassification
    directory = ROOT / "resources/models/everyday"
    model = ResNetForImageClassification.from_pretrained(directory).eval()
    processor = AutoImageProcessor.from_pretrained(directory, use_fast=False)
    import torch

    def run(image: Image.Image) -> list[float]:
        with torch.inference_mode():
            logits = model(processor(image, return_tensors="pt")["pixel_values"]).logits[0]
        return [round(float(v), 6) for v in logits]

    images = [{"hash": [901, 150, 131], "logits": run(hash_image(901, 150, 131))},
              {"hash": [902, 96, 96], "logits": run(hash_image(902, 96, 96))}]
    for file in sorted((ROOT / "resources/samples").glob("*.[jp][pn]g")):
        images.append({"file": file.name, "logits": run(Image.open(file).convert("RGB"))})
    digest = hashlib.sha256((directory / "model.safetensors").read_bytes()).hexdigest()
    write("everyday.json", {"sha256": digest, "images": images})


sys.path.insert(0, str(HERE))
from make_format_goldens import formats_goldens, verdict_goldens  # noqa: E402

GOLDENS = {"resize": resize_goldens, "patches": patches_goldens, "decode": decode_goldens, "formats": formats_goldens, "verdicts": verdict_goldens, "resnet": resnet_goldens, "everyday": everyday_golden}

if __name__ == "__main__":
    (HERE / "goldens").mkdir(exist_ok=True)
    for golden in sys.argv[1:] or GOLDENS:
        GOLDENS[golden]()
