# SPDX-License-Identifier: Apache-2.0
"""Images of every format and kind that a script can write, with Pillow's pixels and Pillow's verdict on damaged ones.

Used by make_goldens.py: `make_goldens.py formats verdicts`.
"""
import base64
import io
import struct
import warnings
import zlib

import numpy as np
import tifffile
from PIL import Image, ImageOps

warnings.simplefilter("ignore")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def saved(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def tiff(array: np.ndarray, **options) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, array, metadata=None, software=None, **options)
    return out.getvalue()


def png_by_hand(array: np.ndarray, depth: int, colour: int, interlaced: bool = False, extra: bytes = b"") -> bytes:
    """PNG of any bit depth, Adam7 on request: Pillow writes neither. Filter 0 everywhere."""
    height, width = array.shape[:2]
    samples = array.reshape(height, width, -1)

    def packed(rows: np.ndarray) -> bytes:
        data = b""
        for row in rows.reshape(rows.shape[0], -1):
            if depth == 16:
                line = row.astype(">u2").tobytes()
            elif depth == 8:
                line = row.astype(np.uint8).tobytes()
            else:
                bits = "".join(format(int(v), f"0{depth}b") for v in row)
                bits += "0" * (-len(bits) % 8)
                line = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
            data += b"\0" + line
        return data

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    raw = b"".join(packed(samples[y::dy, x::dx]) for x, y, dx, dy in passes if samples[y::dy, x::dx].size)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def chunk_of(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_exif(image: Image.Image, kind: str, orientation: int, **options) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(image, kind, exif=exif.tobytes() if kind != "TIFF" else exif, **options)


def samples():
    """(name, bytes, tolerance, expected or None for Pillow's)."""
    from hash_tensors import hash_bits, hash_image

    photo = hash_image(15, 17, 13)
    smooth = hash_image(16, 80, 56).resize((20, 14), Image.BILINEAR)
    rgb, grey = np.asarray(photo), np.asarray(photo.convert("L"))
    alpha = photo.convert("RGBA")
    alpha.putalpha(Image.fromarray((hash_bits(19, 17 * 13) >> 24).astype(np.uint8).reshape(13, 17)))
    wide = (rgb.astype(np.uint16) << 8) + rgb[::-1]
    wide_grey = np.ascontiguousarray(wide[:, :, 1])
    high = lambda array: np.repeat((array >> 8).astype(np.uint8)[:, :, None], 3, 2)  # noqa: E731
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        yield f"tiff/rgb-{compression}", saved(photo, "TIFF", compression=compression), 0, None
    yield "tiff/jpeg", saved(smooth, "TIFF", compression="jpeg"), 2, None
    yield "tiff/rgba", saved(alpha, "TIFF"), 0, None
    yield "tiff/cmyk", saved(photo.convert("CMYK"), "TIFF"), 1, None
    yield "tiff/grey", saved(photo.convert("L"), "TIFF"), 0, None
    yield "tiff/grey-alpha", saved(alpha.convert("LA"), "TIFF"), 0, None
    yield "tiff/1-bit", saved(photo.convert("1"), "TIFF"), 0, None
    yield "tiff/1-bit-group4", saved(photo.convert("1"), "TIFF", compression="group4"), 0, None
    yield "tiff/palette", saved(photo.quantize(16), "TIFF"), 0, None
    yield "tiff/min-is-white", tiff(grey, photometric="miniswhite"), 0, None
    yield "tiff/big-endian", tiff(rgb, photometric="rgb", byteorder=">"), 0, None
    yield "tiff/16-bit", tiff(wide, photometric="rgb"), 0, None
    yield "tiff/16-bit-big-endian", tiff(wide, photometric="rgb", byteorder=">"), 0, None
    yield "tiff/16-bit-grey", tiff(wide_grey, photometric="minisblack"), 0, high(wide_grey)
    yield "tiff/planar", tiff(np.ascontiguousarray(rgb.transpose(2, 0, 1)), photometric="rgb", planarconfig="separate"), 0, None
    yield "tiff/tiled", tiff(rgb, photometric="rgb", tile=(16, 16)), 0, rgb
    yield "tiff/tiled-deflate", tiff(rgb, photometric="rgb", tile=(16, 16), compression="deflate"), 0, None
    yield "tiff/pages", tiff(np.stack([rgb, rgb[::-1]]), photometric="rgb"), 0, rgb
    for orientation in range(1, 9):
        small = smooth.resize((7, 5))
        yield f"tiff/orientation={orientation}", with_exif(small, "TIFF", orientation), 0, None
        yield f"webp/orientation={orientation}", with_exif(small, "WEBP", orientation, lossless=True), 0, None
    yield "gif/plain", saved(photo.quantize(32), "GIF", interlace=0), 0, None
    yield "gif/interlaced", saved(photo.quantize(32), "GIF", interlace=1), 0, None
    yield "gif/grey", saved(photo.convert("L"), "GIF"), 0, None
    yield "gif/transparent", saved(photo.quantize(32), "GIF", transparency=3), 0, None
    yield "gif/animated", saved(photo.quantize(32), "GIF", save_all=True, append_images=[photo.quantize(16)], duration=50), 0, None
    part = bytearray(saved(photo.quantize(8).crop((0, 0, 9, 7)), "GIF"))
    part[6:10] = struct.pack("<HH", 17, 13)  # a larger screen than the frame
    yield "gif/part-of-screen", bytes(part), 0, None
    yield "bmp/24", saved(photo, "BMP"), 0, None
    yield "bmp/32", saved(alpha, "BMP"), 0, None
    yield "bmp/palette", saved(photo.quantize(32), "BMP"), 0, None
    yield "bmp/1-bit", saved(photo.convert("1"), "BMP"), 0, None
    down = bytearray(saved(photo, "BMP"))
    down[22:26] = struct.pack("<i", -13)  # stored from the top
    yield "bmp/top-down", bytes(down), 0, None
    yield "webp/lossy", saved(smooth, "WEBP", quality=85), 1, None
    yield "webp/lossless", saved(photo, "WEBP", lossless=True), 0, None
    yield "webp/alpha", saved(alpha, "WEBP", lossless=True, exact=True), 0, None
    yield "webp/animated", saved(photo, "WEBP", save_all=True, append_images=[photo.rotate(180)], lossless=True, duration=50), 0, None
    yield "pnm/p6", saved(photo, "PPM"), 0, None
    yield "pnm/p5", saved(photo.convert("L"), "PPM"), 0, None
    yield "pnm/p4", saved(photo.convert("1"), "PPM"), 0, None
    text = " ".join(str(v) for v in grey.reshape(-1))
    yield "pnm/p2-comment", f"P2\n# a comment 9 9\n17 13\n255\n{text}\n".encode(), 0, None
    text = " ".join(str(v) for v in rgb.reshape(-1))
    yield "pnm/p3", f"P3 17 13 255\n{text}\n".encode(), 0, None
    yield "png/16-bit", png_by_hand(wide, 16, 2), 0, None
    yield "png/16-bit-grey", png_by_hand(wide_grey, 16, 0), 0, high(wide_grey)
    for depth in (1, 2, 4):
        yield f"png/grey-{depth}", png_by_hand(grey >> (8 - depth), depth, 0), 0, None
        yield f"png/grey-{depth}-interlaced", png_by_hand(grey >> (8 - depth), depth, 0, True), 0, None
        palette = chunk_of(b"PLTE", bytes((i * 37 + c * 91) % 256 for i in range(1 << depth) for c in range(3)))
        yield f"png/palette-{depth}", png_by_hand(grey >> (8 - depth), depth, 3, False, palette), 0, None
        yield f"png/palette-{depth}-transparent", png_by_hand(grey >> (8 - depth), depth, 3, True, palette + chunk_of(b"tRNS", b"\0\x80")), 0, None
    yield "png/rgb-interlaced", png_by_hand(rgb, 8, 2, True), 0, None
    yield "png/rgba-interlaced", png_by_hand(np.asarray(alpha), 8, 6, True), 0, None
    yield "png/rgb-transparent", png_by_hand(rgb, 8, 2, False, chunk_of(b"tRNS", struct.pack(">HHH", *[int(v) for v in rgb[3, 4]]))), 0, None


def formats_goldens() -> None:
    from hash_tensors import write

    cases = []
    for name, data, tolerance, expected in samples():
        upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
        levels = upright.tobytes() if expected is None else np.ascontiguousarray(expected).tobytes()
        cases.append({"name": name, "file": b64(data), "width": upright.width, "height": upright.height, "levels": b64(levels), "tolerance": tolerance})
    half = len(cases) // 3
    for part in range(3):
        write(f"formats{part + 1}.json", cases[part * half:(part + 1) * half if part < 2 else None])


def accepted(data: bytes) -> bool:
    try:
        ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB").load()
        return True
    except Exception:
        return False


def verdict_goldens() -> None:
    """For each file: Pillow's verdict on every 1/64 of it, and on copies with one flipped bit (hashBits(seed, i))."""
    from hash_tensors import hash_bits, hash_image, write

    smooth = hash_image(16, 160, 112).resize((48, 36), Image.BILINEAR)
    files = {
        "jpeg": saved(smooth, "JPEG", quality=80), "jpeg-progressive": saved(smooth, "JPEG", quality=80, progressive=True),
        "png": saved(smooth, "PNG"), "gif": saved(smooth.quantize(64), "GIF"), "tiff": saved(smooth, "TIFF", compression="tiff_lzw"),
        "webp": saved(smooth, "WEBP", quality=70), "bmp": saved(smooth.resize((24, 18)), "BMP"),
    }
    cases = []
    for seed, (name, data) in enumerate(files.items(), 500):
        cuts = "".join(str(int(accepted(data[:len(data) * i // 64]))) for i in range(1, 64))
        flips = ""
        for at in hash_bits(seed, 300):
            bad = bytearray(data)
            bit = int(at) % (8 * len(data))
            bad[bit // 8] ^= 1 << bit % 8
            flips += str(int(accepted(bytes(bad))))
        cases.append({"name": name, "file": b64(data), "seed": seed, "cuts": cuts, "flips": flips})
    write("verdicts.json", cases)


def heif_goldens() -> None:
    """HEIC through pillow-heif and AVIF through Pillow; what is cut off is refused."""
    import pillow_heif
    from hash_tensors import hash_image, write

    pillow_heif.register_heif_opener()
    smooth = hash_image(21, 128, 96).resize((32, 24), Image.BILINEAR)
    turned = Image.Exif()
    turned[0x0112] = 6
    files = {"heic": saved(smooth, "HEIF", quality=95, chroma="444"), "heic/turned": saved(smooth, "HEIF", quality=95, chroma="444", exif=turned.tobytes()),
             "heic/grey": saved(smooth.convert("L"), "HEIF", quality=95), "heic/alpha": saved(smooth.convert("RGBA"), "HEIF", quality=95, chroma="444"),
             "avif": saved(smooth, "AVIF", quality=95, subsampling="4:4:4")}
    cases = []
    for name, data in files.items():
        upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
        cases.append({"name": name, "file": b64(data), "width": upright.width, "height": upright.height, "levels": b64(upright.tobytes()), "tolerance": 4})
    write("heif.json", cases)
