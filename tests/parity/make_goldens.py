#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the goldens of this folder with the public reference implementations: Pillow, transformers on PyTorch.

    python tests/parity/make_goldens.py            # all
    python tests/parity/make_goldens.py everyday   # one

Weights and images come from one integer hash that tests/support/hash_noise.h implements too, so no tensor is stored.
Needs (development only): torch, torchvision, transformers, timm, pillow, numpy, safetensors, tifffile, pillow-heif.
"""
import hashlib
import io
import sys

import numpy as np
from PIL import Image, ImageOps

from hash_tensors import HERE, ROOT, b64, hash_bits, hash_image, write
from make_format_goldens import formats_goldens, heif_goldens, verdict_goldens
from make_model_goldens import MODEL_GOLDENS
from make_safetensors_golden import safetensors_golden
from make_tokenizer_goldens import qwen2_tokenizer_golden, tokenizer_golden
from make_vlm_goldens import qwen2_vl


def resize_goldens() -> None:
    cases = []
    # source, resized to, window x, y, width, height
    for source, target, window in [((37, 29), (16, 12), (0, 0, 16, 12)), ((37, 29), (16, 12), (3, 2, 9, 8)),
                                   ((12, 9), (31, 23), (0, 0, 31, 23)), ((64, 40), (64, 20), (0, 0, 24, 20)),
                                   ((50, 31), (20, 31), (0, 5, 20, 20)), ((90, 70), (11, 7), (0, 0, 11, 7)),
                                   ((1, 1), (8, 8), (0, 0, 8, 8)), ((5, 200), (3, 20), (-4, -2, 11, 24)),
                                   ((33, 21), (24, 16), (2, -3, 20, 22)), ((28, 28), (28, 28), (4, 4, 20, 20)),
                                   ((20, 60), (14, 40), (0, 3, 14, 22)), ((21, 33), (28, 24), (-1, 2, 20, 12))]:
        others = [("nearest", Image.NEAREST), ("box", Image.BOX), ("hamming", Image.HAMMING), ("lanczos", Image.LANCZOS)]
        for name, resample in [("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC)] + (others if source in ((50, 31), (90, 70), (5, 200)) else []):
            seed = len(cases) + 11
            image = hash_image(seed, *source)
            resized = image.resize(target, resample)
            x, y, w, h = window
            cut = resized.crop((x, y, x + w, y + h))  # outside is black, level 0
            cases.append({"seed": seed, "source": source, "resize": target, "window": window, "filter": name, "levels": b64(cut.tobytes())})
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



GOLDENS = {"resize": resize_goldens, "patches": patches_goldens, "decode": decode_goldens, "formats": formats_goldens, "verdicts": verdict_goldens, "heif": heif_goldens, "safetensors": safetensors_golden, "tokenizer": tokenizer_golden,
           "everyday": everyday_golden, "qwen2_vl": qwen2_vl} | MODEL_GOLDENS

if __name__ == "__main__":
    (HERE / "goldens").mkdir(exist_ok=True)
    for golden in sys.argv[1:] or GOLDENS:
        (qwen2_tokenizer_golden if golden == "qwen2_tokenizer" else GOLDENS[golden])()
