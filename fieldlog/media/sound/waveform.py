"""A waveform as a picture: white bars on nothing, to be coloured by whoever shows it. Pure Python."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import pairwise

BARS, BAR_PX, GAP_PX, HEIGHT_PX = 96, 4, 2, 80
QUIETEST = 0.04
"""Even silence is a line one sees."""


def bars(peaks: Sequence[bytes], count: int = BARS) -> list[float]:
    """The loudest of each stretch, 0..1, as loudness is heard: by the square root of the level."""
    levels = b"".join(peaks)
    if not levels:
        return [0.0] * count
    edges = [n * len(levels) // count for n in range(count + 1)]
    loudest = [max(levels[at : max(end, at + 1)]) for at, end in pairwise(edges)]
    return [(level / 255) ** 0.5 for level in loudest]


def picture(levels: Sequence[float]) -> bytes:
    """A PNG, grey with alpha: a bar for each level, centred."""
    heights = [max(2, round(HEIGHT_PX * max(level, QUIETEST))) for level in levels]
    rows = []
    for y in range(HEIGHT_PX):
        row = bytearray(b"\0")
        for tall in heights:
            on = (HEIGHT_PX - tall) // 2 <= y < (HEIGHT_PX + tall) // 2
            row += (b"\xff\xff" if on else b"\xff\0") * BAR_PX + b"\xff\0" * GAP_PX
        rows.append(bytes(row))
    width = len(levels) * (BAR_PX + GAP_PX)
    head = struct.pack(">IIBBBBB", width, HEIGHT_PX, 8, 4, 0, 0, 0)
    packed = zlib.compress(b"".join(rows), 6)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
