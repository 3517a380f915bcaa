"""Days: the month beside a day, a day beside an entry."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.entry.screen import EntryPane
from fieldlog.ui.parts.basics import keyed, memo, row_target, text
from fieldlog.ui.parts.layout import two_panes
from fieldlog.ui.parts.theme import BODY, DAY_SMALL, HEAD, LABEL, LIST_PANE, META, Look
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.review.day_pane import DayPane
from fieldlog.ui.rows.views import DayRow
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes

TYPE_ICONS = {
    "prep": ft.Icons.CHECKLIST_OUTLINED,
    "shoot": ft.Icons.MOVIE_OUTLINED,
    "move": ft.Icons.LOCAL_SHIPPING_OUTLINED,
    "off": ft.Icons.WEEKEND_OUTLINED,
    "post": ft.Icons.CONTENT_CUT_OUTLINED,
    "wrap": ft.Icons.FLAG_OUTLINED,
    "unplanned": ft.Icons.RADIO_BUTTON_UNCHECKED,
}


@ft.component
def Days(journey: ReviewJourney, shell: Shell, day: str = "", entry: str = "") -> ft.Control:
    """Phone: one of the three. Laptop: the month beside a day, and that day, with its cursor, beside an entry."""
    version, tell = ft.use_state(0)
    use_changes(journey.window, tell)
    if not shell.laptop:
        if entry:
            return keyed(EntryPane, entry, journey.entry, shell, entry)
        return keyed(DayPane, day, journey, shell, day, version) if day else Month(journey, shell, "", version)
    if entry:
        read = keyed(DayPane, day, journey, shell, day, version, entry)
        return two_panes(shell.look, read, keyed(EntryPane, entry, journey.entry, shell, entry))
    month = ft.Container(
        Month(journey, shell, day, version),
        width=LIST_PANE,
        border=ft.Border(right=ft.BorderSide(1, shell.look.hairline)),
    )
    if day:
        detail: ft.Control = keyed(DayPane, day, journey, shell, day, version)
    else:
        words = text(journey.words("Choose a day."), BODY, shell.look.meta)
        detail = ft.Container(words, alignment=ft.Alignment.CENTER)
    return ft.Row([month, ft.Container(detail, expand=True)], spacing=0, expand=True)


@ft.component
def Month(journey: ReviewJourney, shell: Shell, chosen: str, version: int) -> ft.Control:
    """The month: a row a production day; those outside the plan below."""
    words, look = journey.words, shell.look
    found = journey.rows.reader.month()
    rows: list[ft.Control] = [
        keyed(_DayTile, one.date, one, look, journey, one.code == chosen) for one in found if one.numbered
    ]
    outside = [one for one in found if not one.numbered]
    if outside:
        rows.append(ft.Container(text(words("Outside the plan"), HEAD, look.meta), padding=16))
        rows += [keyed(_DayTile, one.date, one, look, journey, one.code == chosen) for one in outside]
    if not rows:
        rows = [ft.Container(text(words("No day yet. Write the first note."), BODY, look.meta), padding=24)]
    return ft.ListView(rows, expand=True, padding=ft.Padding.symmetric(vertical=8))


@ft.component
def _day_tile(one: DayRow, look: Look, journey: ReviewJourney, chosen: bool) -> ft.Control:
    counts = ft.Row(
        [
            part
            for icon, n in (
                (ft.Icons.NOTES, one.entries),
                (ft.Icons.MIC_NONE_OUTLINED, one.voices),
                (ft.Icons.PHOTO_OUTLINED, one.photos),
            )
            if n
            for part in (ft.Icon(icon, size=14, color=look.meta), text(str(n), META, look.meta))
        ],
        spacing=3,
        tight=True,
    )
    code = text(one.code, DAY_SMALL, look.words, lines=1) if one.numbered else text("–", DAY_SMALL, look.meta)
    inside = ft.Row(
        [
            ft.Container(code, width=look.grown(76)),
            ft.Column(
                [
                    text(one.title or one.type_words, LABEL, look.words, lines=1),
                    text(f"{one.when} · {one.type_words}" if one.title else one.when, META, look.meta, lines=1),
                ],
                spacing=0,
                expand=True,
                alignment=ft.MainAxisAlignment.CENTER,
            ),
            counts,
            ft.Icon(TYPE_ICONS.get(one.type, ft.Icons.CIRCLE_OUTLINED), size=18, color=look.meta),
        ],
        spacing=8,
    )
    said = journey.words.many("{day}, {n} entry", "{day}, {n} entries", one.entries, day=f"{one.code}, {one.when}")
    open_day = f"/days/{one.code}"
    return row_target(
        f"day-{one.code}",
        inside,
        look,
        lambda _: journey.window.go(open_day),
        height=64,
        label=said,
        chosen=chosen,
    )


_DayTile = memo(_day_tile)
