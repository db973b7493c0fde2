#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Images per second of the libtorch module against ONNX Runtime on the CPU: the same random weights and images, the network alone,
interleaved A B B A in one process, results compared before they are timed. bf16 is timed beside our own fp32.

    python tests/bench/bench_models.py build/release/lib/libbench_models.so [--models resnet50 ...] [--batches 1 16] [--threads 1 2]

Needs numpy, onnxruntime and, for writing the models (once, into --dir), torch, timm, safetensors and onnx.
"""
import argparse
import ctypes
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

SIDE, CLASSES, K = 224, 1000, 5
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)


def write_model(name: str, folder: Path) -> None:
    """timm's network with random weights, its head scaled so that the best class has a probability of about a half."""
    import timm
    import torch
    from safetensors.torch import save_file
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    model = timm.create_model(name, num_classes=CLASSES).eval()
    images = torch.from_numpy(normalised(hash_images(8))).permute(0, 3, 1, 2).contiguous()
    with torch.inference_mode():
        head = model.get_classifier()
        spread = model(images).std()
        head.weight *= 3.0 / spread
    torch.onnx.export(model, images[:1], folder / "model.onnx", input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "b"}, "y": {0: "b"}}, dynamo=False)
    config = {"architecture": name, "num_classes": CLASSES, "pretrained_cfg": {"input_size": [3, SIDE, SIDE], "crop_pct": 1.0, "interpolation": "bilinear"}}
    (folder / "config.json").write_text(json.dumps(config))
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, folder / "model.safetensors")


def hash_images(count: int) -> np.ndarray:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "parity"))
    from hash_tensors import hash_image
    return np.stack([np.asarray(hash_image(i, SIDE, SIDE)) for i in range(count)])


def normalised(images: np.ndarray) -> np.ndarray:
    return (images.astype(np.float32) / 255 - MEAN) / STD


class Ours:
    def __init__(self, library: ctypes.CDLL, folder: Path, dtype: str, threads: int):
        self.library = library
        self.handle = library.bench_open(str(folder).encode(), dtype.encode(), threads)
        assert self.handle, "the model cannot be opened"
        self.dtype = library.bench_dtype(self.handle).decode()

    def run(self, images: np.ndarray) -> float:
        self.ids, self.logprobs = np.empty((len(images), K), np.int32), np.empty((len(images), K), np.float32)
        ms = self.library.bench_classify(self.handle, images.ctypes.data_as(ctypes.c_void_p), len(images), SIDE, K,
                                         self.ids.ctypes.data_as(ctypes.c_void_p), self.logprobs.ctypes.data_as(ctypes.c_void_p))
        assert ms >= 0
        return ms

    def close(self) -> None:
        self.library.bench_close(self.handle)


class OnnxRuntime:
    def __init__(self, folder: Path, threads: int):
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.force_spinning_stop", "1")  # after a run: its threads would take the other side's core
        self.session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])

    def run(self, values: np.ndarray) -> float:
        begin = time.perf_counter()
        self.logits = self.session.run(None, {"x": values})[0]
        return (time.perf_counter() - begin) * 1000


def compare(ours: Ours, logits: np.ndarray) -> float:
    wide = logits.astype(np.float64)
    shifted = wide - wide.max(1, keepdims=True)
    logprobs = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    return float(np.abs(np.take_along_axis(logprobs, ours.ids.astype(np.int64), 1) - ours.logprobs).max())


def measure(library: ctypes.CDLL, folder: Path, batch: int, threads: int, rounds: int) -> dict:
    ours, half, peer = Ours(library, folder, "fp32", threads), Ours(library, folder, "bf16", threads), OnnxRuntime(folder, threads)
    images = hash_images(batch)
    values = np.ascontiguousarray(normalised(images).transpose(0, 3, 1, 2))
    sides = {"ours": lambda: ours.run(images), "onnxruntime": lambda: peer.run(values)}
    if half.dtype == "bf16":
        sides["bf16"] = lambda: half.run(images)
    for run in sides.values():
        run()
    worst = compare(ours, peer.logits)
    assert worst <= 5e-3, f"logprobs differ by {worst}"
    times = {name: [] for name in sides}
    for _ in range(rounds):
        for name in [*sides, *reversed(sides)]:
            time.sleep(0.02)  # threads of the side before stop spinning
            sides[name]()  # and those of this one wake up
            times[name] += [sides[name]() for _ in range(4)]
    ours.close(), half.close()
    row = {"model": folder.name, "batch": batch, "threads": threads, "max_logprob_difference": float(f"{worst:.2g}")}
    rate = {name: {"best": batch * 1000 / min(ms), "median": batch * 1000 / statistics.median(ms)} for name, ms in times.items()}
    for name, values in rate.items():
        row[name + "_img_s"] = {key: round(value, 2) for key, value in values.items()}
    row["ours/onnxruntime"] = {key: round(rate["ours"][key] / rate["onnxruntime"][key], 3) for key in ("best", "median")}
    if "bf16" in rate:
        row["bf16/ours"] = {key: round(rate["bf16"][key] / rate["ours"][key], 3) for key in ("best", "median")}
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("library")
    parser.add_argument("--models", nargs="+", default=["resnet50", "vit_base_patch16_224", "mobilenetv3_large_100"])
    parser.add_argument("--batches", nargs="+", type=int, default=[1, 16])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--dir", type=Path, default=Path.home() / ".cache/shortlist/bench-models")
    parser.add_argument("--write", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.write:
        for name in args.models:
            write_model(name, args.dir / name)
        return
    missing = [name for name in args.models if not (args.dir / name / "model.safetensors").exists()]
    if missing:  # torch stays out of the process that measures
        subprocess.run([sys.executable, __file__, args.library, "--write", "--dir", str(args.dir), "--models", *missing], check=True, stdout=sys.stderr)
    os.environ.setdefault("SHORTLIST_BACKEND_DIR", str(Path(args.library).resolve().parent))
    library = ctypes.CDLL(args.library)
    library.bench_open.restype, library.bench_open.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
    library.bench_close.argtypes = [ctypes.c_void_p]
    library.bench_dtype.restype, library.bench_dtype.argtypes = ctypes.c_char_p, [ctypes.c_void_p]
    library.bench_classify.restype = ctypes.c_double
    library.bench_classify.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    for name in args.models:
        for threads in args.threads:
            for batch in args.batches:
                print(json.dumps(measure(library, args.dir / name, batch, threads, args.rounds)), flush=True)


if __name__ == "__main__":
    main()
