"""The tags of a TIFF block, which is what EXIF is: only those that are asked for are read. Pure.

Source: TIFF 6.0, section 2. Damaged tags are as good as none.
"""

from __future__ import annotations

import struct
from collections.abc import Collection

from fieldlog.media.reading import Readable

MOST_NUMBERS, MOST_TEXT, MOST_BYTES = 64, 1 << 10, 1 << 20
"""What tells a time or a place is short; of bytes only an XMP text is asked for."""

_FORMS = {1: "s", 2: "s", 3: "H", 4: "I", 5: "II", 7: "s", 8: "h", 9: "i", 10: "ii"}
_TEXT = 2


def tags_of(block: Readable, where: object, wanted: Collection[int]) -> dict[int, object]:
    """Values of a directory: text, bytes, a number, or several; rationals as floats, nan where there is none.

    `where` is the offset of the directory; 4 stands for the place in which that of the first is told.
    """
    lead = block.read(0, 8)
    order = {b"II": "<", b"MM": ">"}.get(lead[:2])
    if order is None or not isinstance(where, int) or len(lead) < 8:
        return {}
    at = struct.unpack_from(f"{order}I", lead, 4)[0] if where == 4 else where
    found: dict[int, object] = {}
    counted = block.read(at, 2)
    if len(counted) < 2:
        return found
    entries = block.read(at + 2, 12 * struct.unpack(f"{order}H", counted)[0])
    for entry in range(0, len(entries) - 11, 12):
        tag, kind, count = struct.unpack_from(f"{order}HHI", entries, entry)
        if tag in wanted and tag not in found:
            value = _value(block, order, entries[entry + 8 : entry + 12], kind, count)
            if value is not None:
                found[tag] = value
    return found


def _value(block: Readable, order: str, told: bytes, kind: int, count: int) -> object:
    """The value `told`, or where that leads; None for a kind nothing here needs, or one that is cut off."""
    form = _FORMS.get(kind)
    most = MOST_NUMBERS if form != "s" else MOST_TEXT if kind == _TEXT else MOST_BYTES
    if form is None or not 0 < count <= most:
        return None
    size = struct.calcsize(f"<{form}") * count
    data = told[:size] if size <= 4 else block.read(struct.unpack(f"{order}I", told)[0], size)
    if len(data) < size:
        return None
    if form == "s":
        return data.decode("latin-1").removesuffix("\0") if kind == _TEXT else data
    numbers = struct.unpack(f"{order}{form * count}", data)
    if len(form) == 2:
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        numbers = tuple(above / below if below else float("nan") for above, below in pairs)
    return numbers[0] if len(numbers) == 1 else numbers
