#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the built-in "everyday" classifier and writes it as a Hugging Face model directory.

Input: an ImageFolder tree (train/ val/ test/, one folder a class).
Output: config.json, preprocessor_config.json, model.safetensors in the naming that transformers'
ResNetForImageClassification writes, and report.json with the accuracies measured on `test`.

The schedule is given in minutes, not in epochs, so that it fits the machine at hand:

    python train.py --data DIR --out resources/models/everyday --phases 64x35,96x25

Needs: torch, transformers, pillow, numpy, safetensors (development only; users need none of them).
Optimiser and schedule follow "Bag of Tricks for Image Classification" (He et al., 2019): SGD with
Nesterov momentum, warm-up, cosine decay, label smoothing, no weight decay on norms and biases;
mixup after Zhang et al., 2018; weight averaging (EMA) after Polyak.
"""
import argparse
import copy
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from transformers import ConvNextImageProcessor, ResNetConfig, ResNetForImageClassification

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
STORE = 96  # side of the pre-decoded squares


def load_split(data: Path, split: str, classes: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """All images of a split as one uint8 tensor [n, 3, STORE, STORE] and int64 labels [n]."""
    pixels, labels = [], []
    for index, name in enumerate(classes):
        for file in sorted((data / split / name).glob("*.jpg")):
            pixels.append(np.asarray(square(Image.open(file).convert("RGB"), STORE)))
            labels.append(index)
    stacked = torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).contiguous()
    return stacked, torch.tensor(labels)


def square(image: Image.Image, side: int) -> Image.Image:
    """Short side to `side` (antialiased bilinear), then the centre: what the processor does too."""
    width, height = image.size
    short = min(width, height)
    if short != side:
        image = image.resize((int(width * side / short), int(height * side / short)), Image.BILINEAR)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def augment(pixels: torch.Tensor, side: int) -> torch.Tensor:
    """uint8 [b,3,S,S] -> float [b,3,side,side]: random resized crop, flip, small rotation, colour
    jitter, erasing, normalised. One grid_sample for the whole batch."""
    b = pixels.shape[0]
    scale = torch.empty(b).uniform_(0.35, 1.0).sqrt()
    ratio = torch.exp(torch.empty(b).uniform_(-0.25, 0.25))
    sx, sy = (scale * ratio).clamp(max=1.0), (scale / ratio).clamp(max=1.0)
    tx = (1 - sx) * torch.empty(b).uniform_(-1, 1)
    ty = (1 - sy) * torch.empty(b).uniform_(-1, 1)
    sx = torch.where(torch.rand(b) < 0.5, -sx, sx)
    angle = torch.empty(b).uniform_(-0.2, 0.2) * (torch.rand(b) < 0.5)
    theta = torch.zeros(b, 2, 3)
    theta[:, 0, 0], theta[:, 0, 1], theta[:, 0, 2] = sx * angle.cos(), -sy * angle.sin(), tx
    theta[:, 1, 0], theta[:, 1, 1], theta[:, 1, 2] = sx * angle.sin(), sy * angle.cos(), ty
    grid = F.affine_grid(theta, (b, 3, side, side), align_corners=False)
    x = F.grid_sample(pixels.float() / 255, grid, padding_mode="reflection", align_corners=False)
    x = x * torch.empty(b, 1, 1, 1).uniform_(0.7, 1.3)
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * torch.empty(b, 1, 1, 1).uniform_(0.6, 1.4)
    level = x.mean((1, 2, 3), keepdim=True)
    x = (level + (x - level) * torch.empty(b, 1, 1, 1).uniform_(0.7, 1.3)).clamp(0, 1)
    x = normalise(x)
    size = side // 3
    for i in torch.nonzero(torch.rand(b) < 0.25).flatten().tolist():
        top, left = (int(v) for v in torch.randint(0, side - size, (2,)))
        x[i, :, top:top + size, left:left + size] = 0
    return x


def normalise(x: torch.Tensor) -> torch.Tensor:
    return (x - torch.tensor(MEAN).view(1, 3, 1, 1)) / torch.tensor(STD).view(1, 3, 1, 1)


def build(classes: list[str], hidden: list[int], depths: list[int]) -> ResNetForImageClassification:
    config = ResNetConfig(num_channels=3, embedding_size=hidden[0], hidden_sizes=hidden, depths=depths,
                          layer_type="basic", hidden_act="relu", downsample_in_first_stage=False,
                          num_labels=len(classes))
    config.id2label = {i: name.replace("_", " ") for i, name in enumerate(classes)}
    config.label2id = {label: i for i, label in config.id2label.items()}
    return ResNetForImageClassification(config)


@torch.no_grad()
def evaluate(model, pixels, labels, side: int) -> dict:
    """Single view, fp32, the whole STORE square resized to `side` with antialias (as the processor)."""
    model.eval()
    rows = []
    for part in pixels.split(256):
        x = part.float()
        if side != STORE:
            x = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
        rows.append(model(normalise(x / 255)).logits)
    logits = torch.cat(rows)
    order = logits.topk(5).indices
    hit = order[:, 0] == labels
    per_class = [hit[labels == c].float().mean().item() for c in labels.unique()]
    return {"top1": hit.float().mean().item(),
            "top5": (order == labels[:, None]).any(1).float().mean().item(),
            "mean_per_class": float(np.mean(per_class)),
            "nll": F.cross_entropy(logits, labels).item(), "logits": logits}


def parameter_groups(model, weight_decay: float) -> list[dict]:
    decay = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": decay, "weight_decay": weight_decay}, {"params": plain, "weight_decay": 0.0}]


def batches(weights: torch.Tensor, size: int):
    while True:
        for part in torch.multinomial(weights, len(weights), replacement=True).split(size):
            if len(part) == size:
                yield part


def train(args, model, data, log) -> torch.nn.Module:
    pixels, labels = data["train"]
    counts = torch.bincount(labels)
    sampler = batches((1.0 / counts.float().sqrt())[labels], args.batch)
    phases = [(int(s), float(m) * 60) for s, m in (p.split("x") for p in args.phases.split(","))]
    total = sum(seconds for _, seconds in phases)
    optimiser = torch.optim.SGD(parameter_groups(model, args.weight_decay), lr=args.lr, momentum=0.9,
                                nesterov=True)
    average = copy.deepcopy(model)
    begin, step, seen, shown = time.monotonic(), 0, 0, time.monotonic()
    while (spent := time.monotonic() - begin) < total:
        side = next((s for i, (s, _) in enumerate(phases) if spent < sum(m for _, m in phases[:i + 1])),
                    phases[-1][0])
        progress = spent / total
        warm = min(1.0, (step + 1) / 200)
        for group in optimiser.param_groups:
            group["lr"] = args.lr * warm * 0.5 * (1 + math.cos(math.pi * progress))
        rows = next(sampler)
        x, y = augment(pixels[rows], side).contiguous(memory_format=torch.channels_last), labels[rows]
        mix, other = 1.0, torch.arange(len(rows))
        if torch.rand(()) < args.mixup and progress < 0.85:
            mix = float(np.random.beta(0.2, 0.2))
            other = torch.randperm(len(rows))
            x = mix * x + (1 - mix) * x[other]
        model.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(x).logits.float()
        loss = mix * F.cross_entropy(logits, y, label_smoothing=args.smoothing)
        if mix < 1.0:
            loss = loss + (1 - mix) * F.cross_entropy(logits, y[other], label_smoothing=args.smoothing)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        step, seen = step + 1, seen + len(rows)
        keep = min(0.998, (1 + step) / (10 + step))
        with torch.no_grad():
            for a, p in zip(average.state_dict().values(), model.state_dict().values()):
                if a.is_floating_point():
                    a.lerp_(p, 1 - keep)
                else:
                    a.copy_(p)
        if time.monotonic() - shown > args.report_every:
            shown = time.monotonic()
            result = evaluate(average, *data["val"], side)
            entry = {"minutes": round(spent / 60, 1), "epochs": round(seen / len(labels), 1), "side": side,
                     "loss": round(loss.item(), 3), "val_top1": round(result["top1"], 4)}
            log.append(entry)
            print(json.dumps(entry), flush=True)
    return average


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--phases", default="64x35,96x25", help="SIDExMINUTES, comma-separated")
    parser.add_argument("--hidden", default="32,64,128,256")
    parser.add_argument("--depths", default="2,2,2,2")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--lr", type=float, default=0.2)
    parser.add_argument("--weight-decay", type=float, default=2e-4)
    parser.add_argument("--smoothing", type=float, default=0.1)
    parser.add_argument("--mixup", type=float, default=0.5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report-every", type=float, default=120.0, help="seconds")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    np.random.seed(args.seed)
    torch.set_num_threads(args.threads)

    classes = sorted(p.name for p in (args.data / "train").iterdir() if p.is_dir())
    data = {split: load_split(args.data, split, classes) for split in ("train", "val", "test")}
    model = build(classes, [int(v) for v in args.hidden.split(",")], [int(v) for v in args.depths.split(",")])
    model = model.to(memory_format=torch.channels_last)
    log: list[dict] = []
    model = train(args, model, data, log)

    side = int(args.phases.split(",")[-1].split("x")[0])
    result = evaluate(model, *data["test"], side)
    result.pop("logits")
    args.out.mkdir(parents=True, exist_ok=True)
    model.config.dtype = "float32"
    model.to(memory_format=torch.contiguous_format).save_pretrained(args.out)
    ConvNextImageProcessor(size={"shortest_edge": side}, crop_pct=1.0, resample=Image.BILINEAR,
                           image_mean=list(MEAN), image_std=list(STD)).save_pretrained(args.out)
    report = {"test": {k: round(v, 4) for k, v in result.items()}, "side": side,
              "parameters": sum(p.numel() for p in model.parameters()), "phases": args.phases, "curve": log}
    (args.out / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report["test"]))


if __name__ == "__main__":
    main()
