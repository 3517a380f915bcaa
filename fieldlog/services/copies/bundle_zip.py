"""The ZIP of a bundle, read as far as it is whole.

A ZIP says twice where its members lie and how they are packed: before each of them, and in the table at its end.
Here both are read, so that one of them may be damaged or missing. Which to believe is for the caller to find out:
the names of a bundle's members say what they hash to.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

CHUNK = 1 << 18
TORN = (
    zipfile.BadZipFile, zlib.error, struct.error, LookupError, ValueError, TypeError, RuntimeError, OSError,
    EOFError, OverflowError,
)  # fmt: skip
"""What reading a ZIP raises that is none, or is torn."""

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_SIGN, _TABLE = b"PK\3\4", (b"PK\1\2", b"PK\5\6", b"PK\6\6")
_WIDE = 0xFFFFFFFF
_STREAMED = 8
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to read a member: its bytes begin at `at`, `bytes` of them, `whole` when unpacked."""

    name: str
    packed: bool
    at: int
    bytes: int
    whole: int
    crc: int


Place = tuple[Way, ...]
"""The ways to read what lies at one place of the file, one where both tellings agree."""


def places(file: BinaryIO) -> list[Place]:
    """What lies in a ZIP, in its order. Raises `BadZipFile` where nothing does.

    Members that are packed in a way that bundles are not are passed over.
    """
    size = file.seek(0, 2)
    infos, stop = _table(file)
    table = {info.header_offset: info for info in infos}
    found = _walked(file, size, sorted(table))
    for start in table.keys() - found.keys():
        # The table may say a wrong place: what bears that name elsewhere is meant.
        info = table.pop(start)
        named = (at for at, way in found.items() if at not in table and way.name == info.filename)
        table[next(named, start)] = info
    starts = sorted(found.keys() | table.keys())
    told = []
    for start, end in zip(starts, [*starts[1:], stop or size], strict=True):
        ways = [way for way in (found.get(start), _of_table(table.get(start), end)) if way]
        told.append(tuple(dict.fromkeys(ways)))
    if not any(told):
        raise zipfile.BadZipFile("nothing lies in it")
    return [place for place in told if place]


def is_torn(file: BinaryIO) -> bool:
    """Whether the table at the end can't be read."""
    return not _table(file)[1]


def read(file: BinaryIO, way: Way) -> Iterator[bytes]:
    """The bytes of a member in pieces. Raises `BadZipFile` or `zlib.error` once it is seen that they are not what
    was written; what came until then may be."""
    crc, count = 0, 0
    for piece in _unpacked(file, way):
        crc, count = zlib.crc32(piece, crc), count + len(piece)
        yield piece
    if (crc, count) != (way.crc, way.whole):
        raise zipfile.BadZipFile(f"{way.name} is not what was written")


def held(file: BinaryIO, way: Way) -> tuple[bytes, bool]:
    """A member as far as it can be read, and whether that is all of it."""
    found = bytearray()
    try:
        for piece in read(file, way):
            found += piece
    except TORN:
        return bytes(found), False
    return bytes(found), True


def _unpacked(file: BinaryIO, way: Way) -> Iterator[bytes]:
    inflate, at, end = zlib.decompressobj(-15), way.at, way.at + way.bytes
    while at < end:
        file.seek(at)
        piece = file.read(min(CHUNK, end - at))
        if not piece:
            return
        at += len(piece)
        if not way.packed:
            yield piece
            continue
        # Little by little: of what is damaged, as much comes out as there is.
        for place in range(0, len(piece), 512):
            yield inflate.decompress(piece[place : place + 512])
    if way.packed:
        yield inflate.flush()


def _table(file: BinaryIO) -> tuple[list[zipfile.ZipInfo], int]:
    """What the table at the end tells, and where it begins; 0 where it can't be read."""
    try:
        with zipfile.ZipFile(file) as bag:
            return bag.infolist(), bag.start_dir
    except TORN:
        return [], 0


def _walked(file: BinaryIO, size: int, hints: list[int]) -> dict[int, Way]:
    """What stands before the members: from one to the next, and where that fails from the next hint on, or the
    next sign of one."""
    found: dict[int, Way] = {}
    at: int | None = 0
    while at is not None and at < size:
        way = _local(file, at, size)
        if way:
            found[at] = way
            after = way.at + way.bytes
            if after in hints or _peek(file, after, 4) in (_SIGN, *_TABLE):
                at = after
                continue
        elif _peek(file, at, 4) in _TABLE:
            break
        at = next((hint for hint in hints if hint > at), None) or _sought(file, at + 1, size)
    return found


def _local(file: BinaryIO, at: int, size: int) -> Way | None:
    """The member that begins here, as it is told before it; None where there is none that could be."""
    head = _peek(file, at, _LOCAL.size)
    if len(head) < _LOCAL.size:
        return None
    sign, _, flags, method, _, _, crc, count, whole, name, extra = _LOCAL.unpack(head)
    start = at + _LOCAL.size + name + extra
    if sign != _SIGN or method not in _PACKED or flags & _STREAMED:
        return None
    told = _peek(file, at + _LOCAL.size, name + extra)
    if _WIDE in (count, whole):
        at_wide = told.find(b"\1\0\x10\0", name)
        if at_wide < 0 or len(told) < at_wide + 20:
            return None
        whole, count = struct.unpack("<QQ", told[at_wide + 4 : at_wide + 20])
    count = min(count, size - start)
    if count < 0:
        return None
    return Way(
        name=told[:name].decode("utf-8", "replace"), packed=method == zipfile.ZIP_DEFLATED, at=start, bytes=count,
        whole=whole, crc=crc,
    )  # fmt: skip


def _of_table(info: zipfile.ZipInfo | None, end: int) -> Way | None:
    """The member as the table tells it: it ends where the next begins."""
    if info is None or info.compress_type not in _PACKED:
        return None
    return Way(
        name=info.filename, packed=info.compress_type == zipfile.ZIP_DEFLATED, at=max(end - info.compress_size, 0),
        bytes=info.compress_size, whole=info.file_size, crc=info.CRC,
    )  # fmt: skip


def _peek(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)


def _sought(file: BinaryIO, at: int, size: int) -> int | None:
    """Where the next sign of a member stands; None where there is none."""
    while at < size:
        piece = _peek(file, at, CHUNK)
        found = piece.find(_SIGN)
        if found >= 0:
            return at + found
        at += max(1, len(piece) - 3)
        if len(piece) < 4:
            return None
    return None
