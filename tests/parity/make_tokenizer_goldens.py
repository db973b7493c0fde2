# SPDX-License-Identifier: Apache-2.0
"""What the tokenizers package makes of hashed strings, used by make_goldens.py: hashes of the ids, one for a block of strings. The same
strings come from tests/support/token_strings.h. One golden has its own small vocabulary, the other is for Qwen2's, which is not in the
repository: make_goldens.py qwen2_tokenizer, with SHORTLIST_QWEN2_TOKENIZER naming the folder with vocab.json and merges.txt.
"""
import json
import os
import subprocess
from pathlib import Path

import numpy as np

from hash_tensors import hash_bits, write

PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
BLOCK = 100
PIECES = ["the quick brown fox", "don't", "WE'RE", "I'LL go", "it'ſ", "naïve café", "Ångström", "e\u0301te\u0301", "Straße", "Привет, мир", "Здравствуйте", "γειά σου", "שלום עולם",
          "مرحبا بالعالم", "नमस्ते दुनिया", "สวัสดีชาวโลก", "こんにちは世界", "東京タワー", "你好，世界！", "一张猫的照片", "안녕하세요", "Xin chào thế giới", "İstanbul", "ǅungla", "ﬁnancial",
          "for (int i = 0; i < n; ++i) {", "\treturn a[i] * b;", "}\r\n", "def f(x):\n    return x ** 2", "<div class=\"a\">", "SELECT * FROM t WHERE id=42;", "https://example.org/a?b=c#d",
          "1234567890", "3.14159e-10", "٣٤٥", "Ⅻ", "½", "🙂", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "👍🏽", "<|im_start|>", "<|im_end|>", "<|image_pad|>", "<|vision_start|>", "<|im_", "|>",
          " ", "  ", "   ", "\t", "\n", "\n\n", " \n ", "\r\n", "\u00a0", "\u3000", "\u2028", "\u200b", "\u0085", "...", "!!!", "—", "“quoted”", "user\n", "assistant", "photo", "cat", "a cat"]
SOUP = " \t\n\r\u00a0\u3000!?.,;:'\"-_()[]<>|/\\@#aZ9é中🙂"
ADDED = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>",
         "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>"]


def unicode_ranges(property_: str) -> list[list[int]]:
    """Code points of Unicode 9 that have a property, as [first, last], by perl's tables."""
    script = f'for ((0x20..0xD7FF, 0xE000..0x10FFFF)) {{ print "$_\\n" if chr($_) =~ /^(?=\\p{{Present_In: 9.0}}){property_}$/ && chr($_) !~ /\\p{{Cn}}|\\p{{Co}}/ }}'
    points = [int(line) for line in subprocess.run(["perl", "-e", "no warnings; " + script], capture_output=True, text=True, check=True).stdout.split()]
    ranges: list[list[int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return ranges


class Picks:
    def __init__(self, seed: int):
        self.row, self.at, self.seed = hash_bits(seed, 160), 0, seed

    def below(self, limit: int) -> int:
        self.at += 1
        return int(self.row[self.at - 1]) % limit


def point_of(ranges: list[list[int]], index: int) -> int:
    for first, last in ranges:
        if index <= last - first:
            return first + index
        index -= last - first + 1
    raise IndexError


def is_known(point: int, base: list, marks: list) -> bool:
    """Of Unicode 9: the tables of two libraries differ in what came later."""
    return point < 0x100 or any(first <= point <= last for ranges in (base, marks) for first, last in ranges)


def string_of(index: int, base: list, marks: list, counts: tuple[int, int]) -> bytes:
    picks, kind = Picks(index), index % 8
    text = b""
    if kind == 4:
        return "".join(SOUP[picks.below(len(SOUP))] for _ in range(1 + picks.below(20))).encode()
    if kind != 5:
        for _ in range(1 + picks.below(12)):
            text += PIECES[picks.below(len(PIECES))].encode()
            if picks.below(3) == 0:
                text += b" "
    if kind in (5, 7):
        for _ in range(1 + picks.below(16)):
            text += chr(point_of(base, picks.below(counts[0]))).encode()
            if picks.below(4) == 0:
                text += chr(point_of(marks, picks.below(counts[1]))).encode()
    if kind == 6:
        broken = bytearray(text)
        for _ in range(1 + picks.below(4)):
            place = picks.below(len(broken))
            broken[place] = picks.below(256)
        text = bytes(broken)
        if not all(is_known(ord(c), base, marks) for c in text.decode("utf-8", "replace")):
            return b"a younger character"
    return text


def block_hashes(tokenizer, count: int, base: list, marks: list) -> list[int]:
    counts = tuple(sum(last - first + 1 for first, last in ranges) for ranges in (base, marks))
    hashes = []
    for begin in range(0, count, BLOCK):
        strings = [string_of(i, base, marks, counts).decode("utf-8", "replace") for i in range(begin, begin + BLOCK)]
        value = 0x811C9DC5
        for encoding in tokenizer.encode_batch(strings, add_special_tokens=False):
            for token in [*encoding.ids, 0xFFFFFFFF]:
                value = ((value ^ token) * 0x01000193) & 0xFFFFFFFF
        hashes.append(value)
    return hashes


def with_pipeline(model):
    from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(PATTERN), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    return tokenizer, [AddedToken(text, normalized=False, special=True) for text in ADDED]


def tokenizer_golden() -> None:
    """A vocabulary trained on the pieces, as tokenizer.json."""
    from tokenizers import models, pre_tokenizers, trainers
    base, marks = unicode_ranges(r"\P{M}"), unicode_ranges(r"\p{M}")
    tokenizer, added = with_pipeline(models.BPE())
    tokenizer.train_from_iterator([" ".join(PIECES), *PIECES * 3], trainers.BpeTrainer(vocab_size=700, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer.add_special_tokens(added)
    write("tokenizer.json", {"tokenizer": json.loads(tokenizer.to_str()), "block": BLOCK, "blocks": block_hashes(tokenizer, 20_000, base, marks)})
    write("token_strings.json", {"pieces": PIECES, "soup": list(SOUP), "base": base, "marks": marks})


def qwen2_tokenizer_golden() -> None:
    from tokenizers import models
    folder = Path(os.environ["SHORTLIST_QWEN2_TOKENIZER"])
    base, marks = unicode_ranges(r"\P{M}"), unicode_ranges(r"\p{M}")
    tokenizer, added = with_pipeline(models.BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt")))
    tokenizer.add_special_tokens(added)
    assert tokenizer.token_to_id("<|image_pad|>") == 151655
    write("qwen2_tokenizer.json", {"added": {text: tokenizer.token_to_id(text) for text in ADDED}, "block": BLOCK, "blocks": block_hashes(tokenizer, 200_000, base, marks)})
