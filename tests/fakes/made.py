"""Small real things for the tests of the media room: sound, pictures, sources, and the bad files."""

from __future__ import annotations

import io
import math
import struct
from array import array
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from fieldlog.media.reading import Held, Part, pieces
from fieldlog.model.ports import Disk

RATE = 16_000


class Bytes:
    """A source that hands its bytes over in small pieces."""

    def __init__(self, name: str, data: bytes, piece: int = 1000) -> None:
        self.name = name
        self._data, self._piece = data, piece

    async def chunks(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self._data), self._piece):
            yield self._data[at : at + self._piece]


class BreaksOff(Bytes):
    """A source whose cable is pulled after its first piece."""

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self._data[: self._piece]
        raise OSError("the card was pulled out")


def all_of(part: Part) -> bytes:
    return b"".join(part.now())


async def read(disk: Disk, path: str) -> bytes:
    handle = await disk.open_read(path)
    try:
        return b"".join(pieces(handle))
    finally:
        handle.close()


def tone(frames: int, seed: int = 1) -> bytes:
    """PCM16 mono that is nowhere the same twice, so that any loss or doubling shows."""
    return Random(seed).randbytes(2 * frames)


def sine(frames: int) -> bytes:
    return array("h", (int(8000 * math.sin(n / 9)) for n in range(frames))).tobytes()


def chunked(pcm: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(pcm), size):
        yield pcm[at : at + size]


def riff(pcm: bytes, *, rate: int = RATE, channels: int = 1, sizes: tuple[int, int] | None = None) -> bytes:
    """A plain WAV, written here by hand so that the code under test is not its own judge."""
    whole, data = sizes if sizes else (36 + len(pcm), len(pcm))
    fmt = struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * 2 * channels, 2 * channels, 16)
    return struct.pack("<4sI", b"RIFF", whole) + b"WAVEfmt " + fmt + struct.pack("<4sI", b"data", data) + pcm


def unfinished_by_iphone(pcm: bytes) -> bytes:
    """What an iPhone leaves when it is killed: a filler chunk of 4 kB, and no sizes yet."""
    fmt = struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    filler = struct.pack("<4sI", b"FLLR", 4044) + bytes(4044)
    return b"RIFF\0\0\0\0WAVEfmt " + fmt + filler + b"data\0\0\0\0" + pcm


UPSET = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera held so stores a picture."""


def photo(
    *,
    size: tuple[int, int] = (400, 300),
    orientation: int = 1,
    first: dict[int, object] | None = None,
    exif: dict[int, object] | None = None,
    gps: dict[int, object] | None = None,
    comment: bytes = b"",
    progressive: bool = False,
) -> bytes:
    """A JPEG that is grey but for a red corner, top left when upright; `size` is upright too."""
    upright = Image.new("RGB", size, (90, 90, 90))
    upright.paste((220, 20, 20), (0, 0, size[0] // 4, size[1] // 4))
    upright.paste(Image.effect_noise((size[0] // 2, size[1] // 2), 40), (size[0] // 2, size[1] // 2))
    stored = upright.transpose(UPSET[orientation]) if orientation in UPSET else upright
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "Fictional"
    for tag, value in (first or {}).items():
        tags[tag] = value
    tags.get_ifd(0x8769).update({0xA431: "SERIAL-0001"} | (exif or {}))
    tags.get_ifd(0x8825).update(gps or {})
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=88, exif=tags, comment=comment, progressive=progressive)
    return out.getvalue()


def saved(
    image: Image.Image, kind: str, *, exif: dict[int, object] | None = None, xmp: bytes | None = None
) -> bytes:
    """`exif` holds tags of the first directory, `xmp` an XMP text."""
    out, more, tags = io.BytesIO(), dict[str, Any](), Image.Exif()
    for tag, value in (exif or {}).items():
        tags[tag] = value
    if exif:
        more["exif"] = tags
    if xmp and kind == "PNG":
        more["pnginfo"] = PngInfo()
        more["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    elif xmp and kind == "TIFF":
        more["tiffinfo"] = {700: xmp}
    elif xmp:
        more["xmp"] = xmp
    image.save(out, kind, **more)
    return out.getvalue()


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def heic(
    tags: bytes, xmp: bytes, *, version: int = 0, within: bool = False, brand: bytes = b"heic", length: bytes = b""
) -> bytes:
    """A still picture of nothing but boxes, with EXIF and XMP in the file or, `within`, in its box `idat`.

    `length` is what the table says of the EXIF's, where that is to be wrong.
    """
    items = [(b"Exif", b"", b"\0\0\0\6Exif\0\0" + tags), (b"mime", b"\0application/rdf+xml\0", xmp)]
    wide = 4 if version == 2 else 2
    infos = b"".join(
        box(b"infe", (b"\3" if wide == 4 else b"\2") + bytes(3) + n.to_bytes(wide, "big") + bytes(2) + kind + more)
        for n, (kind, more, _) in enumerate(items, start=1)
    )
    counted = b"\0" * 4 + b"\0\2" if version == 0 else b"\1\0\0\0" + b"\0\0\0\2"
    bodies = b"".join(body for _, _, body in items)
    head = box(b"ftyp", brand + bytes(4) + b"mif1" + brand)

    def meta(base: int) -> bytes:
        places, at = b"", base
        for n, (_, _, body) in enumerate(items, start=1):
            places += n.to_bytes(wide, "big") + (b"" if version == 0 else bytes([0, within])) + bytes(2) + b"\0\1"
            places += struct.pack(">I", at) + (length if length and n == 1 else struct.pack(">I", len(body)))
            at += len(body)
        table = bytes([version, 0, 0, 0, 0x44, 0]) + len(items).to_bytes(wide, "big") + places
        idat = box(b"idat", bodies) if within else b""
        return box(b"meta", bytes(4) + box(b"iinf", counted + infos) + box(b"iloc", table) + idat)

    if within:
        return head + meta(0)
    return head + meta(len(head) + len(meta(0)) + 8) + box(b"mdat", bodies)


def m4a(
    *, made: str | None = "2025-03-16", seconds: float | None = 2.0, wide: bool = False,
    track: tuple[str, float] | None = None,
) -> bytes:  # fmt: skip
    """A recording of nothing but heads. `made` is a day, at midnight in UTC; no `seconds`: they are unknown."""

    def clock(day: str | None, length: float | None) -> bytes:
        since = datetime.fromisoformat(f"{day or '1904-01-01'}T00:00:00+00:00") - datetime(1904, 1, 1, tzinfo=UTC)
        size, unknown = ("Q", (1 << 64) - 1) if wide else ("I", (1 << 32) - 1)
        count = unknown if length is None else int(1000 * length)
        form = f">4s{size}{size}I{size}"
        return struct.pack(form, bytes([wide, 0, 0, 0]), int(since.total_seconds()), 0, 1000, count) + bytes(80)

    tracks = box(b"trak", box(b"mdia", box(b"mdhd", clock(*track)))) if track else b""
    moov = box(b"moov", box(b"mvhd", clock(made, seconds)) + tracks)
    return box(b"ftyp", b"M4A \0\0\0\0") + moov + box(b"mdat", bytes(8))


def with_bext(pcm: bytes, day: str, clock: str, *, behind: bool = False) -> bytes:
    """A broadcast WAV: ten characters of a day, eight of a time."""
    body = bytes(320) + day.encode() + clock.encode() + bytes(264)
    bext, plain = struct.pack("<4sI", b"bext", len(body)) + body, riff(pcm)
    joined = plain[12:] + bext if behind else bext + plain[12:]
    return struct.pack("<4sI4s", b"RIFF", 4 + len(joined), b"WAVE") + joined


class Counted(Held):
    """Bytes that count how often and how much is read of them, and let nobody read before their beginning."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.__dict__.update(reads=0, taken=0)

    reads: int
    taken: int

    def read(self, at: int, count: int) -> bytes:
        assert 0 <= at < 1 << 63
        assert count >= 0
        found = super().read(at, count)
        self.__dict__.update(reads=self.reads + 1, taken=self.taken + len(found))
        return found


LONG_NAME = "名字很长" + "长" * 60 + "🎬.txt"
SIDECAR: dict[str, object] = {"sample_rate": 16000, "channels": 1, "sample_width": 2}


def bad_files() -> dict[str, bytes]:
    """The damaged and misnamed files of the scaled sample month, smaller."""
    pcm, picture = sine(32_000), photo(size=(640, 480))
    unfinished = struct.pack(">I", 8 + len(pcm)) + b"mdat" + pcm
    return {
        "zero.jpg": b"",
        "half.jpg": picture[: len(picture) // 2],
        "text.jpg": b"not a picture",
        "noheader.wav": bytes(44) + pcm,
        "streamed.wav": riff(pcm, sizes=(0xFFFFFFFF, 0xFFFFFFFF)),
        "nomoov.m4a": b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + unfinished,
        "part.pcm": pcm[:31_999],
        "dup_a.csv": b"same\n",
        "dup_b.csv": b"same\n",
        "CON.txt": b"x",
        LONG_NAME: b"x",
        "not-utf8.txt": "第".encode("gb18030") * 40,
        "huge.png": saved(Image.new("1", (16_000, 16_000)), "PNG"),
        "really_png.jpg": saved(Image.new("RGB", (640, 480), "navy"), "PNG"),
    }


EXPECTED = {
    "zero.jpg": "empty",
    "half.jpg": "truncated",
    "text.jpg": "not-what-it-says",
    "noheader.wav": "repaired",
    "streamed.wav": "repaired",
    "nomoov.m4a": "unplayable",
    "part.pcm": "repaired",
    "dup_a.csv": "ok",
    "dup_b.csv": "duplicate",
    "CON.txt": "renamed",
    LONG_NAME: "renamed",
    "not-utf8.txt": "ok",
    "huge.png": "too-large",
    "really_png.jpg": "not-what-it-says",
}
