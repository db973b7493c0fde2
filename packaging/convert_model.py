#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns weights that are pickles into a model directory that Shortlist opens.

    packaging/convert_model.py SOURCE TARGET                              a Hugging Face or timm directory with .bin or .pth weights
    packaging/convert_model.py resnet50-11ad3fa6.pth TARGET               a file of torchvision, known by its name
    packaging/convert_model.py weights.pth TARGET --architecture resnet50 [--labels FILE] [--size 224]

Needs torch, safetensors and packaging, and for torchvision's files torchvision: pip install torch torchvision safetensors packaging.
The file is read with torch's restricted unpickler: no code in it is run. TARGET must not exist.
"""
import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

WRAPPERS = ("state_dict", "model_state_dict", "model", "model_ema", "ema")
PREFIXES = ("module.", "_orig_mod.", "model.")
HEADS = ("fc", "classifier", "classifier.1", "classifier.3", "classifier.6", "head", "head.fc", "heads.head")


def fail(message: str) -> None:
    print(f"convert_model: {message}", file=sys.stderr)
    sys.exit(2)


def read_weights(files: list[Path]) -> dict:
    try:
        import torch
    except ImportError:
        fail("torch is missing: pip install torch torchvision safetensors packaging")
    state = {}
    for file in files:
        try:
            loaded = torch.load(file, map_location="cpu", weights_only=True)
        except Exception as error:  # the unpickler has many words for "no"
            fail(f"{file} cannot be read as plain weights ({str(error).splitlines()[0]}). If it holds a whole model object, save its state_dict() instead.")
        while isinstance(loaded, dict) and not any(hasattr(value, "shape") for value in loaded.values()):
            inner = next((loaded[key] for key in WRAPPERS if isinstance(loaded.get(key), dict)), None)
            if inner is None:
                fail(f"{file} holds no tensors by name: its keys are {', '.join(map(str, list(loaded)[:8]))}.")
            loaded = inner
        if not isinstance(loaded, dict):
            fail(f"{file} holds a {type(loaded).__name__}, not tensors by name.")
        state.update({name: value for name, value in loaded.items() if hasattr(value, "shape")})
    for prefix in PREFIXES:
        if state and all(name.startswith(prefix) for name in state):
            state = {name[len(prefix):]: value for name, value in state.items()}
    return state


def pickles_of(directory: Path) -> list[Path]:
    for pattern in ("pytorch_model*.bin", "*.bin", "*.pth", "*.pt", "*.ckpt"):
        found = sorted(file for file in directory.glob(pattern) if file.name not in ("training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth"))
        if found:
            return found if pattern.endswith(".bin") else found[:1]
    fail(f"{directory} has no .bin, .pth, .pt or .ckpt file.")


def torchvision_weights(file: Path, architecture: str):
    """The entry of torchvision whose download has this file's name, or None."""
    try:
        from torchvision import models
    except ImportError:
        return None, architecture
    for name in [architecture] if architecture else models.list_models():
        try:
            entries = list(models.get_model_weights(name))
        except ValueError:
            continue
        for entry in entries:
            if entry.url.rsplit("/", 1)[-1] == file.name:
                return entry, name
    return None, architecture


def described(file: Path, state: dict, args: argparse.Namespace) -> dict:
    entry, architecture = torchvision_weights(file, args.architecture)
    if not architecture:
        fail(f"which network {file.name} belongs to cannot be told from its name: say it with --architecture, for example resnet50.")
    head = next((state[name + ".bias"] for name in HEADS if name + ".bias" in state and state[name + ".bias"].ndim == 1), None)
    if head is None:
        fail(f"{file.name} has no classifier ({', '.join(HEADS[:5])}, ...): nothing could be ranked.")
    config = {"architecture": architecture, "num_classes": int(head.shape[0])}
    transform = {"input_size": [3, args.size, args.size], "crop_pct": 0.875, "interpolation": "bilinear",
                 "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
    if entry is not None:
        rule = entry.transforms()
        crop, resize = rule.crop_size[0], rule.resize_size[0]
        transform |= {"input_size": [3, crop, crop], "crop_pct": min(1.0, crop / (resize + 0.25)) if resize > crop else 1.0,
                      "interpolation": rule.interpolation.value, "mean": list(rule.mean), "std": list(rule.std), "tag": entry.name}
        if len(entry.meta["categories"]) == config["num_classes"]:
            config["label_names"] = entry.meta["categories"]
    else:
        print(f"convert_model: preprocessing is not known for {file.name}: short side to {int(args.size / 0.875)}, centre {args.size}, ImageNet mean and std. "
              "Correct pretrained_cfg in config.json where the model was trained otherwise.", file=sys.stderr)
    if args.labels:
        config["label_names"] = [line.rstrip("\r\n") for line in args.labels.read_text(encoding="utf-8").splitlines() if line.strip()]
        if len(config["label_names"]) != config["num_classes"]:
            fail(f"{args.labels} names {len(config['label_names'])} classes, the weights have {config['num_classes']}.")
    return config | {"pretrained_cfg": transform}


def save(state: dict, target: Path, copied: list[Path], config: dict | None) -> None:
    from safetensors.torch import save_file
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=target.name + ".", dir=target.parent))
    try:
        # a copy of each: tensors that share memory cannot be saved as they are
        save_file({name: value.detach().clone().contiguous() for name, value in state.items()}, work / "model.safetensors", metadata={"format": "pt"})
        for file in copied:
            shutil.copy2(file, work / file.name)
        if config:
            (work / "config.json").write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        work.chmod(0o755)
        work.rename(target)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--architecture", default="", help="the network's name in timm or torchvision")
    parser.add_argument("--labels", type=Path, help="class names, one a line, in the order of the classes")
    parser.add_argument("--size", type=int, default=224, help="side of the input where the file does not tell [224]")
    args = parser.parse_args()
    if not args.source.exists():
        fail(f"{args.source} does not exist.")
    if args.target.exists():
        fail(f"{args.target} exists already: choose another TARGET.")
    if args.source.is_dir():
        if not (args.source / "config.json").exists():
            fail(f"{args.source} has no config.json: name the weights file itself and its --architecture.")
        copied = [file for file in args.source.iterdir() if file.suffix in (".json", ".txt", ".md", ".jinja") or file.name == "LICENSE"]
        copied = [file for file in copied if not file.name.endswith(".index.json")]
        save(read_weights(pickles_of(args.source)), args.target, copied, None)
    else:
        state = read_weights([args.source])
        save(state, args.target, [], described(args.source, state, args))
    print(f"{args.target} is written. Look at it: shortlist-cli models info '{args.target}'")


if __name__ == "__main__":
    main()
