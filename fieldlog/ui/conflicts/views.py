"""A conflict as it is shown, as plain values: no Flet, no deciding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldlog.model.moment import parse
from fieldlog.model.pieces import NEW, SAME, Run, runs
from fieldlog.services.conflicts.open_fields import Conflict, Said
from fieldlog.ui.words.fields import RECORDS, Named, field_words, value_words
from fieldlog.ui.words.times import moment_words
from fieldlog.ui.words.words import Words

Called = Callable[[Conflict], str]
"""What a person calls the record of a conflict: PD14 25:52, P07 Lei."""


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """What one device said: who, when, and its words in runs, SAME or NEW where only this version has them."""

    who: str
    value: str
    runs: tuple[Run, ...]

    @property
    def only_here(self) -> tuple[str, ...]:
        """The words that only this version has."""
        return tuple(run.text.strip() for run in self.runs if run.how == NEW and run.text.strip())


@dataclass(frozen=True, kw_only=True)
class ConflictView:
    """A field that says several things. `about` is whose field it is, `before` what all versions came from, ""
    where that is not known or nothing."""

    conflict: Conflict
    about: str
    field: str
    versions: tuple[VersionView, ...]
    before: str

    @property
    def route(self) -> str:
        return route_of(self.conflict.record, self.conflict.field)


def route_of(record: str, field: str) -> str:
    """The address of a conflict's page."""
    return f"/archive/conflicts/{record}/{field}"


def conflict_view(one: Conflict, called: str, zone: str, words: Words, named: Named) -> ConflictView:
    """A conflict from what its service says of it; `called` is what a person calls its record."""
    values = [_value(one, said.value, zone, words, named) for said in one.versions]
    before = _value(one, one.base.value, zone, words, named) if one.base and one.base.value else ""
    return ConflictView(
        conflict=one, about=f"{words(RECORDS[one.kind])} {called}".strip(), field=field_words(one.field, words),
        versions=tuple(
            VersionView(who=who_words(said, zone, words), value=value, runs=_runs(one, n, values))
            for n, (said, value) in enumerate(zip(one.versions, values, strict=True))
        ),
        before=before,
    )  # fmt: skip


def who_words(said: Said, zone: str, words: Words) -> str:
    """This device · Sun 16 Mar 23:10."""
    device = words("this device") if said.here else words("another device, {writer}", writer=said.writer[:6])
    when = moment_words(parse(said.at), zone, words) if said.at else words("imported")
    return f"{device} · {when}" if said.at else when


def _value(one: Conflict, value: object, zone: str, words: Words, named: Named) -> str:
    return str(value) if one.is_text and value else value_words(one.field, value, zone, words, named)


def _runs(one: Conflict, n: int, values: list[str]) -> tuple[Run, ...]:
    """What of a version others lack: of the first held against the second, of every other against the first."""
    if not one.is_text or not one.versions[n].value:
        return (Run(how=SAME, text=values[n]),)
    other = one.versions[1 if n == 0 else 0].value
    return tuple(run for run in runs(str(other or ""), values[n]) if run.how in (SAME, NEW))
