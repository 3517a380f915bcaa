"""What a file is, told by its content; its name only settles what content leaves open.

Pure: decides on the first 64 kB, the size and, where given, the last 64 kB.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import Literal

Family = Literal["photo", "audio", "document"]


@dataclass(frozen=True, kw_only=True)
class Sniffed:
    """A kind of file.

    `extension` is lower-case without a dot, for the vault. `charset` is set for text only: utf-8,
    utf-16, gb18030 or unknown-8bit. Moving pictures count as documents: kept, not played as memos.
    HTML, SVG and XML are text/plain on purpose, so that nothing served from the vault can run.
    """

    mime: str
    extension: str
    family: Family
    charset: str | None = None


def _kind(mime: str, extension: str, family: Family) -> Sniffed:
    return Sniffed(mime=mime, extension=extension, family=family)


JPEG = _kind("image/jpeg", "jpg", "photo")
PNG = _kind("image/png", "png", "photo")
WEBP = _kind("image/webp", "webp", "photo")
GIF = _kind("image/gif", "gif", "photo")
TIFF = _kind("image/tiff", "tif", "photo")
HEIC = _kind("image/heic", "heic", "photo")
AVIF = _kind("image/avif", "avif", "photo")
WAV = _kind("audio/wav", "wav", "audio")
PCM = _kind("audio/L16", "pcm", "audio")
M4A = _kind("audio/mp4", "m4a", "audio")
MP4 = _kind("video/mp4", "mp4", "document")
AAC = _kind("audio/aac", "aac", "audio")
MP3 = _kind("audio/mpeg", "mp3", "audio")
OGG = _kind("audio/ogg", "ogg", "audio")
PDF = _kind("application/pdf", "pdf", "document")
ZIP = _kind("application/zip", "zip", "document")
UNKNOWN = _kind("application/octet-stream", "bin", "document")

_MAGIC: tuple[tuple[bytes, Sniffed], ...] = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"fLaC", _kind("audio/flac", "flac", "audio")),
    (b"ID3", MP3),
    (b"#!AMR", _kind("audio/amr", "amr", "audio")),
    (b"caff\x00\x01", _kind("audio/x-caf", "caf", "audio")),
    (b"{\\rtf", _kind("application/rtf", "rtf", "document")),
    (b"7z\xbc\xaf\x27\x1c", _kind("application/x-7z-compressed", "7z", "document")),
    (b"Rar!\x1a\x07", _kind("application/vnd.rar", "rar", "document")),
    (b"\x1f\x8b\x08", _kind("application/gzip", "gz", "document")),
)
_OFFICE = (
    (b"word/document.xml", "docx", "wordprocessingml.document"),
    (b"xl/workbook.xml", "xlsx", "spreadsheetml.sheet"),
    (b"ppt/presentation.xml", "pptx", "presentationml.presentation"),
)
_RAW = frozenset({"dng", "nef", "cr2", "arw", "orf", "rw2", "pef"})
_OPEN_DOCUMENTS = (
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
    (b"application/epub+zip", "epub"),
)
_OLE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
_TEXT_MIME = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "md": "text/markdown",
    "json": "application/json",
}
_TEXT = frozenset({"txt", "text", "log", "srt", "vtt", "fountain", "fdx", "ics", "yaml", "yml"})
_TEXT |= {"xml", "html", "htm", "svg"}
_ALONE = ("png", "webp", "gif", "pcm", "mp3", "flac", "amr", "caf", "pdf", "rtf", "7z", "rar", "gz")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")

# Names that may stand for one another; a name outside every group claims nothing.
_ALIKE: tuple[frozenset[str], ...] = (
    frozenset({"jpg", "jpeg", "jpe", "jfif", "mpo"}),
    frozenset({"tif", "tiff"}) | _RAW,
    frozenset({"heic", "heif", "hif", "avif"}),
    frozenset({"m4a", "m4b", "m4v", "mp4", "mov", "qt", "3gp", "3g2"}),
    frozenset({"ogg", "oga", "opus", "spx"}),
    frozenset({"webm", "weba", "mkv"}),
    frozenset({"wav", "wave"}),
    frozenset({"aif", "aiff", "aifc"}),
    frozenset({"aac", "adts"}),
    frozenset({"zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "key", "pages", "numbers"}),
    frozenset(_OLE) | {"msg", "ole"},
    _TEXT | frozenset(_TEXT_MIME),
    *(frozenset({one}) for one in _ALONE),
)


def extension_of(name: str) -> str:
    """The lower-case extension of a file name without its dot; a recorder's `.part` is looked through."""
    name = name.lower().removesuffix(".part")
    stem, dot, extension = name.rpartition(".")
    return extension if dot and stem else ""


def agrees(name: str, sniffed: Sniffed) -> bool:
    """Whether a file's name may stand for what the file holds. A name that claims nothing agrees."""
    claimed = extension_of(name)
    groups = [group for group in _ALIKE if claimed in group]
    return not groups or any(sniffed.extension in group for group in groups)


def sniff(head: bytes, size: int, *, tail: bytes = b"", name: str = "") -> Sniffed:
    """The kind of a file of `size` bytes that begins with `head` (64 kB, or all of it) and ends in `tail`.

    `name` decides only between kinds that content cannot tell apart: csv and txt, raw PCM and noise,
    a recording whose header was never written, a still camera's raw format.
    """
    claimed = extension_of(name)
    for magic, sniffed in _MAGIC:
        if head.startswith(magic):
            return sniffed
    found = (
        _picture(head, claimed)
        or _riff_or_form(head)
        or _boxes(head, tail, claimed)
        or _stream(head, size)
        or _container(head, tail, claimed)
    )
    if found:
        return found
    if claimed in ("wav", "wave") and size >= 44 and not any(head[:44]):
        return WAV
    if claimed == "pcm" and _CONTROL.search(head):
        return PCM
    return _text(head, size, claimed) or UNKNOWN


def _picture(head: bytes, claimed: str) -> Sniffed | None:
    if head.startswith(b"\xff\xd8") and head[2:3] in (b"\xff", b""):
        return JPEG
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return _kind(f"image/x-{claimed}", claimed, "photo") if claimed in _RAW else TIFF
    return None


def _riff_or_form(head: bytes) -> Sniffed | None:
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return {b"WAVE": WAV, b"WEBP": WEBP}.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return _kind("audio/aiff", "aiff", "audio")
    return None


def _boxes(head: bytes, tail: bytes, claimed: str) -> Sniffed | None:
    """MP4's family: HEIC, AVIF, and sound with or without a moving picture."""
    if head[4:8] != b"ftyp":
        return None
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(len(head), 64), 4))}
    if brands & {b"avif", b"avis"}:
        return AVIF
    if head[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"):
        return HEIC
    if head[8:12] in (b"M4A ", b"M4B "):
        return M4A
    either_end = head + tail
    if b"vide" not in either_end and (b"soun" in either_end or claimed in ("m4a", "m4b")):
        return M4A
    return _kind("video/quicktime", "mov", "document") if head[8:12] == b"qt  " else MP4


def _stream(head: bytes, size: int) -> Sniffed | None:
    if head.startswith(b"OggS"):
        return _kind("audio/ogg", "opus", "audio") if b"OpusHead" in head[:512] else OGG
    if head.startswith(b"\x1aE\xdf\xa3"):
        moving = any(codec in head for codec in (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG"))
        return _kind("video/webm", "webm", "document") if moving else _kind("audio/webm", "webm", "audio")
    for length, sniffed in ((adts_frame(head), AAC), (mp3_frame(head), MP3)):
        if length and (length >= size or head[length : length + 2] == head[:2]):
            return sniffed
    return None


def adts_frame(head: bytes) -> int:
    """Length of an AAC frame in front, or 0. Its two sync bytes could be sound: look for a second frame."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    return (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5


def mp3_frame(head: bytes) -> int:
    """Length of an MP3 frame in front, or 0."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, bitrate, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or bitrate in (0, 15) or rate == 3:
        return 0
    newest = version == 3
    kbits = ((32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320) if newest
             else (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160))[bitrate - 1]  # fmt: skip
    hertz = (44100, 48000, 32000)[rate] // {3: 1, 2: 2, 0: 4}[version]
    return (144 if newest else 72) * kbits * 1000 // hertz + (head[2] >> 1 & 1)


def _container(head: bytes, tail: bytes, claimed: str) -> Sniffed | None:
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        mime = _OLE.get(claimed, "application/x-ole-storage")
        return _kind(mime, claimed if claimed in _OLE else "ole", "document")
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    for mark, extension in _OPEN_DOCUMENTS:
        if head[30:38] == b"mimetype" and head.startswith(mark, 38):
            return _kind(mark.decode(), extension, "document")
    for member, extension, mime in _OFFICE:
        if member in head or member in tail:
            return _kind(f"application/vnd.openxmlformats-officedocument.{mime}", extension, "document")
    return ZIP


def _text(head: bytes, size: int, claimed: str) -> Sniffed | None:
    charset = charset_of(head, whole=len(head) >= size)
    if charset is None:
        return None
    known = claimed in _TEXT or claimed in _TEXT_MIME
    kind = _kind(_TEXT_MIME.get(claimed, "text/plain"), claimed if known else "txt", "document")
    return replace(kind, charset=charset)


def charset_of(head: bytes, *, whole: bool) -> str | None:
    """The character set of a text's beginning, or None where it is no text.

    A last character cut by the end of `head` is forgiven unless `head` is the `whole` file. GB18030
    takes almost any bytes for Chinese, so most of what it reads must be everyday characters.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if not head or _CONTROL.search(head):
        return None
    for charset in ("utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(charset)().decode(head, final=whole)
        except UnicodeDecodeError:
            continue
        beyond = "".join(one for one in text if one > "\x7f")
        if charset == "utf-8" or len(beyond.encode("gb2312", "ignore")) >= 1.6 * len(beyond):
            return charset
    return "unknown-8bit" if len(head) > sum(byte > 0x7F for byte in head) * 2 else None
