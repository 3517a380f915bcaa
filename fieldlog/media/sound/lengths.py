"""How long compressed sound is, told from its structure alone. Pure; nothing is decoded.

Sources: RFC 3533 and 7845 (Ogg, Opus), RFC 9639 (FLAC), ISO/IEC 13818-7 (ADTS), RFC 4867 (AMR), and ISO/IEC
11172-3 with the header that LAME and Xing put into the first frame (MP3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fieldlog.media.boxes import seconds_of
from fieldlog.media.kinds import adts_frame, mp3_frame
from fieldlog.media.reading import Readable, head_of, tail_of

MOST_COUNTED = 32 << 20
"""Frames that tell no total are counted in files up to so many bytes: hours of speech."""

_ADTS_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_AMR_BYTES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)
_AMR_SECONDS = 0.02
_OPUS_RATE = 48_000


def length_of(readable: Readable, mime: str) -> float | None:
    """Seconds; None where the file does not say, or nothing here reads its kind."""
    reader = _READERS.get(mime)
    return reader(readable) if reader else None


def _ogg(readable: Readable) -> float | None:
    """The last page tells how many samples there were by its end."""
    head, tail = head_of(readable), tail_of(readable)
    opus, vorbis, last = head.find(b"OpusHead"), head.find(b"\x01vorbis"), tail.rfind(b"OggS")
    samples = int.from_bytes(tail[last + 6 : last + 14], "little", signed=True) if last >= 0 else 0
    rate, before = _OPUS_RATE, int.from_bytes(head[opus + 10 : opus + 12], "little")
    if opus < 0:
        rate, before = int.from_bytes(head[vorbis + 12 : vorbis + 16], "little") if vorbis >= 0 else 0, 0
    return (samples - before) / rate if rate and samples > before else None


def _flac(readable: Readable) -> float | None:
    told = int.from_bytes(readable.read(18, 8), "big")
    rate, samples = told >> 44, told & ((1 << 36) - 1)
    return samples / rate if rate and samples else None


def _mp3(readable: Readable) -> float | None:
    """The frames that the first one counts, else the bytes at its pace."""
    lead, size = readable.read(0, 10), readable.size()
    at = 0
    if lead[:3] == b"ID3" and len(lead) == 10:
        at = 10 + sum((byte & 127) << 7 * n for n, byte in enumerate(reversed(lead[6:])))
    frame = readable.read(at, 200)
    length = mp3_frame(frame)
    if not length:
        return None
    newest = frame[1] >> 3 & 3 == 3
    rate = (44100, 48000, 32000)[frame[2] >> 2 & 3] // {3: 1, 2: 2, 0: 4}[frame[1] >> 3 & 3]
    mark = max(frame.find(b"Xing"), frame.find(b"Info"))
    counted = mark > 0 and len(frame) >= mark + 12 and frame[mark + 7] & 1
    frames = int.from_bytes(frame[mark + 8 : mark + 12], "big") if counted else (size - at) // length
    return frames * (1152 if newest else 576) / rate if frames else None


def _adts(readable: Readable) -> float | None:
    data = readable.read(0, MOST_COUNTED) if readable.size() <= MOST_COUNTED else b""
    rate = _ADTS_RATES[data[2] >> 2 & 15] if len(data) > 6 and data[2] >> 2 & 15 < len(_ADTS_RATES) else 0
    at = frames = 0
    while (length := adts_frame(data[at : at + 7])) > 6:
        at, frames = at + length, frames + 1
    return 1024 * frames / rate if rate and frames else None


def _amr(readable: Readable) -> float | None:
    data = readable.read(0, MOST_COUNTED) if readable.size() <= MOST_COUNTED else b""
    at, frames = 6, 0
    while data[:6] == b"#!AMR\n" and at < len(data):
        at, frames = at + _AMR_BYTES[data[at] >> 3 & 15], frames + 1
    return _AMR_SECONDS * frames if frames else None


_READERS: Mapping[str, Callable[[Readable], float | None]] = {
    "audio/ogg": _ogg, "audio/flac": _flac, "audio/mpeg": _mp3, "audio/aac": _adts, "audio/amr": _amr,
    "audio/mp4": seconds_of, "video/mp4": seconds_of, "video/quicktime": seconds_of,
}  # fmt: skip
