"""What is proven where, in words and cells: pure, without Flet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.records import id_of
from fieldlog.model.state import State
from fieldlog.services.rows.days import code_of, dates, stored_day
from fieldlog.ui.words.times import date_words
from fieldlog.ui.words.words import Words, later

if TYPE_CHECKING:
    from fieldlog.services.sync.proof.proven import Missing, Proof, Standing

LABELLED = 5
SOON, HOUR = timedelta(minutes=1), timedelta(hours=1)
MOST_LINES = 60
FORMS = {"phone": later("Phone"), "laptop": later("Laptop"), "": later("Another place")}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A production day on the axis: its number where it is written there, and whether it is the newest one."""

    day: str
    code: str
    label: str
    newest: bool


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands first. `only_here` is "" where nothing is only here."""

    empty: bool
    number: str
    rest: str
    only_here: str
    safe: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True)
class StandingRow:
    """A device or place: `cells` say of each column `full`, `part`, `none`, `overdue`, or "" where nothing is yet.

    `late` says that it was not heard of for long, `can_go` that it is another device. `spoken` is the row as it is
    read aloud.
    """

    id: str
    icon: str
    name: str
    told: str
    late: bool
    count: str
    cells: tuple[str, ...]
    spoken: str
    can_go: bool = False


def columns_of(state: State) -> tuple[Column, ...]:
    """Every planned day and every other that holds entries. The first, the newest, the last and every fifth have
    their number there."""
    days = dates(state)
    held = [day for day in days if any(state.docs(f"entries-{day}"))]
    newest = held[-1] if held else ""
    numbers = [stored_day(state, day).n for day in days]
    shown = {0, len(days) - 1} | {place for place, n in enumerate(numbers) if n and n % LABELLED == 0}
    at = days.index(newest) if newest else -1
    near = {place for place in shown if 0 < abs(place - at) <= 2} if at >= 0 else set[int]()
    shown = (shown - near) | ({at} if at >= 0 else set())
    return tuple(
        Column(
            day=day, code=code_of(state, day), newest=place == at,
            label=str(numbers[place] or "") if place in shown else "",
        )
        for place, day in enumerate(days)
    )  # fmt: skip


def head_of(proof: Proof, columns: tuple[Column, ...], now: datetime, words: Words) -> Head:
    """602 of 616 are proven on 2 devices. 14 are only on this device, the oldest for 20 min."""
    only = ""
    if proof.only_here:
        since = age(now - proof.oldest, words) if proof.oldest else ""
        only = words.many(
            "{n} is only on this device, for {since}.", "{n} are only on this device, the oldest for {since}.",
            proof.only_here, since=since,
        ) if since else words.many(
            "{n} is only on this device.", "{n} are only on this device.", proof.only_here
        )  # fmt: skip
    return Head(
        empty=not proof.total, number=str(proof.proven),
        rest=words("of {total} are proven on 2 devices.", total=proof.total), only_here=only,
        safe=words("It is safe to free space.") if proof.safe else "", columns=columns,
    )  # fmt: skip


def proven_in(proof: Proof, state: State) -> set[str]:
    """The entries that are proven on two devices."""
    return {id_of(doc) for doc in state.entries()} - {one for day in proof.unproven for one in day.entries}


def age(for_: timedelta, words: Words) -> str:
    """20 min, 5 h, 2 d."""
    minutes = max(1, int(for_ / SOON))
    if minutes < 60:
        return words("{n} min", n=minutes)
    return words("{n} h", n=minutes // 60) if minutes < 48 * 60 else words("{n} d", n=minutes // (24 * 60))


def standing_row(
    one: Standing, columns: Sequence[Column], state: State, now: datetime, zone: str, words: Words,
    *, icon: str = "", name: str = "",
) -> StandingRow:  # fmt: skip
    cells = {cell.day: cell for cell in one.cells}
    late = any(cell.state == "overdue" for cell in one.cells)
    form = words(FORMS[one.form])
    name = name or (" · ".join(filter(None, (form if one.form else "", one.name))) or form)
    name = words("This device") if one.own else name
    told = read_words(one.read_at, state, now, zone, words, late=late)
    if one.own and one.n == one.total:
        told = words("all of it is here")
    count = words("{n} of {total}", n=one.n, total=one.total)
    gaps = [f"{cell.code} {cell.n}/{cell.total}" for cell in one.cells if cell.state != "full"]
    spoken = ", ".join([name, told, count, *gaps[:MOST_LINES]])
    return StandingRow(
        id=one.id, icon=icon or one.form or "place", name=name, told=told, late=late, count=count, spoken=spoken,
        cells=tuple(cells[column.day].state if column.day in cells else "" for column in columns),
        can_go=one.kind == "device" and not one.own,
    )  # fmt: skip


def read_words(at: datetime | None, state: State, now: datetime, zone: str, words: Words, *, late: bool) -> str:
    """Read back 25:41 · 6 min ago; of another day, read back PD12."""
    if at is None:
        return words("nothing read back yet")
    day = state.calendar.date_at(at)
    if late:
        return words("not reached since {day}", day=_called(state, day, words))
    if day != state.calendar.date_at(now):
        return words("read back {time}", time=_called(state, day, words))
    said = words("read back {time}", time=ProductionClock(day, zone).said(at))
    return f"{said} · {words('{time} ago', time=age(now - at, words))}" if now - at < HOUR else said


def _called(state: State, day: str, words: Words) -> str:
    """PD12; where it has no number, Wed 12 Mar."""
    code = code_of(state, day)
    return date_words(day, words) if code == day else code


def missing_words(column: Column, found: Sequence[Missing], words: Words) -> tuple[str, ...]:
    """What a day lacks at a device, by name."""
    if not found:
        return (words("{day}: nothing is missing here.", day=column.code),)
    said = [words.many("{day}: {n} is missing here", "{day}: {n} are missing here", len(found), day=column.code)]
    said += [words.told(told) for one in found[:MOST_LINES] for told in one.told]
    more = len(found) - MOST_LINES
    return (*said, words("and {n} more", n=more)) if more > 0 else tuple(said)
