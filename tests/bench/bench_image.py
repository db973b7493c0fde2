#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""image_to_tensor against Pillow resize + numpy normalise, one thread, interleaved A B B A in one process.

    python tests/bench/bench_image.py build/release/lib/libbench_image.so [ROUNDS]

Needs pillow and numpy. The results are compared before they are timed.
"""
import ctypes
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "parity"))
from hash_tensors import hash_image  # noqa: E402

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)
FLOATS, BYTES = ctypes.POINTER(ctypes.c_float), ctypes.POINTER(ctypes.c_uint8)


def geometry(width: int, height: int, short: int) -> tuple[int, int]:
    return short * width // min(width, height), short * height // min(width, height)


def main() -> None:
    library = ctypes.CDLL(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    for (width, height), short, side, name in [((500, 375), 224, 224, "bilinear"), ((500, 375), 256, 224, "bicubic"),
                                               ((4000, 3000), 224, 224, "bilinear"), ((128, 96), 96, 96, "bilinear")]:
        image = hash_image(3, width, height)
        pixels = np.ascontiguousarray(np.asarray(image))
        target = geometry(width, height, short)
        left, top = (target[0] - side) // 2, (target[1] - side) // 2
        out = np.empty((side, side, 3), np.float32)
        mean, std = (v.ctypes.data_as(FLOATS) for v in (MEAN, STD))

        def ours() -> np.ndarray:
            assert library.bench_image_to_tensor(pixels.ctypes.data_as(BYTES), width, height, *target, left, top, side, side,
                                                 int(name == "bicubic"), mean, std, out.ctypes.data_as(FLOATS)) == 0
            return out

        def pillow() -> np.ndarray:
            resized = image.resize(target, Image.BICUBIC if name == "bicubic" else Image.BILINEAR)
            levels = np.asarray(resized.crop((left, top, left + side, top + side)), np.float32)
            return (levels * np.float32(1 / 255) - MEAN) / STD

        worst = np.abs((ours() - pillow()) * STD * 255).max()
        assert worst <= 1.01, f"levels differ by {worst}"
        times = {"ours": [], "pillow": []}
        for _ in range(rounds):
            for label, run in (("ours", ours), ("pillow", pillow), ("pillow", pillow), ("ours", ours)):
                begin = time.perf_counter()
                run()
                times[label].append((time.perf_counter() - begin) * 1e6)
        row = {"name": f"image_to_tensor/{width}x{height}-to-{side}/{name}", "max_level_difference": round(float(worst), 3)}
        for label, values in times.items():
            row[label + "_us"] = {"best": round(min(values), 1), "median": round(statistics.median(values), 1)}
        row["ratio"] = {key: round(row["pillow_us"][key] / row["ours_us"][key], 2) for key in ("best", "median")}
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
