#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the sample photographs of this folder from public packages, and renders one scene.

Needs (development only): pillow, numpy, scikit-image, scikit-learn.
"""
from pathlib import Path

import skimage.data
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from sklearn.datasets import load_sample_image

HERE = Path(__file__).resolve().parent
SIDE = 512


def save(name: str, image: Image.Image) -> None:
    image = image.convert("RGB")
    image.thumbnail((SIDE, SIDE), Image.LANCZOS)
    image.save(HERE / name, quality=88, optimize=True)


def stop_sign() -> Image.Image:
    """A stop sign on a post before sky and meadow, drawn at twice the size."""
    scene = Image.new("RGB", (1024, 1024))
    draw = ImageDraw.Draw(scene)
    for y in range(1024):
        t = y / 1024
        draw.line([(0, y), (1024, y)], fill=(int(120 + 90 * t), int(165 + 60 * t), int(215 + 25 * t)))
    draw.rectangle([0, 800, 1024, 1024], fill=(88, 122, 66))
    for x in range(0, 1024, 37):
        draw.ellipse([x - 60, 740 + x % 53, x + 70, 880], fill=(52 + x % 30, 92 + x % 25, 48))
    scene = scene.filter(ImageFilter.GaussianBlur(6))
    draw = ImageDraw.Draw(scene)
    draw.rectangle([494, 620, 530, 1024], fill=(120, 122, 124))
    octagon = lambda r: [(512 + r * x, 400 + r * y) for x, y in
                         [(.414, -1), (1, -.414), (1, .414), (.414, 1), (-.414, 1), (-1, .414), (-1, -.414), (-.414, -1)]]
    draw.polygon(octagon(300), fill=(235, 235, 232))
    draw.polygon(octagon(280), fill=(178, 28, 36))
    font = ImageFont.load_default(size=190)
    draw.text((512, 400), "STOP", font=font, fill=(240, 240, 238), anchor="mm", stroke_width=7, stroke_fill=(240, 240, 238))
    return scene.filter(ImageFilter.GaussianBlur(1))


def main() -> None:
    save("flower.jpg", Image.fromarray(load_sample_image("flower.jpg")))
    save("temple.jpg", Image.fromarray(load_sample_image("china.jpg")))
    save("coffee.jpg", Image.fromarray(skimage.data.coffee()))
    save("cat.jpg", Image.fromarray(skimage.data.chelsea()))
    save("rocket.jpg", Image.fromarray(skimage.data.rocket()))
    save("astronaut.jpg", Image.fromarray(skimage.data.astronaut()))
    save("stop_sign.png", stop_sign())


if __name__ == "__main__":
    main()
