"""The study and its production days: what is planned and what the call sheet calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fieldlog.model.gate import Amount, Hour, Instant, IsoDate, Zone
from fieldlog.model.record import Record


@dataclass(frozen=True, kw_only=True)
class Study(Record):
    """A month with one production. `default_tz` is an IANA name; a day turns at `day_boundary_hour`.

    `numbering` holds `prefix first total shoot_prefix shoot_total`, as on the call sheets. `quick` are the kinds
    of entry on the two quick buttons, `templates` words to begin a note with. `groups` says of a department, as
    `key_of` has it, to which group it belongs, where the study knows better: `departments.group_of`.
    """

    kind_of_record: ClassVar[str] = "study"

    title: str
    title_zh: str | None = None
    series_title: str | None = None
    default_tz: Zone = "UTC"
    day_boundary_hour: Hour = 6
    numbering: Mapping[str, Any] = field(default_factory=dict)
    ethics: Mapping[str, Any] = field(default_factory=dict)
    researchers: tuple[Mapping[str, Any], ...] = ()
    devices: tuple[Mapping[str, Any], ...] = ()
    languages: tuple[str, ...] = ()
    notice: str | None = None
    quick: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProductionDay(Record):
    """A day as the crew counts it, named by its ISO `date`. `n` is its number, where it has one.

    `starts` and `ends` (the wrap) are ISO texts with offset, absent until they happened. `goes_on` is such a text
    too: when somebody last said past the boundary hour that the day still goes on.
    """

    kind_of_record: ClassVar[str] = "day"

    date: IsoDate
    n: Amount | None = None
    code: str | None = None
    type: str = "unplanned"
    title: str | None = None
    starts: Instant | None = None
    ends: Instant | None = None
    goes_on: Instant | None = None
    shoot_day: int | None = None
    place: str | None = None
    weather: str | None = None
    call: str | None = None
    first_shot: str | None = None
    scenes_scheduled: int | None = None
    scenes_done: int | None = None
    presence: str | None = None
    summary: str | None = None

    @property
    def label(self) -> str:
        """PD14; a day without a number is called by its date."""
        return self.code or self.date


def day_code(n: int, numbering: Mapping[str, Any]) -> str:
    """The code of day `n`: the study's prefix and at least two digits."""
    return f"{numbering.get('prefix', 'PD')}{n:02d}"
