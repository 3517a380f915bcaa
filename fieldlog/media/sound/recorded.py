"""What a recording is made of, and the sidecar that is written before its first sound.

recording/<id>.json                 the sidecar; it goes last, when the vault has every segment
recording/<id>.0001.wav             a finished segment
recording/<id>.0002.wav.part        the one being written
recording/<id>.0003.wav.part        the one after it, opened ahead
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from fieldlog.media.sound.wav import HEADER_BYTES, Told
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import Sentence

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SEGMENT_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A finished part of a recording, a WAV of its own. `number` counts from 1.

    `peaks` holds one byte for every 100 ms (see `peaks.py`). Once the vault has adopted the file,
    `path` no longer leads to it; the hash does.
    """

    number: int
    path: str
    sha256: str
    frames: int
    rate: int
    channels: int
    peaks: bytes = field(repr=False)

    @property
    def bytes(self) -> int:
        return HEADER_BYTES + self.frames * self.channels * 2

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


GapKind = Literal["chunks", "seconds", "refused", "paused", "paused-by-system", "no-sound", "silence", "full"]
OF_SOUND = ("refused", "silence")
"""Gaps counted in seconds of sound."""

ONE_PLACE_SECONDS = 0.002


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A place at `at_seconds` of what was recorded where something is not as it was.

    `missing` counts chunks that never came by their sequence (`chunks`); seconds that passed unrecorded by the
    clock (`seconds`, `no-sound`), by a pause of the person's or the system's, or because the disk refused
    them (`refused`); of `silence` the seconds of sound in which every sample is zero. At `full` the
    recording ended because the disk was filling up.
    """

    at_seconds: float
    kind: GapKind
    missing: float

    def is_at(self, other: Gap) -> bool:
        """Whether both are of one kind and in one place, which is rounded and may have been stretched."""
        return self.kind == other.kind and abs(self.at_seconds - other.at_seconds) < ONE_PLACE_SECONDS

    def stretched(self, factor: float) -> Gap:
        """The same where a second of sound turns out to be so many; seconds of the clock stay as they are."""
        missing = round(self.missing * factor, 3) if self.kind in OF_SOUND else self.missing
        return Gap(at_seconds=round(self.at_seconds * factor, 3), kind=self.kind, missing=missing)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A recording that has ended. `clean` is False where it was put together after the app was killed.

    `about` is what was given at its beginning. `unreadable` names files that were left as they are
    because no sound could be found in them.
    """

    id: str
    about: Mapping[str, object]
    rate: int
    channels: int
    segments: tuple[Segment, ...]
    gaps: tuple[Gap, ...] = ()
    clean: bool = True
    unreadable: tuple[str, ...] = ()

    @property
    def frames(self) -> int:
        return sum(segment.frames for segment in self.segments)

    @property
    def seconds(self) -> float:
        return self.frames / self.rate

    @property
    def peaks(self) -> bytes:
        """Of the whole recording. Exact in time as long as segments are whole tenths of a second."""
        return b"".join(segment.peaks for segment in self.segments)


@dataclass(frozen=True, kw_only=True)
class Sidecar:
    """What is known of a recording whatever happens to the app."""

    id: str
    rate: int
    channels: int
    segment_frames: int
    about: Mapping[str, object]
    segments: tuple[Segment, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def told(self) -> Told:
        return Told(rate=self.rate, channels=self.channels)

    def to_bytes(self) -> bytes:
        segments = [asdict(segment) | {"peaks": segment.peaks.hex()} for segment in self.segments]
        stored = {
            "id": self.id,
            "rate": self.rate,
            "channels": self.channels,
            "sample_width": 2,
            "segment_frames": self.segment_frames,
            "about": dict(self.about),
            "segments": segments,
            "gaps": [asdict(gap) for gap in self.gaps],
        }
        return json.dumps(stored, ensure_ascii=False).encode()


def read_sidecar(data: bytes) -> Sidecar:
    """Raises `NotUnderstood` for what no recorder of ours wrote."""
    try:
        stored = json.loads(data)
        return Sidecar(
            id=checked_id(stored["id"]),
            rate=int(stored["rate"]),
            channels=int(stored["channels"]),
            segment_frames=int(stored.get("segment_frames", 0)),
            about=dict(stored.get("about", {})),
            segments=tuple(_segment(one) for one in stored.get("segments", ())),
            gaps=tuple(Gap(**one) for one in stored.get("gaps", ())),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotUnderstood("This file does not describe a recording.") from error


def _segment(stored: dict[str, Any]) -> Segment:
    return Segment(**(stored | {"peaks": bytes.fromhex(stored["peaks"])}))


def sidecar_path(folder: str, recording: str) -> str:
    return f"{folder}/{checked_id(recording)}.json"


def segment_path(folder: str, recording: str, number: int) -> str:
    """Of a finished segment; the one being written has `.part` behind it."""
    return f"{folder}/{recording}.{number:04d}.wav"


def checked_id(recording: object) -> str:
    """The id, which becomes part of file names. Raises `NotUnderstood` for one that can't."""
    if not (isinstance(recording, str) and _ID.fullmatch(recording)):
        raise NotUnderstood(Sentence("“{recording}” can't be the id of a recording.", recording=recording))
    return recording
