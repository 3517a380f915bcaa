"""Chips: what stands beside a text, a memo or a photo, and how the open text keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.moment import Moment, iso, parse
from fieldlog.model.sentence import Sentence
from fieldlog.model.vocabulary import CERTAINTY, ENTRY_KINDS, NOTE_TYPES, PRECISIONS, SPEECH

ABOUT_A_MINUTE = timedelta(minutes=1)
AT_ONCE = timedelta()


@dataclass(frozen=True, kw_only=True)
class Chips:
    """What stands beside a text: each by its id or the name people use for it, or unsaid.

    `back` is how much earlier it was than the first character, `at` the time itself where it was told; both
    move when it occurred and nothing else. `day` is an ISO date where a date alone was told. `during` and
    `override` are as on an entry.
    """

    kind: str = "jotting"
    note_type: str = "none"
    session: str | None = None
    place: str | None = None
    people: tuple[str, ...] = ()
    scene: str | None = None
    take: str | None = None
    codes: tuple[str, ...] = ()
    speech: str | None = None
    certainty: str | None = None
    figure: Mapping[str, Any] = field(default_factory=dict)
    count: int | None = None
    at: datetime | None = None
    day: str | None = None
    back: timedelta = AT_ONCE
    precision: str | None = None
    during: Mapping[str, Any] = field(default_factory=dict)
    override: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Raise `NotUnderstood` where a closed list has no such word."""
        if self.kind not in ENTRY_KINDS:
            raise NotUnderstood(Sentence("There is no kind of entry called {kind}.", kind=self.kind))
        if self.note_type not in NOTE_TYPES:
            raise NotUnderstood(
                Sentence(
                    "A note type is one of {known}; {note_type} is none.",
                    known=", ".join(NOTE_TYPES),
                    note_type=self.note_type,
                )
            )
        for said, known in ((self.speech, SPEECH), (self.certainty, CERTAINTY), (self.precision, PRECISIONS)):
            if said is not None and said not in known:
                raise NotUnderstood(Sentence("{said} is none of {known}.", said=said, known=", ".join(known)))

    def occurred(self, moment: Moment) -> Moment:
        """When it occurred, of something begun in a moment. Who says "about" knows it no better than that."""
        if self.at is not None:
            by_hand = replace(moment, at=self.at, wall=None, mono_ms=None, boot=None, suspect=False)
            return replace(by_hand, source="manual", precision=self.precision or "minute")
        if self.back:
            usual = "exact" if self.back < ABOUT_A_MINUTE else "minute"
            return moment.earlier(self.back, self.precision or usual)
        return replace(moment, precision=self.precision) if self.precision else moment

    def told(self) -> dict[str, Any]:
        """As JSON keeps it."""
        said = asdict(self)
        return said | {
            "codes": list(self.codes), "people": list(self.people), "at": iso(self.at) if self.at else None,
            "back": self.back.total_seconds(), "figure": dict(self.figure),
        }  # fmt: skip

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Chips:
        """From what JSON kept; what an earlier version did not know is unsaid, what a later one adds is left."""
        known = {one.name for one in fields(cls)}
        said = {name: value for name, value in told.items() if name in known}
        for name in ("codes", "people"):
            said[name] = tuple(said.get(name, ()))
        said["at"] = parse(said["at"]) if said.get("at") else None
        return cls(**{**said, "back": timedelta(seconds=said.get("back") or 0)})
