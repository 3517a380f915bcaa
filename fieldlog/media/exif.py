"""What the head of a picture says: its size, how it was held, when and where. Pure Python; nothing is decoded.

For machines without Pillow; reads JPEG, PNG, WebP, GIF and TIFF. Only the few tags that are asked for are read,
none that tells the camera. Damaged tags are as good as none.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fieldlog.media import exif_time
from fieldlog.media.eye import PictureFacts
from fieldlog.media.kinds import sniff
from fieldlog.media.reading import Held
from fieldlog.media.structure import structure_of
from fieldlog.model.errors import NotUnderstood

_WIDTH, _HEIGHT, _ORIENTATION, _EXIF_IFD, _GPS_IFD = 0x0100, 0x0101, 0x0112, 0x8769, 0x8825
_FIRST = frozenset({_WIDTH, _HEIGHT, _ORIENTATION, _EXIF_IFD, _GPS_IFD})
_TIMES = frozenset(
    {exif_time.TAKEN, exif_time.DIGITIZED, exif_time.OFFSET_TAKEN, exif_time.OFFSET_DIGITIZED}
    | {exif_time.SUBSEC_TAKEN, exif_time.SUBSEC_DIGITIZED}
)
_FIX = frozenset(
    {exif_time.GPS_LAT_REF, exif_time.GPS_LAT, exif_time.GPS_LON_REF, exif_time.GPS_LON}
    | {exif_time.GPS_TIME, exif_time.GPS_DATE}
)
_FORMS = {3: "H", 4: "I", 5: "II", 8: "h", 9: "i", 10: "ii"}
_TEXT = 2
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_HELD = re.compile(rb"tiff:Orientation(?:=\"|>)([1-8])")
_SIZED = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})
_SCAN = 0xDA


@dataclass(frozen=True, kw_only=True)
class Head:
    """`width` and `height` are in pixels as stored. `tags` is a TIFF block, `xmp` an XML text, empty if there is
    none. `spoken` are the (first, end) bytes in which a picture says how it was held; without them it is shown
    as it is stored, whoever shows it.
    """

    mime: str
    width: int
    height: int
    progressive: bool = False
    tags: bytes = b""
    xmp: bytes = b""
    spoken: tuple[tuple[int, int], ...] = ()

    @property
    def orientation(self) -> int:
        """1..8, as EXIF counts; 1 where nothing is said."""
        told = _tags_of(self.tags, 4, _FIRST).get(_ORIENTATION)
        if told is None and (found := _HELD.search(self.xmp)):
            return int(found[1])
        return told if isinstance(told, int) and 1 <= told <= 8 else 1


def read_head(data: bytes) -> Head:
    """Raises `NotUnderstood` where this is no picture of these kinds, or ends before its first pixel is told."""
    mime = sniff(data[:64], len(data)).mime
    reader = _READERS.get(mime)
    head = reader(data) if reader else None
    if head is None or not (head.width and head.height):
        raise NotUnderstood("This picture can't be read.")
    return head


def read_facts(data: bytes, now: datetime | None = None) -> PictureFacts:
    """See `Eye.read_facts`."""
    head = read_head(data)
    first = _tags_of(head.tags, 4, _FIRST)
    gps = _tags_of(head.tags, first.get(_GPS_IFD), _FIX)
    taken = exif_time.taken_by(_tags_of(head.tags, first.get(_EXIF_IFD), _TIMES), gps, now)
    orientation = head.orientation
    width, height = (head.width, head.height) if orientation < 5 else (head.height, head.width)
    return PictureFacts(
        width=width, height=height, orientation=orientation, taken=taken.taken, offset=taken.offset,
        subsec=taken.subsec, taken_source=taken.taken_source, offset_source=taken.offset_source,
        suspect=taken.suspect, gps=exif_time.gps_place(gps),
    )  # fmt: skip


def _jpeg(data: bytes) -> Head:
    at, width, height, scanned, progressive, tags, xmp = 2, 0, 0, False, False, b"", b""
    spoken = list[tuple[int, int]]()
    while at + 4 <= len(data):
        code = data[at + 1]
        if data[at] != 0xFF or code == 0xFF:
            at += 1
            continue
        if code == _SCAN:
            scanned = True
            break
        if code in _NO_LENGTH:
            at += 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : end]
        if code in _SIZED and len(body) >= 5:
            height, width = struct.unpack(">HH", body[1:5])
            progressive = code in _PROGRESSIVE
        elif code == 0xE1 and body.startswith((_EXIF, _XMP)):
            spoken.append((at, end))
            if body.startswith(_EXIF):
                tags = tags or body[len(_EXIF) :]
            else:
                xmp = xmp or body
        at = end
    return Head(
        mime="image/jpeg", width=width if scanned else 0, height=height, progressive=progressive, tags=tags,
        xmp=xmp, spoken=tuple(spoken),
    )  # fmt: skip


def _png(data: bytes) -> Head:
    return _chunked(data, "image/png", first=8, order=">I4s", over=4, name=b"eXIf")


def _webp(data: bytes) -> Head:
    return _chunked(data, "image/webp", first=12, order="<4sI", over=0, name=b"EXIF")


def _chunked(data: bytes, mime: str, *, first: int, order: str, over: int, name: bytes) -> Head:
    """PNG and WebP: chunks of a name, a length, a body and `over` bytes behind it, padded to even in WebP."""
    stored = structure_of(Held(data), mime)
    at, tags, spoken = first, b"", list[tuple[int, int]]()
    while at + 8 <= len(data):
        lead = struct.unpack(order, data[at : at + 8])
        length, called = (lead[0], lead[1]) if over else (lead[1], lead[0])
        end = at + 8 + length + (over or length & 1)
        if called == name and end <= len(data):
            tags = data[at + 8 : at + 8 + length].removeprefix(_EXIF)
            spoken.append((at, end))
        at = end
    return Head(mime=mime, width=stored.width, height=stored.height, tags=tags, spoken=tuple(spoken))


def _gif(data: bytes) -> Head:
    stored = structure_of(Held(data), "image/gif")
    return Head(mime="image/gif", width=stored.width, height=stored.height)


def _tiff(data: bytes) -> Head:
    size = _tags_of(data, 4, _FIRST)
    width, height = size.get(_WIDTH), size.get(_HEIGHT)
    known = isinstance(width, int) and isinstance(height, int)
    return Head(mime="image/tiff", width=width if known else 0, height=height if known else 0, tags=data)  # type: ignore[arg-type]


_READERS: Mapping[str, Callable[[bytes], Head]] = {
    "image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/gif": _gif, "image/tiff": _tiff,
}  # fmt: skip


def _tags_of(block: bytes, where: object, wanted: frozenset[int]) -> dict[int, object]:
    """The tags of one directory of a TIFF block: texts, numbers, or tuples of numbers.

    `where` is the offset of the directory; 4 stands for the place in which that of the first is told.
    """
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or not isinstance(where, int) or len(block) < 8:
        return {}
    at = struct.unpack_from(f"{order}I", block, 4)[0] if where == 4 else where
    found: dict[int, object] = {}
    if at + 2 > len(block):
        return found
    for n in range(struct.unpack_from(f"{order}H", block, at)[0]):
        entry = at + 2 + 12 * n
        if entry + 12 > len(block):
            break
        tag, kind, count = struct.unpack_from(f"{order}HHI", block, entry)
        if tag in wanted and (value := _value(block, order, entry + 8, kind, count)) is not None:
            found[tag] = value
    return found


def _value(block: bytes, order: str, at: int, kind: int, count: int) -> object:
    """The value told at `at`, or where that leads; None for a kind nothing here needs, or one that is cut off."""
    form = _FORMS.get(kind, "s" if kind == _TEXT else "")
    size = struct.calcsize(f"<{form}") * count
    if size > 4:
        at = struct.unpack_from(f"{order}I", block, at)[0]
    if not form or not size or at + size > len(block):
        return None
    if kind == _TEXT:
        return block[at : at + size].decode("latin-1").removesuffix("\0")
    numbers = struct.unpack_from(f"{order}{form * count}", block, at)
    if len(form) == 2:
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        numbers = tuple(above / below if below else float("nan") for above, below in pairs)
    return numbers[0] if len(numbers) == 1 else numbers
