# SPDX-License-Identifier: Apache-2.0
"""The integer hash that tests/support/hash_noise.h implements too, images from it, and how a golden is written."""
import base64
import json
from pathlib import Path

import numpy as np
from PIL import Image

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
