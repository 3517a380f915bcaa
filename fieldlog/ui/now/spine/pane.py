"""The spine of the day, left of the stream on a laptop: its hours, a block a session, and where it is now."""

from __future__ import annotations

from typing import Any

import flet as ft
import flet.canvas as cv

from fieldlog.ui.day.day_views import PlanDay
from fieldlog.ui.day.session_sheets import plan_days
from fieldlog.ui.day.state import Today
from fieldlog.ui.now.spine.actions import SpineJourney
from fieldlog.ui.now.spine.hook import use_state_of_day
from fieldlog.ui.now.spine.laid_out import MIDNIGHT, Axis, Hour, Place, Room, axis_of, hours_of, placed
from fieldlog.ui.now.spine.views import Face, SpineView
from fieldlog.ui.parts.basics import keyed, memo, tagged, text
from fieldlog.ui.parts.theme import BAR, CAPTURE, CLOCK, CLOCK_PAST, HEAD, LABEL, META, Look
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import Words

PANE, EDGE = 300, 16
AXIS, BESIDE = 52, 12
BLOCKS = PANE - 2 * EDGE - AXIS - BESIDE
"""How wide the axis is, what is between it and the blocks, and how wide those are."""

NARROWEST = 56
"""A block that stands beside others, in dp; with large letters more."""

RULE, INSIDE, ABOVE = 3, 10, 4
"""The edge of a session; beside and above its words."""

MARK_WIDE, MARK_HIGH = 22, 12
FOOT, PLAN_PAD = 8, ft.Padding.symmetric(vertical=12)
MOST_LINES = 3
DIGIT = 0.56
"""A digit's width, as a share of its size."""


@ft.component
def SpinePane(journey: SpineJourney, shell: Shell, stream: Stream, today: Today) -> ft.Control:
    """Looks at what of the window concerns the spine, which itself is drawn when that or its day changes."""
    return Spine(journey, shell.look, journey.words, shell.height, stream.date, today.plan)


@ft.component
def _spine(
    journey: SpineJourney, look: Look, words: Words, height: float, date: str, plan: tuple[PlanDay, ...]
) -> ft.Control:
    """Drawn anew when a session, the plan or the minute changes it; what did not change stays as it is."""
    state = use_state_of_day(journey, date, journey.state)
    view: SpineView = ft.use_memo(lambda: journey.read(date, plan), [state, date, plan, words])
    measured, measure = ft.use_state(0.0)
    head = view.head or words("Sessions of the day")
    room = (measured or height - max(BAR, look.grown(40)) - _head_height(look)) - FOOT
    rest = _rest(journey, look, words, view)
    axis = axis_of(view.known, view.now, room - _rest_height(look, view))
    inside = ft.Column(
        [_day(journey, look, words, view, axis), *rest], spacing=0, scroll=ft.ScrollMode.AUTO, expand=True
    )
    _use_now_in_sight(journey, inside, date, room, None if view.now is None else axis.y(view.now))
    return ft.Container(
        ft.Column(
            [
                tagged("spine-head", ft.Container(text(head, META, look.meta), padding=_head_padding())),
                ft.Container(inside, expand=True, on_size_change=lambda event: measure(round(event.height))),
            ],
            spacing=0,
        ),
        width=PANE,
        border=ft.Border(right=ft.BorderSide(1, look.hairline)),
    )


Spine = memo(_spine)


def _use_now_in_sight(journey: SpineJourney, spine: ft.Control, date: str, room: float, y: int | None) -> None:
    """A hook: where more than fits is there, it is scrolled once, so that now stands in the middle."""
    scrolling: Any = ft.use_ref(None)
    scrolling.current = spine

    async def bring() -> None:
        if y is not None and y > room:
            await journey.bring(scrolling.current, y - room / 2)

    ft.use_effect(bring, [date, room])


def _head_padding() -> ft.Padding:
    return ft.Padding.only(left=EDGE, right=EDGE, top=12, bottom=12)


def _head_height(look: Look) -> float:
    return look.grown(META.line) + 24


# -- the axis and what stands beside it


def _day(journey: SpineJourney, look: Look, words: Words, view: SpineView, axis: Axis) -> ft.Control:
    least = max(look.target, look.grown(HEAD.line) + 2 * ABOVE)
    room = Room(width=BLOCKS, least_height=round(least), least_width=round(look.grown(NARROWEST)))
    places = placed((one.span for one in view.blocks), axis, room)
    faces = {one.face.id: one.face for one in view.blocks}
    blocks = [keyed(Block, one.id, journey, look, faces[one.id], one) for one in places]
    none = ft.Container(text(words("None yet."), LABEL, look.meta), left=AXIS + BESIDE, top=FOOT)
    high = max([axis.height, *(one.bottom for one in places)])
    hours = tagged("spine-axis", Hours(look, axis), view.said, exclude_semantics=True)
    mark = [] if view.now is None else [Mark(look, axis.y(view.now), view.now >= MIDNIGHT)]
    inside = ft.Stack(
        [ft.Container(hours, left=0, top=0, width=AXIS, height=axis.height), *(blocks or [none]), *mark],
        width=PANE - 2 * EDGE,
        height=high + FOOT,
    )
    return ft.Container(inside, padding=ft.Padding.only(left=EDGE))


@ft.component
def _hours(look: Look, axis: Axis) -> ft.Control:
    """The hours before midnight on grey, those past it on the dark slate."""
    night = axis.y(MIDNIGHT)
    grounds = [
        ft.Container(left=0, top=0, width=AXIS, height=night, bgcolor=look.container),
        ft.Container(left=0, top=night, width=AXIS, height=axis.height - night, bgcolor=look.data.dark),
    ]
    said = [_hour(look, one) for one in hours_of(axis, look.grown(CLOCK.line))]
    return ft.Stack([*grounds, *said], width=AXIS, height=axis.height)


def _hour(look: Look, one: Hour) -> ft.Control:
    line = look.grown(CLOCK.line)
    return ft.Container(
        text(
            str(one.hour % 24 if one.hour < 0 else one.hour),
            CLOCK_PAST if one.midnight else CLOCK,
            look.data.on_dark if one.past else look.meta,
        ),
        left=0,
        top=one.y + 2 if one.midnight else one.y - line / 2,
        width=AXIS,
        height=line,
        alignment=ft.Alignment.CENTER,
    )


@ft.component
def _mark(look: Look, y: int, past: bool) -> ft.Control:
    """Where it is now: a line on the axis, a triangle beside it."""
    on_dark = look.attention if look.dark else look.attention_container
    middle = MARK_HIGH / 2
    line = cv.Line(
        0, middle, 10, middle, paint=ft.Paint(color=on_dark if past else look.attention, stroke_width=2)
    )
    tip = cv.Path(
        [
            cv.Path.MoveTo(10, middle),
            cv.Path.LineTo(20, 1),
            cv.Path.LineTo(20, MARK_HIGH - 1),
            cv.Path.Close(),
        ],
        paint=ft.Paint(color=look.attention, style=ft.PaintingStyle.FILL),
    )
    drawn = cv.Canvas([line, tip], width=MARK_WIDE, height=MARK_HIGH)
    return ft.Container(drawn, left=AXIS - 10, top=y - middle, width=MARK_WIDE, height=MARK_HIGH)


# -- a block


@ft.component
def _block(journey: SpineJourney, look: Look, face: Face, place: Place) -> ft.Control:
    """A session, which is opened by a tap; or one that is planned, which is started by it."""

    async def tapped(_: ft.Event[ft.Container]) -> None:
        await journey.tap(face.id, planned=face.planned)

    ink = look.on_primary_container if face.going_on else look.words
    words = _written(look, face, place, ink, ink if face.going_on else look.meta)
    inside = _outlined(look, words, place) if face.planned else _filled(look, words, going_on=face.going_on)
    target = ft.Container(inside, on_click=tapped, width=place.width, height=place.height)
    label = face.label(journey.words)
    tag = tagged(f"session-{face.id}", target, label, button=True, exclude_semantics=True)
    if face.planned:
        tag = tagged(f"plan-now-{face.id}", target, label, button=True, exclude_semantics=True)
    return ft.Container(
        tag,
        left=AXIS + BESIDE + place.x,
        top=place.y,
        width=place.width,
        height=place.height,
    )


def _filled(look: Look, words: ft.Control, *, going_on: bool) -> ft.Control:
    fill = look.primary_container if going_on else look.low
    return ft.Container(
        ft.Row(
            [ft.Container(width=RULE, bgcolor=look.primary), words],
            spacing=0,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=fill,
        border=ft.Border.all(1, look.hairline) if fill == look.surface else None,
        border_radius=8,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def _outlined(look: Look, words: ft.Control, place: Place) -> ft.Control:
    """Dashes around it: nobody has started it yet."""
    edge = cv.Path(
        [cv.Path.Rect(0.5, 0.5, place.width - 1, place.height - 1, border_radius=8)],
        paint=ft.Paint(
            color=look.outline, stroke_width=1, style=ft.PaintingStyle.STROKE, stroke_dash_pattern=[4, 3]
        ),
    )
    drawn = cv.Canvas([edge], width=place.width, height=place.height)
    moved = ft.Row([ft.Container(width=RULE), words], spacing=0, vertical_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Stack([drawn, moved], width=place.width, height=place.height)


def _written(look: Look, face: Face, place: Place, ink: str, meta: str) -> ft.Control:
    """Its title, and below it as much as there is room for; hours that would be cut stand on the axis alone."""
    line, more = look.grown(HEAD.line), look.grown(META.line)
    high, wide = place.height - 2 * ABOVE, place.width - RULE - INSIDE - ABOVE
    titles = 2 if high >= 2 * line + 2 * more else 1
    lines = min(MOST_LINES, int((high - titles * line) // more))
    fits = lines > 1 or look.grown(DIGIT * META.size * len(face.hours)) <= wide
    about = [text(face.meta, META, meta, lines=lines)] if lines and fits else []
    return ft.Container(
        ft.Column([text(face.title, HEAD, ink, lines=titles), *about], spacing=0),
        expand=True,
        padding=ft.Padding.only(left=INSIDE, right=ABOVE, top=ABOVE, bottom=ABOVE),
    )


Hours, Mark, Block = memo(_hours), memo(_mark), memo(_block)


# -- what of the plan has no time


def _rest(journey: SpineJourney, look: Look, words: Words, view: SpineView) -> list[ft.Control]:
    """Rows below the axis, which are started by a tap: of the plan what has no hour, or is another day's."""
    rows = plan_days(journey.day, view.rest, look, "now")
    if not rows:
        return []
    said = [text(words("In the plan"), LABEL, look.meta)] if view.rest[0].rows else []
    heads = [ft.Container(one, padding=ft.Padding.symmetric(horizontal=EDGE)) for one in said]
    return [ft.Container(ft.Column([*heads, *rows], spacing=0, tight=True), padding=PLAN_PAD)]


def _rest_height(look: Look, view: SpineView) -> float:
    days = [day for day in view.rest if day.rows]
    rows = sum(len(day.rows) for day in days)
    return rows * look.grown(CAPTURE) + len(days) * look.grown(LABEL.line) + 24 if rows else 0
