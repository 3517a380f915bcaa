"""WAV files: read them as recorders really leave them, repair, join, and cut apart again. Pure.

The length of the file is trusted before any size a header names: a recorder that was killed has
written sound, but no sizes. The original is never altered; a repair is a header and a stretch.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fieldlog.media.reading import Part, Readable
from fieldlog.media.written import When, read_wall
from fieldlog.model.errors import NotUnderstood

UNKNOWN_SIZE = 0xFFFFFFFF
HEADER_BYTES = 44
MOST_CHUNKS = 1 << 14
"""No recorder writes so many; a file of nothing but heads is given up there."""

_PCM_TAGS = (1, 0xFFFE)
_PLAIN_TAGS = (1, 3, 6, 7, 0xFFFE)
"""PCM, floating point, A-law, µ-law: every frame is one sample of each channel."""

_BLOCK_TAGS = (2, 0x11, 0x31)
"""Microsoft's and IMA's ADPCM, GSM 6.10: the format says how many samples a block has."""

_BEXT_DATE = 256 + 32 + 32
"""Where a `bext` chunk tells its date and time (EBU Tech 3285): 10 and 8 characters, behind three names."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a recorder wrote beside a recording before its first sound: `width` is bytes a sample."""

    rate: int
    channels: int
    width: int = 2

    @property
    def fmt(self) -> bytes:
        """The body of a WAV's `fmt ` chunk: 16 bytes, PCM."""
        frame = self.channels * self.width
        return struct.pack("<HHIIHH", 1, self.channels, self.rate, self.rate * frame, frame, self.width * 8)


def told_by(sidecar: Mapping[str, object]) -> Told | None:
    """What a sidecar tells (`rate` or `sample_rate`, `channels`, `sample_width`), None where it doesn't."""
    rate = sidecar.get("rate", sidecar.get("sample_rate"))
    channels, width = sidecar.get("channels", 1), sidecar.get("sample_width", 2)
    if not (isinstance(rate, int) and isinstance(channels, int) and isinstance(width, int)):
        return None
    fits = 1000 <= rate <= 768_000 and 1 <= channels <= 32 and 1 <= width <= 4
    return Told(rate=rate, channels=channels, width=width) if fits else None


@dataclass(frozen=True, kw_only=True)
class WavPlan:
    """Where the sound of a file lies and how it is to be read.

    `data_bytes` is a whole number of frames. `faults` says what a player would stumble over:
    no-header, no-format, sizes-wrong, odd-bytes; empty for a good file. `samples` is how many of each channel
    a `fact` chunk tells, 0 where none does. The frames of compressed sound are its blocks.
    """

    fmt: bytes
    data_at: int
    data_bytes: int
    file_bytes: int
    faults: tuple[str, ...] = ()
    samples: int = 0

    @property
    def tag(self) -> int:
        """1 and 0xFFFE are PCM, 3 is floating point, others compressed."""
        return int.from_bytes(self.fmt[:2], "little")

    @property
    def channels(self) -> int:
        return int.from_bytes(self.fmt[2:4], "little")

    @property
    def rate(self) -> int:
        return int.from_bytes(self.fmt[4:8], "little")

    @property
    def frame_bytes(self) -> int:
        return max(1, int.from_bytes(self.fmt[12:14], "little"))

    @property
    def width(self) -> int:
        """Bytes of one sample."""
        return self.frame_bytes // max(1, self.channels)

    @property
    def is_pcm16(self) -> bool:
        sixteen = self.fmt[14:16] == b"\x10\0" and self.frame_bytes == 2 * self.channels
        return self.tag in _PCM_TAGS and sixteen

    @property
    def frames(self) -> int:
        return self.data_bytes // self.frame_bytes

    @property
    def seconds(self) -> float:
        """Of compressed sound, as its blocks say, or its samples, or its bytes at the pace told for them."""
        if self.tag in _PLAIN_TAGS:
            return self.frames / self.rate
        pace = int.from_bytes(self.fmt[8:12], "little")
        per_block = int.from_bytes(self.fmt[18:20], "little") if self.tag in _BLOCK_TAGS else 0
        most, samples = self.frames * per_block, 0 if self.samples == UNKNOWN_SIZE else self.samples
        if most or samples:
            return min(found for found in (most, samples) if found) / self.rate
        return self.data_bytes / pace if pace else self.frames / self.rate

    @property
    def canonical(self) -> bool:
        """Whether the file is exactly `header(…)` and sound, so that joining it loses nothing."""
        plain = self.data_at == HEADER_BYTES == self.file_bytes - self.data_bytes
        return not self.faults and plain and len(self.fmt) == 16


def header(fmt: bytes, data_bytes: int) -> bytes:
    """The header before `data_bytes` of sound: 44 bytes where `fmt` is plain PCM.

    What 32 bits can't count is left open (0xFFFFFFFF), as streaming recorders do.
    """
    room = 4 + 8 + len(fmt) + 8 + data_bytes + (data_bytes & 1)
    riff, data = (room, data_bytes) if room < UNKNOWN_SIZE else (UNKNOWN_SIZE, UNKNOWN_SIZE)
    named = struct.pack("<4sI4s4sI", b"RIFF", riff, b"WAVE", b"fmt ", len(fmt))
    return named + fmt + struct.pack("<4sI", b"data", data)


def read_plan(readable: Readable, *, told: Told | None = None, raw: bool = False) -> WavPlan:
    """Find the sound in a file, `raw` meaning that it is nothing but PCM.

    `told` fills in what the file doesn't say. Raises `NotUnderstood` where there is no way to
    know the rate, or no sound is in it.
    """
    size = readable.size()
    lead = readable.read(0, HEADER_BYTES)
    if raw or not any(lead):
        if told is None:
            raise NotUnderstood("This recording does not say its rate, and nothing beside it does.")
        return _planned(told.fmt, 0 if raw else HEADER_BYTES, None, size, ["no-header"])
    if lead[:4] not in (b"RIFF", b"RF64", b"BW64") or lead[8:12] != b"WAVE":
        raise NotUnderstood("This is not a WAV recording.")
    fmt, data_at, claimed, samples = _walk(readable, size)
    faults: list[str] = []
    if len(fmt) < 16 or not (any(fmt[2:4]) and any(fmt[4:8]) and any(fmt[12:14])):
        if told is None or not data_at:
            raise NotUnderstood("This recording does not say its rate, and nothing beside it does.")
        fmt, faults = told.fmt, ["no-format"]
    if not data_at:
        raise NotUnderstood("This recording holds no sound.")
    return replace(_planned(fmt, data_at, claimed, size, faults), samples=samples)


def _planned(fmt: bytes, data_at: int, claimed: int | None, size: int, faults: list[str]) -> WavPlan:
    """A plan over `claimed` bytes, or over all there are where the claim is None."""
    there = max(0, size - data_at) if claimed is None else claimed
    plan = WavPlan(fmt=fmt, data_at=data_at, data_bytes=there, file_bytes=size)
    if claimed is None and not faults:
        faults = ["sizes-wrong"]
    over = there % plan.frame_bytes
    if over:
        faults = [*faults, "odd-bytes"]
    return WavPlan(fmt=fmt, data_at=data_at, data_bytes=there - over, file_bytes=size, faults=tuple(faults))


def _chunks(readable: Readable) -> Iterator[tuple[bytes, int, int]]:
    """Name, first byte and told length of each chunk, which may reach beyond the file."""
    at = 12
    for _ in range(MOST_CHUNKS):
        lead = readable.read(at, 8)
        if len(lead) < 8:
            return
        length = int.from_bytes(lead[4:], "little")
        yield lead[:4], at + 8, length
        at += 8 + length + (length & 1)


def _walk(readable: Readable, size: int) -> tuple[bytes, int, int | None, int]:
    """The fmt body, where the data begins (0: nowhere), its size if that can be believed, and the samples told by
    `fact` (0: none)."""
    fmt, long_size, samples = b"", None, 0
    for name, body, length in _chunks(readable):
        if name == b"ds64":
            long_size = int.from_bytes(readable.read(body + 8, 8), "little")
        if name == b"fmt ":
            fmt = readable.read(body, min(length, 64))
        if name == b"fact":
            samples = int.from_bytes(readable.read(body, 4), "little")
        if name == b"data":
            if length == UNKNOWN_SIZE and long_size is not None:
                length = long_size
            return fmt, body, length if _ends_well(readable, body + length, size) else None, samples
    return fmt, 0, None, samples


def _ends_well(readable: Readable, at: int, size: int) -> bool:
    """Whether what follows the sound is nothing, or chunks that fill the file exactly."""
    for _ in range(MOST_CHUNKS):
        if at >= size:
            return at == size
        at += at & 1
        lead = readable.read(at, 8)
        if len(lead) < 8:
            return at >= size
        if not lead[:4].isascii() or not lead[:4].decode("ascii").isprintable():
            return False
        at += 8 + int.from_bytes(lead[4:], "little")
    return False


def broadcast_time(readable: Readable) -> When | None:
    """When the recorder says that it began: a broadcast WAV's own date and time, on its wall; None without any."""
    for name, body, length in _chunks(readable):
        if name == b"bext":
            told = readable.read(body + _BEXT_DATE, min(18, max(0, length - _BEXT_DATE))).decode("latin-1")
            when = read_wall(f"{told[:10]} {told[10:]}", "sound")
            return replace(when, offset=None) if when else None
    return None


def repaired(readable: Readable, plan: WavPlan, name: str = "repaired.wav") -> Part:
    """The playable WAV of a plan, read from the original while it is open."""
    pad = b"\0" if plan.data_bytes & 1 else b""
    return Part(
        name=name,
        readable=readable,
        before=header(plan.fmt, plan.data_bytes),
        at=plan.data_at,
        count=plan.data_bytes,
        after=pad,
    )


def joined_header(plans: Sequence[WavPlan]) -> bytes:
    """The header of one WAV made of several segments in order; their data follows unchanged.

    Raises `NotUnderstood` where the segments differ in rate, channels or width.
    """
    if not plans or any(plan.fmt != plans[0].fmt for plan in plans):
        raise NotUnderstood("The parts of this recording differ in rate or channels and can't be joined.")
    return header(plans[0].fmt, sum(plan.data_bytes for plan in plans))


@dataclass(frozen=True, kw_only=True)
class Cut:
    """One segment to be cut from a joined WAV: its own header, then `count` bytes from `at`."""

    header: bytes
    at: int
    count: int

    def of(self, readable: Readable, name: str) -> Part:
        """The segment's bytes, as they were before joining."""
        return Part(name=name, readable=readable, before=self.header, at=self.at, count=self.count)


def cuts(joined: WavPlan, frames: Sequence[int]) -> tuple[Cut, ...]:
    """Cut a joined WAV back into the segments it was made of, given the frames of each, in order.

    For canonical segments the pieces are the very bytes that were joined. Raises `NotUnderstood`
    where the frames don't add up to the joined sound.
    """
    if sum(frames) != joined.frames:
        raise NotUnderstood("This recording does not have the length its parts had together.")
    made, at = [], joined.data_at
    for count in frames:
        length = count * joined.frame_bytes
        made.append(Cut(header=header(joined.fmt, length), at=at, count=length))
        at += length
    return tuple(made)
