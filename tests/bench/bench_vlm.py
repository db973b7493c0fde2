#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Qwen2-VL of this project, measured on one image of a model directory (make_random_vlm.py writes one of the 2B's shape):

    python bench_vlm.py peer    BENCH_VLM DIR   images/s beside transformers: the same image and prompt, 4 tokens, their 20 best each
    python bench_vlm.py switch  BENCH_VLM DIR   images/s with logprobs off and on, answers and closed set
    python bench_vlm.py labels  BENCH_VLM DIR   1,000 labels: all and best against vision + prefill
    python bench_vlm.py memory  BENCH_VLM DIR   peak memory over the weights file; load time over reading the file

BENCH_VLM: build/release/bin/bench_vlm. What is compared runs turn by turn (A B B A) in processes that wait while the other works; results are
compared before they are timed. `peer` needs torch, transformers and pillow, the others numpy alone.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

PROMPT = "What is in this image?"
SIDE, TOKENS, K = 448, 4, 20
WORDS = ("red blue small large wooden metal glass paper old new wild garden sea mountain river city kitchen office field night".split(),
         "cat dog horse bird fish lamp chair table cup bottle bridge tower car bicycle train boat flower tree stone shoe hat guitar clock book window".split(),
         ("", " in a box", " on a wall"))


class Ours:
    def __init__(self, program: str, folder: str, threads: int):
        self.process = subprocess.Popen([program, folder, "cpu", "auto", str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.ready = json.loads(self.process.stdout.readline())

    def __call__(self, task: dict, image, k: int = K, logprobs: bool = True) -> dict:
        self.process.stdin.write(json.dumps({"task": task, "images": [image], "k": k, "logprobs": logprobs}) + "\n")
        return json.loads(self.process.stdout.readline())

    def peak(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def image_file(folder: Path) -> list:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "parity"))
    from hash_tensors import hash_image
    path = folder / f"image-{SIDE}.rgb"
    path.write_bytes(np.asarray(hash_image(5, SIDE, SIDE)).tobytes())
    return [str(path), SIDE, SIDE]


def answer_task(tokens: int = TOKENS) -> dict:
    return {"mode": "answer", "prompt": PROMPT, "max_tokens": tokens, "max_pixels": SIDE * SIDE}


def label_lines(count: int) -> str:
    lines = [f"{a} {b}{c}" for c in WORDS[2] for b in WORDS[1] for a in WORDS[0]]
    return "\n".join(lines[:count])


class Peer:
    """transformers' generate() with the logits of every step, top-k taken from them as its users do."""

    def __init__(self, folder: str, threads: int):
        import torch
        from transformers import AutoTokenizer, Qwen2VLForConditionalGeneration, Qwen2VLImageProcessor
        torch.set_num_threads(threads)
        self.torch = torch
        self.model = Qwen2VLForConditionalGeneration.from_pretrained(folder, dtype=torch.bfloat16).eval()
        self.model.generation_config.pad_token_id = self.model.config.text_config.eos_token_id
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.processor = Qwen2VLImageProcessor(min_pixels=3136, max_pixels=SIDE * SIDE)

    def __call__(self, pixels: np.ndarray) -> tuple[float, list]:
        from PIL import Image
        torch = self.torch
        begin = time.perf_counter()
        image = self.processor(Image.fromarray(pixels), return_tensors="pt")
        pads = int(image["image_grid_thw"].prod()) // 4
        text = ("<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n<|vision_start|>" + "<|image_pad|>" * pads + "<|vision_end|>" + PROMPT +
                "<|im_end|>\n<|im_start|>assistant\n")
        ids = self.tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            out = self.model.generate(**ids, pixel_values=image["pixel_values"], image_grid_thw=image["image_grid_thw"], max_new_tokens=TOKENS, do_sample=False,
                                      output_logits=True, return_dict_in_generate=True, use_cache=True)
            best = [torch.topk(torch.log_softmax(row[0].float(), -1), K) for row in out.logits]
            tokens = [list(zip(b.indices.tolist(), b.values.tolist())) for b in best]
        return 1000 * (time.perf_counter() - begin), tokens


def table(name: str, a: list[float], b: list[float], labels: tuple[str, str]) -> None:
    """Milliseconds; the ratio says how many times as many images/s the first does."""
    for how, pick in (("best", min), ("median", statistics.median)):
        print(f"{name}, {how}: {labels[0]} {pick(a):.0f} ms, {labels[1]} {pick(b):.0f} ms, ratio {pick(b) / pick(a):.3f}")


def peer(args) -> None:
    place = image_file(Path(args.folder))
    pixels = np.frombuffer(Path(place[0]).read_bytes(), np.uint8).reshape(SIDE, SIDE, 3)
    ours, theirs = Ours(args.program, args.folder, args.threads), Peer(args.folder, args.threads)
    first, (_, expected) = ours(answer_task(), place), theirs(pixels)
    got = first["tokens"][0]
    for step, (mine, other) in enumerate(zip(got, expected)):
        logprobs = dict(other)
        d = [abs(value - logprobs[token]) for token, value in mine if token in logprobs]
        print(f"token {step}: {mine[0][0]} and {other[0][0]}, {len(d)} of {K} in both lists, largest |d logprob| {max(d, default=float('nan')):.3f}")
        if mine[0][0] != other[0][0]:
            print("  the answers part here: a near tie in bf16" if abs(mine[0][1] - logprobs.get(mine[0][0], -99)) < 0.5 else "  the answers differ")
            break
    a, b = [], []
    for round_ in range(args.rounds):
        for who in ("ab", "ba")[round_ % 2]:
            if who == "a":
                a.append(ours(answer_task(), place)["ms"])
            else:
                b.append(theirs(pixels)[0])
    table(f"{SIDE} x {SIDE}, {TOKENS} tokens, k = {K}, bf16, {args.threads} threads", a, b, ("shortlist", "transformers"))


def switch(args) -> None:
    place = image_file(Path(args.folder))
    ours = Ours(args.program, args.folder, args.threads)
    closed = {"mode": "classify", "prompt": PROMPT, "labels": label_lines(20), "max_pixels": SIDE * SIDE}
    for name, task in (("answer of 4 tokens", answer_task()), ("20 labels", closed)):
        on, off = ours(task, place), ours(task, place, logprobs=False)
        assert on["syncs"] == off["syncs"] and on["ids"][0] == off["ids"][0]
        a, b = [], []
        for round_ in range(args.rounds):
            for logprobs in ((True, False), (False, True))[round_ % 2]:
                (a if logprobs else b).append(ours(task, place, logprobs=logprobs)["ms"])
        print(f"{name}: {on['bytes']} bytes of scores on, {off['bytes']} off")
        table(name, a, b, ("on", "off"))


def labels(args) -> None:
    place = image_file(Path(args.folder))
    ours = Ours(args.program, args.folder, args.threads)
    task = {"mode": "classify", "prompt": PROMPT, "labels": label_lines(1000), "max_pixels": SIDE * SIDE}
    first = ours(answer_task(1), place)
    logprobs = [value for _, value in first["tokens"][0][0]]
    print(f"next token: best {np.exp(logprobs[0]):.3f}, the {K} best together {np.exp(logprobs).sum():.3f}")
    expected = ours(task | {"search": "all"}, place, k=5)
    for k in (1, 5, 20):
        got = ours(task | {"search": "best"}, place, k=k)
        assert got["ids"][:1] == expected["ids"][:1] and (k != 5 or got["ids"] == expected["ids"]), "best and all differ"
    rows = {"all": [], "best, k = 1": [], "best, k = 5": [], "best, k = 20": []}
    prefill = []
    for _ in range(args.rounds):
        for name, times in rows.items():
            k = int(name.split("= ")[1]) if "=" in name else 5
            got = ours(task | {"search": name.split(",")[0]}, place, k=k)
            times.append((got["ms"], got["nodes"]))
            prefill.append(got["prefill_ms"])
    base = statistics.median(prefill)
    print(f"vision + prefill: best {min(prefill):.0f} ms, median {base:.0f} ms")
    for name, times in rows.items():
        ms = [t for t, _ in times]
        print(f"{name}: {times[0][1]} nodes opened, best {min(ms):.0f} ms, median {statistics.median(ms):.0f} ms, {statistics.median(ms) / base:.2f} x vision + prefill")


def memory(args) -> None:
    weights = [path for path in Path(args.folder).glob("*.safetensors")]
    size = sum(path.stat().st_size for path in weights)
    place, ready, read = image_file(Path(args.folder)), [], []
    for _ in range(3):
        begin = time.perf_counter()
        for path in weights:
            with open(path, "rb", buffering=0) as file:
                while file.readinto(memoryview(bytearray(1 << 24))):
                    pass
        read.append(1000 * (time.perf_counter() - begin))
        ours = Ours(args.program, args.folder, args.threads)
        ready.append(ours.ready["ready_ms"])
        first = ours(answer_task(), place)["ms"]
        second = ours(answer_task(), place)["ms"]
        peak = ours.peak()
        ours.process.stdin.close()
        ours.process.wait()
    table("model ready, and reading the cached file", ready, read, ("shortlist", "read()"))
    print(f"first image, repacking included: {first:.0f} ms, the next one {second:.0f} ms")
    print(f"peak memory {peak / 1e9:.2f} GB, weights {size / 1e9:.2f} GB, ratio {peak / size:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["peer", "switch", "labels", "memory"])
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    {"peer": peer, "switch": switch, "labels": labels, "memory": memory}[args.what](args)


if __name__ == "__main__":
    main()
