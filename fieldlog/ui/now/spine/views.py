"""What the spine of the day says, as plain values: no Flet, nothing measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldlog.model.state import State
from fieldlog.services.rows.days import stored_day
from fieldlog.services.rows.scenes_shot import scenes_shot
from fieldlog.services.rows.strips import Bar, Strip
from fieldlog.ui.day.day_views import PlanDay, PlanRow
from fieldlog.ui.now.spine.laid_out import Span
from fieldlog.ui.rows.views import SessionRow
from fieldlog.ui.words.strip_words import clock_words, strip_words
from fieldlog.ui.words.words import Words


@dataclass(frozen=True, kw_only=True)
class Face:
    """What is written on a block. `hours` are never cut; `about` is how many notes, scenes and people."""

    id: str
    title: str
    hours: str
    about: str
    planned: bool = False
    going_on: bool = False

    @property
    def meta(self) -> str:
        return _joined(self.hours, self.about)

    def label(self, words: Words) -> str:
        return words(", ").join([self.title, *self.meta.split(" · ")])


@dataclass(frozen=True, kw_only=True)
class Block:
    """A session, or one that is planned, beside the axis: its minutes, and what is written on it."""

    span: Span
    face: Face


@dataclass(frozen=True, kw_only=True)
class SpineView:
    """A day as its spine shows it, in the reader's words. `now` is None once it has been wrapped.

    `head` is what stands above it, `said` what a screen reader hears of the axis; `rest` are the rows of the plan
    that have no place on it.
    """

    head: str
    said: str
    known: tuple[int | None, ...]
    now: int | None
    blocks: tuple[Block, ...]
    rest: tuple[PlanDay, ...]


def spine_view(
    strip: Strip, now: int, sessions: Iterable[SessionRow], plan: tuple[PlanDay, ...], state: State, words: Words
) -> SpineView:
    """A day from its numbers; `sessions` and `plan` are its rows, by which it is said as everywhere."""
    rows = {one.id: one for one in sessions}
    to_start = {row.id: row for day in plan for row in day.rows if not row.done}
    timed = [bar for bar in strip.planned if bar.id in to_start]
    blocks = [_session(bar, rows[bar.id], now, words) for bar in strip.sessions if bar.id in rows]
    blocks += [_planned(bar, to_start[bar.id], strip.date, words) for bar in timed]
    on_it = {one.id for one in timed}
    rest = [
        PlanDay(code=day.code, rows=tuple(one for one in day.rows if not one.done and one.id not in on_it))
        for day in plan
    ]
    return SpineView(
        head=_head(strip, state, words), said=strip_words(strip, words), now=now if strip.wrap is None else None,
        known=(strip.call, strip.wrap, *(minute for one in blocks for minute in (one.span.begins, one.span.ends))),
        blocks=tuple(blocks), rest=tuple(rest),
    )  # fmt: skip


def _session(bar: Bar, row: SessionRow, now: int, words: Words) -> Block:
    """One that goes on reaches until now."""
    hours = words("since {time}", time=row.hours.rstrip("–")) if row.going_on else row.hours
    notes = words.many("{n} note", "{n} notes", bar.entries) if bar.entries else ""
    scenes = words.many("{n} scene", "{n} scenes", len(bar.scenes)) if bar.scenes else ""
    return Block(
        span=Span(id=bar.id, begins=bar.begins, ends=max(bar.ends, now) if bar.going_on else bar.ends),
        face=Face(id=bar.id, title=row.title, hours=hours, about=_joined(notes, scenes), going_on=row.going_on),
    )


def _planned(bar: Bar, row: PlanRow, date: str, words: Words) -> Block:
    time = words("planned {time}", time=clock_words(bar.begins, date))
    people = words.many("{n} person", "{n} people", len(bar.people)) if bar.people else ""
    scenes = words.many("{n} scene", "{n} scenes", len(bar.scenes)) if bar.scenes else ""
    return Block(
        span=Span(id=bar.id, begins=bar.begins, ends=bar.ends),
        face=Face(id=bar.id, title=row.title, hours=time, about=_joined(people, scenes), planned=True),
    )


def _head(strip: Strip, state: State, words: Words) -> str:
    """SD5 · call 16:00 · 15 scenes, 9 done: what of it is known."""
    day = stored_day(state, strip.date)
    shot = scenes_shot(state, strip.date, (one for bar in (*strip.sessions, *strip.planned) for one in bar.scenes))
    scenes = ""
    if shot.planned is not None:
        scenes = words.many("{n} scene", "{n} scenes", shot.planned)
        if shot.done is not None:
            scenes = words.many("{n} scene, {done} done", "{n} scenes, {done} done", shot.planned, done=shot.done)
    return _joined(
        words("SD{n}", n=day.shoot_day) if day.shoot_day is not None else "",
        words("call {time}", time=clock_words(strip.call, strip.date)) if strip.call is not None else "",
        scenes,
    )


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
