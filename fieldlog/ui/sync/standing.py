"""A row a device or place, with a cell a production day; a tap on a cell says what is missing there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from fieldlog.ui.parts.basics import tagged, text
from fieldlog.ui.parts.theme import HEAD, LABEL, META, Look
from fieldlog.ui.sync.actions import SyncJourney
from fieldlog.ui.sync.state import Sync
from fieldlog.ui.sync.views import Column, StandingRow
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import Words

CELL, LINE, GAP = 20, 3, 2
NARROW = 40
"""From so many days on nothing stands between the cells."""

ICONS = {
    "phone": ft.Icons.PHONE_ANDROID_OUTLINED,
    "laptop": ft.Icons.LAPTOP_OUTLINED,
    "folder": ft.Icons.FOLDER_OUTLINED,
    "server": ft.Icons.CLOUD_OUTLINED,
    "place": ft.Icons.STORAGE_OUTLINED,
}


def axis(columns: Sequence[Column], look: Look) -> ft.Control:
    """The numbers of the days, each above its own; the last one ends with the last."""
    marked = [place for place, one in enumerate(columns) if one.label]
    if not marked:
        return ft.Container(height=0)
    parts: list[ft.Control] = [ft.Container(expand=marked[0])] if marked[0] else []
    *before, last = marked
    for place, following in zip(before, [*before[1:], len(columns)], strict=False):
        inside = [_number(columns[place], look)]
        if place == before[-1]:
            inside = [ft.Container(inside[0], expand=True), _number(columns[last], look)]
        parts.append(ft.Container(ft.Row(inside, spacing=0), expand=following - place))
    if not before:
        parts.append(ft.Container(_number(columns[last], look), expand=len(columns) - last))
    return ft.Row(parts, spacing=0)


def _number(one: Column, look: Look) -> ft.Control:
    return text(one.label, HEAD if one.newest else META, look.words if one.newest else look.meta, lines=1)


@ft.component
def Standing(journey: SyncJourney, shell: Shell, state: Sync, row: StandingRow, number: str) -> ft.Control:
    """Name, when it was read back, how many of how many; and its cells."""
    head = row_head(journey.words, shell.look, row.icon, row.name, [(row.told, row.late)], row.count)
    return ft.Column([head, Cells(journey, shell, state, row, number)], spacing=0)


def row_head(
    words: Words, look: Look, icon: str, name: str, said: Sequence[tuple[str, bool]], count: str
) -> ft.Control:  # fmt: skip
    """What it is called, what is said of it, in amber what is overdue, and how many of how many are proven."""
    lines = [text(one, META, look.attention if late else look.meta, lines=2) for one, late in said]
    counted = [text(count, HEAD, look.words), text(words("proven"), META, look.meta)] if count else []
    return ft.Row(
        [
            ft.Icon(ICONS[icon], size=24, color=look.words),
            ft.Column([text(name, HEAD, look.words, lines=2), *lines], spacing=0, expand=True),
            ft.Column([*counted], spacing=0, horizontal_alignment=ft.CrossAxisAlignment.END),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@ft.component
def Cells(journey: SyncJourney, shell: Shell, state: Sync, row: StandingRow, number: str) -> ft.Control:
    """The strip, and below it what the chosen day lacks. As high as a finger, for the cells are narrower.

    Read aloud, it says which days lack something; a tap by way of the reader has no place on it.
    """
    look, width = shell.look, ft.use_ref(0.0)
    columns = state.head.columns if state.head else ()

    def sized(event: Any) -> None:
        width.current = event.width

    async def tap(event: ft.TapEvent[ft.GestureDetector]) -> None:
        if event.local_position is not None and width.current:
            await journey.choose(row.id, int(event.local_position.x / width.current * len(columns)))

    chosen = state.chosen[1] if state.chosen[0] == row.id else ""
    strip = ft.Row(
        [_cell(one, column.day == chosen, look) for one, column in zip(row.cells, columns, strict=False)],
        spacing=0 if len(columns) > NARROW else GAP,
        vertical_alignment=ft.CrossAxisAlignment.END,
    )
    face = ft.Container(
        strip, height=look.target, padding=ft.Padding.symmetric(vertical=(look.target - CELL) / 2),
        on_size_change=sized,
    )  # fmt: skip
    touched = ft.GestureDetector(face, on_tap_down=tap)
    missing: list[ft.Control] = []
    if chosen:
        missing = [
            tagged(f"sync-missing-{n}", text(one, LABEL, look.words if n else look.meta), one)
            for n, one in enumerate(state.missing)
        ]
    return ft.Column(
        [tagged(f"sync-cells-{number}", touched, row.spoken, exclude_semantics=True), *missing], spacing=4
    )


def _cell(state: str, chosen: bool, look: Look) -> ft.Control:
    """Full, half, an outline, amber; a line where nothing is yet."""
    if not state:
        return ft.Container(height=LINE, bgcolor=look.hairline, expand=True)
    late = state == "overdue"
    ink = look.attention if late or chosen else look.primary if state != "none" else look.outline
    half: list[ft.Control] = [ft.Container(expand=True), ft.Container(height=CELL / 2 - 1, bgcolor=look.primary)]
    return ft.Container(
        ft.Column(half, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        if state == "part"
        else None,
        height=CELL,
        border_radius=3,
        border=ft.Border.all(2 if chosen else 1, ink),
        bgcolor=look.primary if state == "full" else look.attention_container if late else None,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        expand=True,
    )
