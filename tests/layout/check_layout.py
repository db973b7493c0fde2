#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The only style gate: includes point down the layers, files and functions stay small.

Usage: check_layout.py ROOT. Prints each breach and exits 1 when there is one.
"""
import re
import sys
from pathlib import Path

MAX_FILE, MAX_FUNCTION = 500, 60
# What a folder may include from this repository; tests may include anything.
ALLOWED = {
    "kernels": ["kernels/"],
    "engine/torch/weights": ["engine/torch/weights/", "engine/error.h"],
    "engine/torch/nn": ["engine/torch/nn/", "engine/torch/weights/", "engine/error.h", "kernels/"],
    "engine/torch/text": ["engine/torch/text/", "engine/error.h", "engine/label_list.h"],
    "engine/torch/models": ["engine/torch/models/", "engine/torch/nn/", "engine/torch/weights/", "engine/backend.h",
                            "engine/error.h", "kernels/"],
    "engine/torch": ["engine/torch/", "engine/backend.h", "engine/error.h", "engine/label_list.h", "kernels/"],
    "engine/image": ["engine/image/", "engine/HEADER"],
    "engine/scheduler": ["engine/scheduler/", "engine/HEADER"],
    "engine/jobs": ["engine/jobs/", "engine/image/", "engine/HEADER"],
    "engine": ["engine/image/", "engine/scheduler/", "engine/jobs/", "engine/HEADER"],
    "app/cli": ["app/cli/", "engine/HEADER"],
    "app/models": ["app/models/", "app/error_text.h", "app/image_ref.h", "engine/HEADER"],
    "app/views": ["app/views/", "app/models/", "app/work/", "app/appearance.h", "app/error_text.h", "app/engine_bridge.h",
                  "app/image_ref.h", "app/session.h", "app/settings.h", "engine/HEADER"],
    "app/work": ["app/work/", "app/image_ref.h", "engine/HEADER"],
    "app": ["app/", "engine/HEADER"],
}
TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "CHANGELOG.md", "app", "engine", "kernels",
             "resources", "translations", "tests", "packaging", "build"}


def allowed(folder: str, include: str) -> bool:
    rule = next(ALLOWED[key] for key in sorted(ALLOWED, key=len, reverse=True) if folder == key or folder.startswith(key + "/"))
    for prefix in rule:
        if prefix == "engine/HEADER":
            if re.fullmatch(r"engine/[a-z0-9_]+\.h", include):
                return True
        elif include.startswith(prefix):
            return True
    return False


def function_lengths(lines: list[str]):
    """(first line, length) of each brace block that a column-0 or class-level signature opens."""
    start, opened = None, ""
    for number, line in enumerate(lines, 1):
        if start is None:
            match = re.match(r"( {0,4})[A-Za-z_~].*[)\w] (?:const |override |noexcept )*\{$|( {0,4})[A-Za-z_].*\) : .*\{$", line)
            if match and not re.match(r" *(namespace|class|struct|enum|union|extern)\b", line):
                start, opened = number, re.match(r" *", line).group()
        elif re.match(re.escape(opened) + r"\}", line):
            yield start, number - start + 1
            start = None


def check(root: Path) -> list[str]:
    breaches = [f"{entry.name}: does not belong into the top folder" for entry in root.iterdir()
                if not entry.name.startswith(".") and entry.name not in TOP_LEVEL]
    for layer in ("kernels", "engine", "app", "tests"):
        for file in sorted((root / layer).rglob("*")):
            if file.suffix not in {".h", ".cpp", ".cu", ".cuh", ".py"} or not file.is_file():
                continue
            name, lines = file.relative_to(root).as_posix(), file.read_text(encoding="utf-8").splitlines()
            if len(lines) > MAX_FILE:
                breaches.append(f"{name}: {len(lines)} lines, at most {MAX_FILE}")
            if file.suffix == ".py":
                continue
            if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:2]):
                breaches.append(f"{name}: no SPDX line")
            if file.suffix in {".h", ".cuh"} and "#pragma once" not in lines:
                breaches.append(f"{name}: no #pragma once")
            for start, length in function_lengths(lines):
                if length > MAX_FUNCTION:
                    breaches.append(f"{name}:{start}: a function of {length} lines, at most {MAX_FUNCTION}")
            for number, line in enumerate(lines, 1):
                include = re.match(r'#include "([^"]+)"', line)
                if not include or include.group(1).endswith('.moc'):
                    continue
                target = include.group(1)
                if not (root / target).exists():
                    breaches.append(f"{name}:{number}: {target} is not written from the repository root")
                elif layer != "tests" and not allowed(str(Path(name).parent), target):
                    breaches.append(f"{name}:{number}: {Path(name).parent} may not include {target}")
    return breaches


if __name__ == "__main__":
    found = check(Path(sys.argv[1]).resolve())
    print("\n".join(found) or "layout: no breach")
    sys.exit(1 if found else 0)
