"""The day's sheet: wrap it, now or in hindsight; its number and type; its plan from a file."""

from __future__ import annotations

import flet as ft

from fieldlog.model.called import DAY_TYPES
from fieldlog.ui.day.actions import DayJourney
from fieldlog.ui.day.day_views import Preview
from fieldlog.ui.day.session_sheets import plan_days
from fieldlog.ui.day.state import Today
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.parts.basics import asks, button, chip, sheet_head, strip, tagged, text
from fieldlog.ui.parts.layout import sheet_column, wrapped
from fieldlog.ui.parts.theme import HEAD, LABEL, Look
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell

MOST_PROBLEMS = 40


@ft.component
def DaySheet(journey: DayJourney, shell: Shell) -> ft.Control:
    """Wrap the day, or take the wrap back."""
    return _DaySheet(journey, shell, journey.rows.stream, journey.today)


@ft.component
def _DaySheet(journey: DayJourney, shell: Shell, stream: Stream, today: Today) -> ft.Control:
    words, look, day = journey.words, shell.look, stream.date
    half = use_half(journey.window, f"day/{day}", {"wrap": "", "number": ""})
    wrong, say_wrong = ft.use_state("")
    no_number, say_no_number = ft.use_state("")
    open_, show = ft.use_state(False)

    async def wrap_at() -> None:
        problem = await journey.wrap_at(day, half["wrap"])
        say_wrong(problem)
        if not problem:
            half.say("wrap", "")

    async def renumber() -> None:
        problem = await journey.number(day, half["number"])
        say_no_number(problem)
        if not problem:
            half.say("number", "")

    async def wrap() -> None:
        await journey.wrap(day, back=stream.wrapped)

    wraps = words("Take the wrap back") if stream.wrapped else words("Wrap {day} now", day=stream.code)
    more = words("The day ends when the crew wraps, not at midnight. What is written until then belongs to it.")
    later_day = button(
        "day-next",
        words("Start {day} now", day=journey.code(today.next_day)),
        look,
        asks(journey.start_day, today.next_day),
        icon=ft.Icons.WB_SUNNY_OUTLINED,
    )
    wrapped_at = words("Or it was wrapped at: 03:10, 27:10")
    plan = plan_days(journey, today.plan, look, "day")
    upload = ft.Icons.UPLOAD_FILE_OUTLINED
    from_file = button("plan-import", words("Plan from a file"), look, asks(journey.choose), icon=upload)
    named: list[ft.Control] = []
    if open_:
        kinds = [
            chip(
                f"day-type-{kind}",
                words(said),
                look,
                asks(journey.day_type, day, kind),
                chosen=words(said) == stream.type_words,
            )
            for kind, said in DAY_TYPES.items()
        ]
        said = words("Number; later days follow")
        named = [
            kept_field("day-number", said, look, half, "number", error=no_number or None),
            ft.Row([button("day-number-set", words("Set the number"), look, asks(renumber))], wrap=True),
            wrapped(kinds),
        ]
    about = " · ".join(part for part in (stream.when, stream.type_words, stream.clock) if part)
    return sheet_column(
        sheet_head(stream.code, words("Close"), look, lambda _: journey.window.close_sheet()),
        text(about, LABEL, look.meta),
        *([_still(journey, stream, look)] if today.outlived else [text(more, LABEL, look.words)]),
        ft.Row(
            [
                button("day-wrap", wraps, look, asks(wrap), icon=ft.Icons.FLAG_OUTLINED),
                button(
                    "day-open", words("Read the day"), look, lambda _: journey.window.go(f"/days/{stream.code}")
                ),
                button(
                    "day-seek", words("Find"), look, lambda _: journey.window.go("/find"), icon=ft.Icons.SEARCH
                ),
            ],
            wrap=True,
        ),
        *([text(words("In the plan"), LABEL, look.meta), ft.Column(plan, spacing=0, tight=True)] if plan else []),
        kept_field("day-wrap-at", wrapped_at, look, half, "wrap", error=wrong or None),
        ft.Row([button("day-wrap-set", words("Wrap at this time"), look, asks(wrap_at))], wrap=True),
        ft.Row(
            [
                later_day,
                from_file,
                button("day-named", words("Number and type"), look, lambda _: show(not open_)),
            ],
            wrap=True,
        ),
        *named,
    )


def _still(journey: DayJourney, stream: Stream, look: Look) -> ft.Control:
    """Asked once, silently, past the boundary hour."""
    words = journey.words
    time = stream.wall.split(" ")[0]
    said = words("Still {day}? It is {time} and nobody has wrapped.", day=stream.code, time=time)
    goes_on = button("day-goes-on", words("Yes, it goes on"), look, asks(journey.goes_on, stream.date))
    return ft.Column(
        [strip("day-still", said, look), ft.Row([goes_on], wrap=True)],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def PlanSheet(journey: DayJourney, shell: Shell, today: Today) -> ft.Control:
    """What a plan that was read would bring, line by line what it would not; then taking it in."""
    words, look, found = journey.words, shell.look, today.preview
    if found is None:
        return ft.Container(height=0)
    said = _counts(journey, found)
    shown = [text(one, LABEL, look.words) for one in found.problems[:MOST_PROBLEMS]]
    if len(found.problems) > MOST_PROBLEMS:
        shown.append(text(words("And {n} more.", n=len(found.problems) - MOST_PROBLEMS), LABEL, look.meta))
    head: list[ft.Control] = []
    if shown:
        many = words.many("{n} thing was not understood:", "{n} things were not understood:", len(found.problems))
        head = [text(many, HEAD, look.attention)]
    wish = asks(journey.take)
    take = button("plan-take", words("Take it in"), look, wish, filled=True, enabled=not found.nothing_new)
    return sheet_column(
        sheet_head(found.name, words("Close"), look, lambda _: journey.window.close_sheet()),
        tagged("plan-counts", text(said, LABEL, look.words)),
        ft.Row([take], wrap=True),
        *head,
        *shown,
    )


def _counts(journey: DayJourney, found: Preview) -> str:
    words = journey.words
    if not (found.days or found.sessions):
        return words("There is no plan in this file.")
    parts = [
        words.many("{n} day", "{n} days", found.days),
        words.many("{n} session", "{n} sessions", found.sessions),
        words.many("{n} new scene", "{n} new scenes", found.scenes),
        words.many("{n} new place", "{n} new places", found.places),
    ]
    known = words("All of it is known already.") if found.nothing_new else ""
    return " · ".join(parts) + (f". {known}" if known else "")
