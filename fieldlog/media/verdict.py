"""Examining a file that came in: what it is, what is wrong with it, in a word and a sentence.

Pure but for reading. A verdict never decides whether bytes are kept: every file that has any is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from fieldlog.media.kinds import PCM, WAV, Family, Sniffed, agrees, sniff
from fieldlog.media.photo.eye import (
    DECODED,
    MOST_JPEG_PIXELS,
    MOST_PHOTO_BYTES,
    MOST_PIXELS,
    Eye,
    PictureFacts,
    PictureFault,
)
from fieldlog.media.reading import Readable, head_of, tail_of
from fieldlog.media.safe_names import name_fault
from fieldlog.media.sound.lengths import length_of
from fieldlog.media.sound.wav import WavPlan, read_plan, told_by
from fieldlog.media.structure import Structure, structure_of
from fieldlog.media.times import MOVING, NOTHING_TOLD, Told, read_times
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import sentence

Verdict = Literal[
    "empty",
    "truncated",
    "undecodable",
    "unplayable",
    "too-large",
    "not-what-it-says",
    "repaired",
    "renamed",
    "duplicate",
    "ok",
]
PRECEDENCE: tuple[Verdict, ...] = (
    "empty",
    "truncated",
    "undecodable",
    "unplayable",
    "too-large",
    "not-what-it-says",
    "repaired",
    "renamed",
    "duplicate",
    "ok",
)
"""Which verdict is told first when several apply: what is lost, what can't be shown, what was put
right, what is wrong with the name only, that it was here before. The others stand in `also`."""

SENTENCES: Mapping[Verdict, str] = {
    "empty": sentence(
        "This file holds nothing, so there is nothing to keep. Look for the original on the device it came from."
    ),
    "truncated": sentence(
        "The end of this file is missing. What there is has been kept, and is shown as far as it goes."
    ),
    "undecodable": sentence("This picture is damaged and can't be shown. Its bytes have been kept as they are."),
    "unplayable": sentence(
        "This recording can't be played: what a player needs to begin was never written. "
        "Its bytes have been kept as they are."
    ),
    "too-large": sentence(
        "This picture is too large to be opened here. It has been kept as it is, without a preview."
    ),
    "not-what-it-says": sentence(
        "The name of this file says one thing and its content another. "
        "It has been kept, and is treated as what it holds."
    ),
    "repaired": sentence(
        "This recording was cut off before its header was finished. The original has been kept as it "
        "is, and a playable copy made beside it."
    ),
    "renamed": sentence(
        "Not every computer can hold a file of this name. It has been kept; exports "
        "give it a shorter or safer one."
    ),
    "duplicate": sentence("This very file is already here, so it has been stored once."),
    "ok": "",
}


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What examining a file found.

    `mime`, `extension` and `family` tell the content, whatever the name says; `charset` is set for
    text. `width` and `height` are pixels, upright where an eye looked, as stored otherwise, 0 if
    unknown. `seconds` is set for sound and films that tell it, `rate`, `channels` for WAV and PCM. `plan`
    tells where the sound of a WAV lies. `picture` is set where an eye looked. `told` is when and where
    the file says that it was made. `also` holds further verdicts in order of precedence. `problem` is a
    sentence for the screen, "" when all is well.
    """

    name: str
    verdict: Verdict
    also: tuple[Verdict, ...] = ()
    mime: str
    extension: str
    family: Family
    bytes: int
    charset: str | None = None
    width: int = 0
    height: int = 0
    seconds: float | None = None
    rate: int | None = None
    channels: int | None = None
    plan: WavPlan | None = None
    picture: PictureFacts | None = None
    told: Told = NOTHING_TOLD

    @property
    def problem(self) -> str:
        return SENTENCES[self.verdict]

    @property
    def kept(self) -> bool:
        """Whether there are bytes to keep."""
        return self.verdict != "empty"

    @property
    def showable(self) -> bool:
        """Whether a preview can be tried."""
        blocked = {"undecodable", "too-large"} & {self.verdict, *self.also}
        return self.mime in DECODED and not blocked

    def as_duplicate(self) -> Examined:
        """The same file, found to be in the vault already."""
        return self._with("duplicate")

    def decoded(self, fault: PictureFault | None) -> Examined:
        """The same picture, after an eye has decoded it. A missing end is one fault, however it is worded."""
        if fault is None or "truncated" in (self.verdict, *self.also):
            return self
        return self._with(fault)

    def _with(self, found: Verdict) -> Examined:
        first, *others = ranked({found, self.verdict, *self.also})
        return replace(self, verdict=first, also=tuple(others))


def examine(
    name: str,
    readable: Readable,
    *,
    sidecar: Mapping[str, object] | None = None,
    eye: Eye | None = None,
    now: datetime | None = None,
) -> Examined:
    """Examine an open file that came in as `name`.

    `sidecar` is what a recorder wrote beside it, `eye` looks at pictures where there is one, `now` is
    an aware moment no file can be later than. Reads a picture of at most 64 MB whole when there is
    an eye, but leaves it to `intake.look` to have it decoded; of everything else only pieces.
    """
    size = readable.size()
    sniffed = sniff(head_of(readable), size, tail=tail_of(readable), name=name)
    found: set[Verdict] = set()
    if name_fault(name):
        found.add("renamed")
    if size == 0:
        return _examined(name, sniffed, size, found | {"empty"})
    if not agrees(name, sniffed):
        found.add("not-what-it-says")
    examined = _examine_kind(name, readable, sniffed, sidecar, eye, found)
    return replace(examined, told=read_times(name, readable, sniffed, now))


def _examine_kind(
    name: str,
    readable: Readable,
    sniffed: Sniffed,
    sidecar: Mapping[str, object] | None,
    eye: Eye | None,
    found: set[Verdict],
) -> Examined:
    if sniffed in (WAV, PCM):
        return _examine_sound(name, readable, sniffed, sidecar, found)
    structure = structure_of(readable, sniffed.mime)
    if not structure.playable:
        found.add("unplayable" if sniffed.mime in MOVING else "undecodable")
    elif not structure.whole:
        found.add("truncated")
    if sniffed.family == "photo":
        return _examine_picture(name, readable, sniffed, structure, eye, found)
    examined = _examined(name, sniffed, readable.size(), found)
    return replace(examined, seconds=length_of(readable, sniffed.mime))


def _examine_sound(
    name: str,
    readable: Readable,
    sniffed: Sniffed,
    sidecar: Mapping[str, object] | None,
    found: set[Verdict],
) -> Examined:
    told = told_by(sidecar) if sidecar is not None else None
    try:
        plan = read_plan(readable, told=told, raw=sniffed == PCM)
    except NotUnderstood:
        return _examined(name, sniffed, readable.size(), found | {"unplayable"})
    if plan.frames == 0:
        found = found | {"unplayable"}
    elif plan.faults:
        found = found | {"repaired"}
    examined = _examined(name, sniffed, readable.size(), found)
    return replace(examined, seconds=plan.seconds, rate=plan.rate, channels=plan.channels, plan=plan)


def _examine_picture(
    name: str,
    readable: Readable,
    sniffed: Sniffed,
    structure: Structure,
    eye: Eye | None,
    found: set[Verdict],
) -> Examined:
    size = readable.size()
    most = MOST_JPEG_PIXELS if sniffed.extension == "jpg" else MOST_PIXELS
    if size > MOST_PHOTO_BYTES or structure.width * structure.height > most:
        found.add("too-large")
    picture = None
    if eye is not None and sniffed.mime in DECODED and "too-large" not in found:
        data = readable.read(0, size)
        try:
            picture = eye.read_facts(data)
        except NotUnderstood:
            found.add("truncated" if "truncated" in found else "undecodable")
    width, height = (picture.width, picture.height) if picture else (structure.width, structure.height)
    return replace(_examined(name, sniffed, size, found), width=width, height=height, picture=picture)


def ranked(found: Collection[Verdict]) -> tuple[Verdict, ...]:
    """Verdicts in order of precedence; `ok` where there is no other."""
    return tuple(verdict for verdict in PRECEDENCE if verdict in found and verdict != "ok") or ("ok",)


def _examined(name: str, sniffed: Sniffed, size: int, found: Collection[Verdict]) -> Examined:
    first, *others = ranked(found)
    return Examined(
        name=name,
        verdict=first,
        also=tuple(others),
        mime=sniffed.mime,
        extension=sniffed.extension,
        family=sniffed.family,
        charset=sniffed.charset,
        bytes=size,
    )
