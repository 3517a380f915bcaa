"""What is looked for, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldlog.ui.rows.views import StreamRow

FIRST_ROWS = 30


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter of the query in words; `typed` is the query without it."""

    words: str
    typed: str


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """One more thing by which what was found can be narrowed: its words, how many are of it, and the filter."""

    words: str
    n: int
    filter: str
    group: str | None = None
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Result:
    """An answer. `days` maps a date to how many were found on it; `said` are sentences about what nobody knows."""

    total: int = 0
    rows: tuple[StreamRow, ...] = ()
    days: tuple[tuple[str, int], ...] = ()
    people: tuple[Narrowing, ...] = ()
    kinds: tuple[Narrowing, ...] = ()
    chips: tuple[Chip, ...] = ()
    said: tuple[str, ...] = ()


NOTHING = Result()


@ft.observable
@dataclass
class Finding:
    """`typed` is the query. `given` counts how often the field was given it from elsewhere. `opened` is the entry
    that is read beside the rows, `chosen` the row that was opened last. `fold` takes traditional and simplified
    characters as one; `oldest` has the oldest day first."""

    typed: str = ""
    given: int = 0
    result: Result = NOTHING
    shown: int = FIRST_ROWS
    opened: str = ""
    chosen: str = ""
    fold: bool = False
    oldest: bool = False
