"""The entry: one timestamped observation, and the attachments and links that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar

from fieldlog.model import gate
from fieldlog.model.gate import Amount, During, Instant, IsoDate, Seconds, Sha256, listed, shape, text
from fieldlog.model.moment import Moment, parse
from fieldlog.model.record import Record

Told = Annotated[Mapping[str, Any], shape(zone=text, source=text, wall=text, mono_ms=gate.whole, boot=text)]
"""What a moment's ISO text can't say."""

_FIGURE = shape(name=text, value=text, unit=text, of=text, mode=text, by=text)
_OVERRIDE = shape(reason=text, people=listed(text))
_GAPS = listed(shape(at=gate.number, missing=gate.number, kind=text, frames=gate.amount))


@dataclass(frozen=True, kw_only=True)
class Entry(Record):
    """The datum. `occurred_at` and `created_at` are ISO texts with offset: when it happened, when it was written.

    `occurred` and `created` hold what those texts cannot say (zone, source, raw wall clock, suspect).
    `day_choice` is an ISO date chosen by hand; it beats every rule. Ids stand for place, people, scene,
    session, codes and attachments; attachments keep their order, so a memo's segments play in it. `take` is
    the slate's number. `figure` has `name value unit of mode by`; `count` is how often something was counted.
    `during` ties what was made while a memo ran to it: `memo` is its entry's id, `at` seconds into its sound.
    `override` keeps the `reason` why sound or a picture was taken though `people` (ids) had not agreed.
    """

    kind_of_record: ClassVar[str] = "entry"

    kind: str = "jotting"
    note_type: str = "none"
    stage: str = "raw"
    occurred_at: Instant
    precision: str = "exact"
    occurred: Told = field(default_factory=dict)
    created_at: Instant
    created: Told = field(default_factory=dict)
    author: str | None = None
    device: str | None = None
    session: str | None = None
    day_choice: IsoDate | None = None
    place: str | None = None
    people: tuple[str, ...] = ()
    scene: str | None = None
    take: str | None = None
    codes: tuple[str, ...] = ()
    lang: tuple[str, ...] = ()
    speech: str | None = None
    certainty: str | None = None
    sensitivity: str = "normal"
    consent_hold: bool = False
    starred: bool = False
    figure: Annotated[Mapping[str, Any], _FIGURE] = field(default_factory=dict)
    count: Amount | None = None
    during: During = field(default_factory=dict)
    override: Annotated[Mapping[str, Any], _OVERRIDE] = field(default_factory=dict)
    attachments: tuple[str, ...] = ()
    text: str = ""

    @property
    def when(self) -> datetime:
        """When it happened, aware."""
        return parse(self.occurred_at)

    @property
    def written(self) -> Moment:
        """The reading of the clock when it was written, as far as another one can be held against it."""
        told = self.created
        return Moment(at=parse(self.created_at), mono_ms=told.get("mono_ms"), boot=told.get("boot"))

    @property
    def suspect(self) -> bool:
        """Whether the clock it was stamped with was not believed."""
        return bool(self.occurred.get("suspect"))


@dataclass(frozen=True, kw_only=True)
class Attachment(Record):
    """A file in the vault, named by its sha256 and never altered.

    `kind` is photo, audio or document, by content. `captured_at` is an ISO text with the `captured_source`
    it was read from. A memo's segments have `frames` and `rate`; `duration` is seconds; `width` and `height`
    are of the upright picture. `integrity` is the verdict on the bytes, `problem` its sentence.
    """

    kind_of_record: ClassVar[str] = "attachment"

    kind: str
    sha256: Sha256 | None = None
    bytes: Amount | None = None
    mime: str | None = None
    extension: str = "bin"
    name: str | None = None
    caption: str | None = None
    captured_at: Instant | None = None
    captured_source: str | None = None
    duration: Seconds | None = None
    rate: Amount | None = None
    channels: Amount | None = None
    frames: Amount | None = None
    width: Amount | None = None
    height: Amount | None = None
    orientation: Amount | None = None
    lat: float | None = None
    lon: float | None = None
    place: str | None = None
    people: tuple[str, ...] = ()
    speech: str | None = None
    lang: str | None = None
    gaps: Annotated[tuple[Mapping[str, Any], ...], _GAPS] = ()
    integrity: str = "ok"
    problem: str | None = None
    derived_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class Link(Record):
    """One record speaks of another. `source` and `target` are ids of entries; `rel` is one of the link names."""

    kind_of_record: ClassVar[str] = "link"

    source: str
    target: str
    rel: str


def lane_of(note_type: str) -> str:
    """Personal notes stay in the lane that never leaves for the team."""
    return "mine" if note_type == "PN" else "team"


def clean(text: str) -> str:
    """Text that UTF-8 can hold: half of a surrogate pair becomes U+FFFD; nothing else is touched."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
