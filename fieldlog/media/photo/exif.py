"""What the head of a picture says: its size, how it was held, when and where. Pure Python; nothing is decoded.

Reads JPEG, PNG, WebP, GIF, TIFF and its raw kin, and of HEIC and AVIF what they carry of EXIF and XMP. Only the
few tags that are asked for are read, none that tells the camera. Damaged tags are as good as none.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fieldlog.media.boxes import still_tags
from fieldlog.media.kinds import sniff
from fieldlog.media.photo import exif_time
from fieldlog.media.photo.eye import PictureFacts
from fieldlog.media.photo.tags import tags_of
from fieldlog.media.reading import Held, Readable
from fieldlog.media.structure import structure_of
from fieldlog.media.written import When
from fieldlog.model.errors import NotUnderstood

_WIDTH, _HEIGHT, _ORIENTATION, _XMP_TAG, _EXIF_IFD, _GPS_IFD = 0x0100, 0x0101, 0x0112, 0x02BC, 0x8769, 0x8825
_FIRST = frozenset({_WIDTH, _HEIGHT, _ORIENTATION, _XMP_TAG, _EXIF_IFD, _GPS_IFD, exif_time.CHANGED})
_TIMES = frozenset(
    {exif_time.TAKEN, exif_time.OFFSET_TAKEN, exif_time.SUBSEC_TAKEN}
    | {exif_time.DIGITIZED, exif_time.OFFSET_DIGITIZED, exif_time.SUBSEC_DIGITIZED}
    | {exif_time.OFFSET_CHANGED, exif_time.SUBSEC_CHANGED}
)
_FIX = frozenset(
    {exif_time.GPS_LAT_REF, exif_time.GPS_LAT, exif_time.GPS_LON_REF, exif_time.GPS_LON}
    | {exif_time.GPS_TIME, exif_time.GPS_DATE}
)
_EXIF, _XMP, _XMP_IN_PNG = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"XML:com.adobe.xmp\0"
_HELD = re.compile(rb"tiff:Orientation(?:=\"|>)([1-8])")
_SIZED = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})
_SCAN = 0xDA
MOST_PIECES, MOST_BYTES = 1 << 16, 1 << 20
"""So many segments or chunks are looked at, and one that tells a time is at most so large."""

NOTHING = Held(b"")


@dataclass(frozen=True, kw_only=True)
class Head:
    """`width` and `height` are in pixels as stored, 0 where they aren't told here. `tags` is a TIFF block, `xmp`
    an XML text, empty if there is none. `spoken` are the (first, end) bytes in which a picture says how it was
    held; without them it is shown as it is stored, whoever shows it.
    """

    mime: str
    width: int
    height: int
    progressive: bool = False
    tags: Readable = NOTHING
    xmp: bytes = b""
    spoken: tuple[tuple[int, int], ...] = ()

    @property
    def orientation(self) -> int:
        """1..8, as EXIF counts; 1 where nothing is said."""
        told = tags_of(self.tags, 4, _FIRST).get(_ORIENTATION)
        if told is None and (found := _HELD.search(self.xmp)):
            return int(found[1])
        return told if isinstance(told, int) and 1 <= told <= 8 else 1


def read_head(data: bytes) -> Head:
    """Raises `NotUnderstood` where this is no picture of a kind an eye opens, or ends before its first pixel is
    told."""
    head = _head_of(Held(data), sniff(data[:64], len(data)).mime)
    if head is None or not (head.width and head.height):
        raise NotUnderstood("This picture can't be read.")
    return head


def read_facts(data: bytes) -> PictureFacts:
    """See `Eye.read_facts`."""
    head = read_head(data)
    orientation = head.orientation
    width, height = (head.width, head.height) if orientation < 5 else (head.height, head.width)
    return PictureFacts(width=width, height=height, orientation=orientation)


def read_told(readable: Readable, mime: str) -> tuple[list[When], tuple[float, float] | None]:
    """Every moment that a picture tells, the most credible first, and (latitude, longitude) in degrees."""
    head = _head_of(readable, mime)
    if head is None:
        return [], None
    first = tags_of(head.tags, 4, _FIRST)
    gps = tags_of(head.tags, first.get(_GPS_IFD), _FIX)
    in_tags = first.get(_XMP_TAG)
    xmp = head.xmp or (in_tags if isinstance(in_tags, bytes) else b"")
    times = exif_time.taken_by(first, tags_of(head.tags, first.get(_EXIF_IFD), _TIMES), gps, xmp)
    return list(times), exif_time.gps_place(gps)


def _head_of(readable: Readable, mime: str) -> Head | None:
    reader = _READERS.get(mime, _tiff if mime.startswith("image/x-") else None)
    return reader(readable) if reader else None


def _jpeg(readable: Readable) -> Head:
    at, width, height, scanned, progressive, tags, xmp = 2, 0, 0, False, False, NOTHING, b""
    spoken = list[tuple[int, int]]()
    for _ in range(MOST_PIECES):
        lead = readable.read(at, 4)
        if len(lead) < 4:
            break
        code = lead[1]
        if lead[0] != 0xFF or code == 0xFF:
            at += 1
            continue
        if code == _SCAN:
            scanned = True
            break
        if code in _NO_LENGTH:
            at += 2
            continue
        end = at + 2 + int.from_bytes(lead[2:], "big")
        body = readable.read(at + 4, max(0, end - at - 4)) if code in _SIZED or code == 0xE1 else b""
        if code in _SIZED and len(body) >= 5:
            height, width = struct.unpack(">HH", body[1:5])
            progressive = code in _PROGRESSIVE
        elif code == 0xE1 and body.startswith((_EXIF, _XMP)):
            spoken.append((at, end))
            if body.startswith(_XMP):
                xmp = xmp or body
            elif not tags.size():
                tags = Held(body[len(_EXIF) :])
        at = end
    return Head(
        mime="image/jpeg", width=width if scanned else 0, height=height, progressive=progressive, tags=tags,
        xmp=xmp, spoken=tuple(spoken),
    )  # fmt: skip


def _png(readable: Readable) -> Head:
    return _chunked(readable, "image/png", first=8, order=">I4s", over=4, names=(b"eXIf", b"iTXt"))


def _webp(readable: Readable) -> Head:
    return _chunked(readable, "image/webp", first=12, order="<4sI", over=0, names=(b"EXIF", b"XMP "))


def _chunked(
    readable: Readable, mime: str, *, first: int, order: str, over: int, names: tuple[bytes, bytes]
) -> Head:
    """PNG and WebP: chunks of a name, a length, a body and `over` bytes behind it, padded to even in WebP.

    `names` are those of the chunks with EXIF and with XMP.
    """
    stored = structure_of(readable, mime)
    at, tags, xmp, spoken = first, NOTHING, b"", list[tuple[int, int]]()
    for _ in range(MOST_PIECES):
        lead = readable.read(at, 8)
        if len(lead) < 8:
            break
        length, called = struct.unpack(order, lead) if over else struct.unpack(order, lead)[::-1]
        end = at + 8 + length + (over or length & 1)
        if called in names and end <= readable.size() and length <= MOST_BYTES:
            body = readable.read(at + 8, length)
            if called == names[0]:
                tags = Held(body.removeprefix(_EXIF))
                spoken.append((at, end))
            elif called == b"XMP " or body.startswith(_XMP_IN_PNG):
                xmp = body
        at = end
    return Head(mime=mime, width=stored.width, height=stored.height, tags=tags, xmp=xmp, spoken=tuple(spoken))


def _gif(readable: Readable) -> Head:
    stored = structure_of(readable, "image/gif")
    return Head(mime="image/gif", width=stored.width, height=stored.height)


def _tiff(readable: Readable) -> Head:
    size = tags_of(readable, 4, _FIRST)
    width, height = size.get(_WIDTH), size.get(_HEIGHT)
    if not (isinstance(width, int) and isinstance(height, int)):
        width = height = 0
    return Head(mime="image/tiff", width=width, height=height, tags=readable)


def _still(readable: Readable) -> Head:
    tags, xmp = still_tags(readable)
    return Head(mime="image/heic", width=0, height=0, tags=Held(tags), xmp=xmp)


_READERS: Mapping[str, Callable[[Readable], Head]] = {
    "image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/gif": _gif, "image/tiff": _tiff,
    "image/heic": _still, "image/avif": _still,
}  # fmt: skip
