"""The session's sheets: started from the plan or out of hand, and who is there and what may be recorded."""

from __future__ import annotations

import flet as ft

from fieldlog.model.called import CONSENT_ANSWERS, CONSENT_LETTERS, MAY_RECORD, SESSION_TYPES
from fieldlog.ui.day.actions import DayJourney
from fieldlog.ui.day.day_views import MEDIA, Here, PlanDay, PlanRow
from fieldlog.ui.day.state import Today
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.parts.basics import (
    Wish,
    asks,
    button,
    chip,
    field,
    icon_target,
    row_target,
    sheet_head,
    tagged,
    text,
)
from fieldlog.ui.parts.layout import sheet_column, wrapped
from fieldlog.ui.parts.theme import CAPTURE, CLOCK, HEAD, LABEL, META, Look
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell

CLOCK_WIDTH = 48
FIRST_ROWS = 3
"""So many sessions of the plan stand on an empty Now; where letters are large, one."""

LARGE = 1.4

MARKS = {"yes": ft.Icons.CIRCLE, "ask": ft.Icons.CIRCLE_OUTLINED, "no": ft.Icons.CLOSE}


def plan_row(journey: DayJourney, one: PlanRow, look: Look, where: str) -> ft.Control:
    """A session of the plan: one tap starts it. One that has been started stands there in grey."""
    ink = look.meta if one.done else look.words
    done: list[ft.Control] = [ft.Icon(ft.Icons.CHECK, size=18, color=look.meta)] if one.done else []
    about: list[ft.Control] = [text(one.about, META, look.meta, lines=1)] if one.about else []
    inside = ft.Row(
        [
            ft.Container(text(one.clock, CLOCK, look.meta), width=look.grown(CLOCK_WIDTH)),
            ft.Column([text(one.title, HEAD, ink, lines=1), *about], spacing=0, tight=True, expand=True),
            *done,
        ],
        spacing=8,
    )
    said = one.label if not one.done else f"{one.label}, {journey.words('started already')}"
    return row_target(
        f"plan-{where}-{one.id}",
        inside,
        look,
        asks(journey.start_planned, one.id),
        height=CAPTURE,
        label=said,
    )


def plan_days(journey: DayJourney, days: tuple[PlanDay, ...], look: Look, where: str) -> list[ft.Control]:
    """The plan, a head above each day but the one being worked.

    `where` it stands is in the names of its rows: the sheet may lie over the same rows on Now.
    """
    rows: list[ft.Control] = []
    for place, day in enumerate(days):
        if place and day.rows:
            rows.append(text(journey.words("Plan of {day}", day=day.code), LABEL, look.meta))
        rows += [plan_row(journey, one, look, where) for one in day.rows]
    return rows


@ft.component
def PlanRows(journey: DayJourney, shell: Shell, stream: Stream, today: Today) -> ft.Control:
    """What may be started first, where nothing is written yet and no session goes on."""
    days = [PlanDay(code=day.code, rows=tuple(one for one in day.rows if not one.done)) for day in today.plan]
    left = [one for day in days for one in day.rows][: FIRST_ROWS if shell.scale < LARGE else 1]
    if stream.rows or today.session or not left or shell.low or shell.laptop:
        return ft.Container(height=0)
    return ft.Column([plan_row(journey, one, shell.look, "now") for one in left], spacing=0, tight=True)


@ft.component
def SessionSheet(journey: DayJourney, shell: Shell, stream: Stream, today: Today) -> ft.Control:
    """The plan first, then any other kind of session, then the end of the one going on."""
    words, look = journey.words, shell.look
    half = use_half(journey.window, "session/new", {"title": ""})

    def starts(kind: str) -> Wish:
        async def start(_: ft.ControlEvent) -> None:
            if await journey.start(kind, half["title"]):
                half.let_go()

        return start

    plan = plan_days(journey, today.plan, look, "sheet")
    kinds = [
        chip(f"session-start-{kind}", words(said), look, starts(kind)) for kind, said in SESSION_TYPES.items()
    ]
    ends: list[ft.Control] = []
    if today.session:
        said = words("End “{name}”", name=stream.session)
        stop = ft.Icons.STOP_CIRCLE_OUTLINED
        ends = [ft.Row([button("session-end", said, look, asks(journey.stop), icon=stop)], wrap=True)]
    other = words("Start something else:") if plan else words("Start:")
    return sheet_column(
        sheet_head(words("Session"), words("Close"), look, lambda _: journey.window.close_sheet()),
        *([ft.Column(plan, spacing=0, tight=True)] if plan else []),
        text(other, LABEL, look.meta),
        kept_field("session-title", words("Name (optional)"), look, half, "title"),
        wrapped(kinds),
        *ends,
    )


@ft.component
def MaySheet(journey: DayJourney, shell: Shell, stream: Stream, today: Today) -> ft.Control:
    """What may be recorded here, who is here and what they agreed to, and where it is."""
    words, look = journey.words, shell.look
    typed, type_ = ft.use_state("")
    where, ask_where = ft.use_state("")
    present = today.here
    switches = [
        chip(
            f"may-{medium}",
            words(said),
            look,
            asks(journey.allow, medium),
            chosen=medium in today.media,
            icon=ft.Icons.CHECK if medium in today.media else ft.Icons.DO_NOT_DISTURB_ON_OUTLINED,
        )
        for medium, said in ((medium, MAY_RECORD[medium]) for medium in MEDIA)
    ]
    told: list[ft.Control] = []
    if today.told:
        told = [tagged("may-told", text(words("It was said: “{words}”", words=today.told), LABEL, look.meta))]
    here = {one.id for one in present}
    others = [one for one in journey.register.choices.people(typed) if one.id not in here]
    bring = [
        chip(
            f"here-add-{one.words.split()[0]}",
            one.words,
            look,
            asks(journey.bring, one.id),
            icon=ft.Icons.ADD,
            struck=one.declined,
        )
        for one in others
    ]
    places = [
        chip(
            f"here-place-{one.words.split()[0]}",
            one.words,
            look,
            asks(journey.move, None if one.id == today.place else one.id),
            chosen=one.id == today.place,
        )
        for one in journey.places(where)
    ]
    return sheet_column(
        sheet_head(
            stream.session or words("Session"), words("Close"), look, lambda _: journey.window.close_sheet()
        ),
        text(words("May be recorded here:"), LABEL, look.meta),
        wrapped(switches),
        *told,
        text(words("Here:") if present else words("Nobody is said to be here."), LABEL, look.meta),
        ft.Column([_person(journey, one, look) for one in present], spacing=0, tight=True),
        field("here-find", words("Code, name or role"), look, on_change=type_),
        wrapped(bring),
        field("here-place", words("Place: code or name"), look, on_change=ask_where),
        wrapped(places),
    )


def _person(journey: DayJourney, one: Here, look: Look) -> ft.Control:
    """Somebody present: struck where they declined; N, S, P are notes, sound and photo."""
    words = journey.words
    ink = look.meta if one.declined else look.words
    answers = [
        ft.Column(
            [text(words(CONSENT_LETTERS[medium]), META, look.meta), ft.Icon(MARKS[answer], size=12, color=ink)],
            spacing=2,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        for medium, answer in zip(MEDIA, one.answers, strict=True)
    ]
    minor: list[ft.Control] = [text(words("under 18"), META, look.attention)] if one.minor else []
    leave = icon_target(
        f"here-drop-{one.code}",
        ft.Icons.CLOSE,
        words("{name} is not here", name=one.words),
        asks(journey.let_go, one.id),
        color=look.meta,
    )
    said = [
        f"{words(MAY_RECORD[m])}: {words(CONSENT_ANSWERS[a])}" for m, a in zip(MEDIA, one.answers, strict=True)
    ]
    name = ft.Column([text(one.words, HEAD, ink, lines=1, struck=one.declined), *minor], spacing=0, tight=True)
    about = ft.Container(
        ft.Row([ft.Container(name, expand=True), *answers], spacing=8),
        height=look.grown(48),
        padding=ft.Padding.only(left=4),
    )
    label = ", ".join([one.words, *said])
    return ft.Row([ft.Container(tagged(f"here-{one.code}", about, label), expand=True), leave], spacing=4)
