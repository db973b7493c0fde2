# SPDX-License-Identifier: Apache-2.0
"""The reference reader's verdict on 100,000 damaged safetensors files, used by make_goldens.py. The same files are made by
tests/support/safetensors_mutants.h."""
import base64
import struct

import numpy as np

from hash_tensors import hash_bits, write

COUNT = 100_000
ALPHABET = b'0123456789{}[]":,.-+eE \\/\n\tabnultF\x00\xff'
BASES = [('{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]}}', 32),
         ('{"__metadata__":{"format":"pt","x":"1"},"w.weight":{"dtype":"BF16","shape":[1,2,2],"data_offsets":[0,8]}}   ', 8),
         ('{"e":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"z":{"dtype":"U8","shape":[0,7],"data_offsets":[8,8]}}', 8),
         ('{}', 0),
         ('{"t":{"dtype":"BOOL","shape":[10],"data_offsets":[0,10]},"s":{"dtype":"F64","shape":[1,1],"data_offsets":[10,18]}}', 18)]


class Numbers:
    """A stream of hashed numbers, one seed a mutant."""

    def __init__(self, row: np.ndarray):
        self.row, self.at = row, 0

    def below(self, limit: int) -> int:
        self.at += 1
        return int(self.row[self.at - 1]) % limit


def mutant(index: int, row: np.ndarray) -> bytes:
    text, data = BASES[index % len(BASES)]
    header, numbers, length_shift = bytearray(text.encode()), Numbers(row), 0
    for _ in range(1 + numbers.below(3)):
        kind, place = numbers.below(7), numbers.below(len(header) + 1)
        symbol = ALPHABET[numbers.below(len(ALPHABET))]
        if kind == 0 and place < len(header):
            header[place] = symbol
        elif kind == 1 and place < len(header):
            del header[place]
        elif kind == 2:
            header.insert(place, symbol)
        elif kind == 3:
            end = min(len(header), place + 1 + numbers.below(40))
            header[place:place] = header[place:end]
        elif kind == 4:
            data = max(0, data + numbers.below(9) - 4)
        elif kind == 5:
            length_shift = numbers.below(5) - 2
        elif kind == 6:  # digits only: sizes and offsets that lie
            while place < len(header) and not 48 <= header[place] <= 57:
                place += 1
            if place < len(header):
                header[place] = 48 + numbers.below(10)
    return struct.pack("<Q", max(0, len(header) + length_shift)) + bytes(header) + b"\1" * data


def safetensors_golden() -> None:
    from safetensors import SafetensorError, deserialize
    verdicts = bytearray(COUNT // 8)
    for index in range(COUNT):
        try:
            deserialize(mutant(index, hash_bits(index, 24)))
            verdicts[index // 8] |= 1 << index % 8
        except SafetensorError:
            pass
    print("  accepted by the reference:", sum(bin(byte).count("1") for byte in verdicts))
    write("safetensors.json", {"bases": BASES, "alphabet": list(ALPHABET), "count": COUNT, "accepted": base64.b64encode(verdicts).decode()})
