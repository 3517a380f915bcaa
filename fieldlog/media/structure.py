"""Whether a file is whole, told from its structure alone: pure Python, nothing is decoded.

Reads from an open file where it must; a file of gigabytes costs a few reads, but for a JPEG, whose
end marker has to be looked for.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from fieldlog.media.reading import Readable, head_of, tail_of

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SCAN_BYTES = 1 << 20
_SIZED = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ZIPPED = (
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
    "application/epub+zip",
)
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, kw_only=True)
class Structure:
    """What the structure says.

    `whole` is False where the end is missing; `playable` is False where no player could start.
    `width` and `height` are in pixels as stored, before any orientation, 0 where not told.
    """

    whole: bool = True
    playable: bool = True
    width: int = 0
    height: int = 0


def structure_of(readable: Readable, mime: str) -> Structure:
    """The structure of a file already known to be of `mime`; whole for kinds that don't tell."""
    check = _CHECKS.get(mime)
    if check is None and mime.startswith(_ZIPPED):
        check = _zip
    return check(readable) if check else Structure()


def _jpeg(readable: Readable) -> Structure:
    """Walks the segments; what follows the end marker (a motion photo's clip) is no fault."""
    at, width, height = 2, 0, 0
    while len(lead := readable.read(at, 4)) == 4:
        if lead[0] != 0xFF:
            at = _next_marker(readable, at)
            continue
        code = lead[1]
        if code == 0xD9:
            return Structure(width=width, height=height)
        if code == 0xFF:
            at += 1
            continue
        if code in _NO_LENGTH:
            at += 2
            continue
        if code in _SIZED:
            body = readable.read(at + 5, 4)
            height, width = struct.unpack(">HH", body) if len(body) == 4 else (0, 0)
        at += 2 + struct.unpack(">H", lead[2:])[0]
        if code == 0xDA:
            at = _next_marker(readable, at)
    return Structure(whole=lead[:2] == b"\xff\xd9", width=width, height=height)


def _next_marker(readable: Readable, at: int) -> int:
    """Where the next marker begins after compressed data, or the end of the file."""
    size = readable.size()
    while at < size:
        data = readable.read(at, _SCAN_BYTES)
        found = _MARKER.search(data)
        if found:
            return at + found.start()
        at += max(1, len(data) - 1) if len(data) == _SCAN_BYTES else len(data) or size
    return size


def _png(readable: Readable) -> Structure:
    ihdr = readable.read(16, 8)
    width, height = struct.unpack(">II", ihdr) if len(ihdr) == 8 else (0, 0)
    at, whole = 8, False
    while len(lead := readable.read(at, 8)) == 8:
        at += 12 + int.from_bytes(lead[:4], "big")
        if lead[4:] == b"IEND":
            whole = at <= readable.size()
            break
    return Structure(whole=whole, width=width, height=height)


def _gif(readable: Readable) -> Structure:
    lead = readable.read(6, 4)
    width, height = struct.unpack("<HH", lead) if len(lead) == 4 else (0, 0)
    return Structure(whole=tail_of(readable).rstrip(b"\0").endswith(b";"), width=width, height=height)


def _webp(readable: Readable) -> Structure:
    lead = readable.read(0, 30)
    width = height = 0
    if lead[12:16] == b"VP8X" and len(lead) == 30:
        width, height = (1 + int.from_bytes(lead[at : at + 3], "little") for at in (24, 27))
    elif lead[12:16] == b"VP8L" and len(lead) >= 25:
        bits = int.from_bytes(lead[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif lead[12:16] == b"VP8 " and len(lead) == 30:
        width, height = (value & 0x3FFF for value in struct.unpack("<HH", lead[26:30]))
    whole = int.from_bytes(lead[4:8], "little") + 8 <= readable.size()
    return Structure(whole=whole, width=width, height=height)


def _boxes(readable: Readable) -> Structure:
    """MP4 and its relatives: without `moov` (or `meta`, for a still) nothing can be played."""
    at, size, seen, whole = 0, readable.size(), set[bytes](), True
    while len(lead := readable.read(at, 16)) >= 8:
        length, name = int.from_bytes(lead[:4], "big"), lead[4:8]
        if length == 1 and len(lead) == 16:
            length = int.from_bytes(lead[8:], "big")
        elif length == 0:
            length = size - at
        if length < 8:
            break
        seen.add(name)
        at += length
        if at > size:
            # A damaged length may lead farther than any disk can be asked for.
            whole = False
            break
    return Structure(whole=whole, playable=bool(seen & {b"moov", b"meta"}))


def _pdf(readable: Readable) -> Structure:
    return Structure(whole=b"%%EOF" in tail_of(readable))


def _zip(readable: Readable) -> Structure:
    return Structure(whole=b"PK\x05\x06" in readable.read(max(0, readable.size() - 65_557), 65_557))


def _ogg(readable: Readable) -> Structure:
    """Playable from the first page on; whole when a page is marked as the last one."""
    tail = tail_of(readable)
    last = tail.rfind(b"OggS")
    ended = last >= 0 and len(tail) > last + 5 and bool(tail[last + 5] & 4)
    return Structure(whole=ended or len(head_of(readable)) < 27)


_CHECKS = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/gif": _gif,
    "image/webp": _webp,
    "image/heic": _boxes,
    "image/avif": _boxes,
    "audio/mp4": _boxes,
    "video/mp4": _boxes,
    "video/quicktime": _boxes,
    "application/pdf": _pdf,
    "application/zip": _zip,
    "audio/ogg": _ogg,
}
