#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make_corpus.py FOLDER: the goldens' files as seed inputs, one folder for each fuzz target."""
import base64
import json
import sys
from pathlib import Path

TARGETS = {"jpeg": "jpeg", "tiff": "tiff", "gif": "gif", "png": "codecs", "bmp": "codecs", "webp": "codecs", "pnm": "codecs"}

out = Path(sys.argv[1])
for target in {*TARGETS.values(), "sniff", "exif"}:
    (out / target).mkdir(parents=True, exist_ok=True)
for file in sorted((Path(__file__).resolve().parent.parent / "parity/goldens").glob("*.json")):
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
