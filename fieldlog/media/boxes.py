"""The boxes of MP4's family: what HEIC and AVIF carry of EXIF and XMP, when sound was recorded and how long it is.

Pure; sources: ISO/IEC 14496-12 (8.2.2 mvhd, 8.4.2 mdhd, 8.11 meta, iloc, iinf) and 23008-12 annex A (Exif items).
No size that a file names is believed: what is read is bounded, and damage is as good as nothing told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice

from fieldlog.media.reading import Held, Readable

MOST_BOXES = 4096
MOST_META, MOST_ITEM, MOST_EXTENTS, MOST_TRACKS = 1 << 20, 1 << 20, 1 << 14, 16
_META_HEAD = 4
"""Bytes before the boxes in a `meta`: its version and flags."""

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_XMP_TYPE = b"application/rdf+xml"


@dataclass(frozen=True, kw_only=True)
class Box:
    """`name` is four letters; its body lies from byte `at` to `end`, which may be beyond the file's."""

    name: bytes
    at: int
    end: int


def boxes(readable: Readable, at: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes between two bytes, at most `MOST_BOXES`."""
    end = readable.size() if end is None else min(end, readable.size())
    for _ in range(MOST_BOXES):
        lead = readable.read(at, 16) if at + 8 <= end else b""
        if len(lead) < 8:
            return
        length, body = int.from_bytes(lead[:4], "big"), at + 8
        if length == 1:
            length, body = int.from_bytes(lead[8:], "big"), at + 16
        elif length == 0:
            length = end - at
        if at + length < body:
            return
        yield Box(name=lead[4:8], at=body, end=at + length)
        at += length


def first(readable: Readable, *path: bytes, within: Box | None = None) -> Box | None:
    """The first box at a path of names, None where there is none."""
    for name in path:
        found = boxes(readable, within.at, within.end) if within else boxes(readable)
        within = next((box for box in found if box.name == name), None)
        if within is None:
            return None
    return within


def still_tags(readable: Readable) -> tuple[bytes, bytes]:
    """The EXIF (a TIFF block) and the XMP of a still picture; each empty where there is none."""
    box = first(readable, b"meta")
    if box is None or not _META_HEAD <= box.end - box.at <= MOST_META:
        return b"", b""
    meta = Held(readable.read(box.at + _META_HEAD, box.end - box.at - _META_HEAD))
    exif = xmp = b""
    kinds = _kinds(meta)
    for item, extents in _places(meta):
        kind = kinds.get(item)
        if kind == b"Exif" and not exif:
            exif = _item(readable, meta, extents)
        elif kind == _XMP_TYPE and not xmp:
            xmp = _item(readable, meta, extents)
    return exif[4 + int.from_bytes(exif[:4], "big") :], xmp


def _kinds(meta: Held) -> dict[int, bytes]:
    """Item ids to their kinds, `Exif` and XMP's media type alone; of equal ids the last."""
    found: dict[int, bytes] = {}
    info = first(meta, b"iinf")
    if info is None:
        return found
    counted = 6 if meta.read(info.at, 1) == b"\0" else 8
    for entry in boxes(meta, info.at + counted, info.end):
        body = meta.read(entry.at, min(entry.end - entry.at, 256))
        if entry.name != b"infe" or body[:1] not in (b"\2", b"\3"):
            continue
        wide = 2 if body[0] == 2 else 4
        item, rest = int.from_bytes(body[4 : 4 + wide], "big"), body[4 + wide + 2 :]
        if rest[:4] == b"Exif":
            found[item] = b"Exif"
        elif rest[:4] == b"mime" and rest[4:].partition(b"\0")[2].startswith(_XMP_TYPE):
            found[item] = _XMP_TYPE
    return found


Extent = tuple[bool, int, int]
"""Whether it lies in the box `idat` instead of the file, its first byte there, and its length."""


def _places(meta: Held) -> Iterator[tuple[int, list[Extent]]]:
    """Each item's id and where it lies; nowhere, where that is in another file."""
    box = first(meta, b"iloc")
    if box is None:
        return
    data = _Numbers(meta.read(box.at, box.end - box.at))
    version, _, sizes = data.next(1), data.next(3), data.next(2)
    wide, long, based, indexed = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15
    left = MOST_EXTENTS
    for _ in range(data.next(4 if version == 2 else 2)):
        item = data.next(4 if version == 2 else 2)
        method = data.next(2) & 15 if version in (1, 2) else 0
        elsewhere, base, count = data.next(2), data.next(based), data.next(2)
        left -= 1 + count
        if data.over or left < 0:
            return
        extents = list[Extent]()
        for _ in range(count):
            data.next(indexed if version in (1, 2) else 0)
            extents.append((method == 1, base + data.next(wide), data.next(long)))
        yield item, extents if method < 2 and not elsewhere else []


class _Numbers:
    """Numbers of several bytes, one after the other; `over` where there were not enough."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def over(self) -> bool:
        return self._at > len(self._data)

    def next(self, count: int) -> int:
        self._at += count
        return int.from_bytes(self._data[self._at - count : self._at], "big")


def _item(readable: Readable, meta: Held, extents: list[Extent]) -> bytes:
    """The bytes of an item; none where it is said to be larger than what tells a time ever is."""
    if sum(length for _, _, length in extents) > MOST_ITEM:
        return b""
    idat = first(meta, b"idat")
    parts = list[bytes]()
    for held, at, length in (one for one in extents if one[2]):
        if held and idat is not None:
            parts.append(meta.read(idat.at + at, length))
        elif not held and at + length <= readable.size():
            parts.append(readable.read(at, length))
    return b"".join(parts)


def made_at(readable: Readable) -> datetime | None:
    """When a film or a recording was made, in UTC; None where it does not say (0, which is 1904)."""
    for box in _heads(readable):
        seconds = _head(readable, box)[0]
        if seconds:
            return _EPOCH + timedelta(seconds=seconds) if seconds < 1 << 34 else None
    return None


def seconds_of(readable: Readable) -> float | None:
    """How long a film or a recording is; None where it does not say."""
    for box in _heads(readable):
        _, scale, count, unknown = _head(readable, box)
        if scale and 0 < count < unknown:
            return count / scale
    return None


def _heads(readable: Readable) -> Iterator[Box]:
    """The whole's head, then those of its tracks: the first that says something counts."""
    moov = first(readable, b"moov")
    if moov is None:
        return
    whole = first(readable, b"mvhd", within=moov)
    tracks = (box for box in boxes(readable, moov.at, moov.end) if box.name == b"trak")
    found = (first(readable, b"mdia", b"mdhd", within=track) for track in islice(tracks, MOST_TRACKS))
    yield from (box for box in chain((whole,), found) if box is not None)


def _head(readable: Readable, box: Box) -> tuple[int, int, int, int]:
    """Seconds since 1904, units a second, length in such units, and what stands for an unknown one."""
    data = _Numbers(readable.read(box.at, min(box.end - box.at, 32)))
    wide = 8 if data.next(1) == 1 else 4
    data.next(3)
    made, _, scale, count = data.next(wide), data.next(wide), data.next(4), data.next(wide)
    return (0, 0, 0, 0) if data.over else (made, scale, count, (1 << 8 * wide) - 1)
