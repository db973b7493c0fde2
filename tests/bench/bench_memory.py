#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Resident memory of shortlist-cli while it classifies many small images.

    python3 tests/bench/bench_memory.py build/release/bin/shortlist-cli [IMAGE] [COUNT]

Feeds COUNT (30,000) paths on standard input and reads the resident size two thirds in (warm) and at the end; prints the growth in
bytes an image. Then a folder of headers that claim 60,000 x 60,000 pixels: the largest resident size with and without it.
"""
import json
import os
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path


def resident(pid: int) -> int:
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def growth(program: str, image: str, count: int) -> dict:
    process = subprocess.Popen([program, "classify", "-", "--device", "cpu", "--format", "jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    sizes = []
    step = 500
    for begin in range(0, count, step):  # one portion at a time, so that queues are as full at every reading
        process.stdin.write(f"{image}\n" * step)
        process.stdin.flush()
        for _ in range(step):
            if json.loads(process.stdout.readline())["status"] != "ok":
                raise SystemExit("an image failed")
        sizes.append(resident(process.pid))
    process.stdin.close()
    process.wait()
    warm = 2 * len(sizes) // 3
    images = (len(sizes) - warm - 1) * step
    return {"images": images, "warm_bytes": sizes[warm], "end_bytes": sizes[-1], "bytes_per_image": (sizes[-1] - sizes[warm]) / images}


def peak(program: str, folder: str) -> int:
    process = subprocess.run(["/usr/bin/env", "python3", "-c",
                              "import resource,subprocess,sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
                              "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)", program, "classify", folder, "--device", "cpu"],
                             capture_output=True, text=True, check=True)
    return int(process.stdout)


def huge_headers(folder: Path) -> None:
    side = 60000

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    bmp = b"BM" + struct.pack("<IHHIIiiHHIIIIII", 54, 0, 0, 54, 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
    gif = b"GIF89a" + struct.pack("<HHBBB", side, side, 0, 0, 0) + b","
    tiff = b"II*\0" + struct.pack("<IH", 8, 2) + struct.pack("<HHII", 256, 4, 1, side) + struct.pack("<HHII", 257, 4, 1, side) + b"\0\0\0\0"
    pnm = f"P6 {side} {side} 255\n".encode()
    jpeg = b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 17, 8, side, side, 3) + bytes([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]) + b"\xff\xda" + struct.pack(">HB", 12, 3) + bytes(9)
    for i in range(50):
        for suffix, data in {"png": png, "bmp": bmp, "gif": gif, "tif": tiff, "ppm": pnm, "jpg": jpeg}.items():
            (folder / f"{i}.{suffix}").write_bytes(data)


def main() -> None:
    program = sys.argv[1]
    root = Path(__file__).resolve().parent.parent.parent
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.jpg"
        cases = json.loads((root / "tests/parity/goldens/decode.json").read_text())
        import base64
        small.write_bytes(base64.b64decode(cases[0]["file"]))
        image = sys.argv[2] if len(sys.argv) > 2 else str(small)
        report = growth(program, image, int(sys.argv[3]) if len(sys.argv) > 3 else 30000)
        print(json.dumps({"name": "memory/growth", **report}), flush=True)
        one, huge = Path(folder) / "one", Path(folder) / "huge"
        one.mkdir()
        huge.mkdir()
        for at in (one, huge):
            (at / "small.jpg").write_bytes(small.read_bytes())
        huge_headers(huge)
        print(json.dumps({"name": "memory/60000x60000", "one_image_peak_bytes": peak(program, str(one)), "with_300_headers_peak_bytes": peak(program, str(huge))}))


if __name__ == "__main__":
    main()
