"""Sessions: the meeting, the shoot, the ride, in which notes are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fieldlog.model.gate import Instant, IsoDate
from fieldlog.model.record import Record
from fieldlog.model.vocabulary import MAY_RECORD


@dataclass(frozen=True, kw_only=True)
class Session(Record):
    """Context typed once and inherited by every entry made in it.

    `day` is the ISO date of the production day, where it was said; `starts` and `ends` are ISO texts with
    offset, `ends` absent while it goes on. `may_record` is a subset of notes, audio, photo, read strictly
    from `may_record_words`, which are kept as they were said. `dimensions` are Spradley's nine, all optional.
    `planned_as` is the id of the planned session it was started from, `device` the id of the device that began it:
    None is everybody's.
    """

    kind_of_record: ClassVar[str] = "session"

    type: str = "other"
    title: str = ""
    day: IsoDate | None = None
    starts: Instant
    ends: Instant | None = None
    place: str | None = None
    people: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    may_record: tuple[str, ...] = ("notes",)
    may_record_words: str | None = None
    access_note: str | None = None
    dimensions: Mapping[str, Any] = field(default_factory=dict)
    planned_as: str | None = None
    device: str | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedSession(Record):
    """What the plan says of a day: a session that may be started, with its people, place and scenes.

    `date` is the ISO date of the production day, `at` and `until` are times on its clock ("10:00", "25:10").
    """

    # A record a session, not a list on the day: two devices that each add or move one would make two lists in
    # conflict, of which only the later is shown; records of their own all stand, and conflict only field by field.
    kind_of_record: ClassVar[str] = "planned-session"

    date: IsoDate
    at: str | None = None
    until: str | None = None
    type: str = "other"
    title: str = ""
    place: str | None = None
    people: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()


_LIMITS = frozenset("no not without never if ask after before until unless maybe".split())


def strictly_allowed(words: str) -> tuple[str, ...]:
    """What free words allow to be recorded, read as narrowly as they can be.

    A medium is allowed only when it is named in a part that neither forbids nor makes a condition. Saying
    `audio` or `photo` allows notes too; "none" anywhere allows nothing.
    """
    text = words.casefold()
    if "none" in text.replace(",", " ").replace(";", " ").split():
        return ()
    allowed = []
    for part in text.replace(",", ";").split(";"):
        named = [medium for medium in MAY_RECORD[1:] if medium in part]
        if not _LIMITS & set(part.split()):
            allowed += named
    return tuple(medium for medium in MAY_RECORD[1:] if medium in allowed or (medium == "notes" and allowed))
