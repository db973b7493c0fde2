#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make_corpus.py FOLDER: the goldens' files as seed inputs, one folder for each fuzz target."""
import base64
import json
import sys
from pathlib import Path

TARGETS = {"jpeg": "jpeg", "tiff": "tiff", "gif": "gif", "png": "codecs", "bmp": "codecs", "webp": "codecs", "pnm": "codecs"}

out = Path(sys.argv[1])
for target in {*TARGETS.values(), "sniff", "exif", "safetensors", "config"}:
    (out / target).mkdir(parents=True, exist_ok=True)
GOLDENS = Path(__file__).resolve().parent.parent / "parity/goldens"
for number, (header, size) in enumerate(json.loads((GOLDENS / "safetensors.json").read_text())["bases"]):
    (out / "safetensors" / str(number)).write_bytes(len(header).to_bytes(8, "little") + header.encode() + bytes(size))
for number, case in enumerate(json.loads((GOLDENS / "preprocessing.json").read_text())):
    (out / "config" / str(number)).write_text(json.dumps(case["preprocessor"] or case["config"]))
for file in sorted(GOLDENS.glob("*.json")):
    for case in json.loads(file.read_text()):
        kind = str(case.get("name", "")).split("/")[0].split("-")[0] if isinstance(case, dict) else ""
        if kind not in TARGETS:
            continue
        data, name = base64.b64decode(case["file"]), case["name"].replace("/", "_")
        (out / TARGETS[kind] / name).write_bytes(data)
        (out / "sniff" / name).write_bytes(data[:32])
        at = data.find(b"Exif\0\0")
        if at >= 0 or kind == "tiff":
            (out / "exif" / name).write_bytes(data[at + 6 if at >= 0 else 0:][:200])
