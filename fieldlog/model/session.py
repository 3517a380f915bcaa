"""Sessions: the meeting, the shoot, the ride, in which notes are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fieldlog.model.record import Record
from fieldlog.model.words import MAY_RECORD


@dataclass(frozen=True, kw_only=True)
class Session(Record):
    """Context typed once and inherited by every entry made in it.

    `day` is the ISO date of the production day, where it was said; `starts` and `ends` are ISO texts with
    offset, `ends` absent while it goes on. `may_record` is a subset of notes, audio, photo, read strictly
    from `may_record_words`, which are kept as they were said. `dimensions` are Spradley's nine, all optional.
    """

    kind_of_record: ClassVar[str] = "session"

    type: str = "other"
    title: str = ""
    day: str | None = None
    starts: str
    ends: str | None = None
    place: str | None = None
    people: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    may_record: tuple[str, ...] = ("notes",)
    may_record_words: str | None = None
    access_note: str | None = None
    dimensions: Mapping[str, Any] = field(default_factory=dict)


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
