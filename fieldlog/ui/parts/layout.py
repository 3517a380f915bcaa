"""How what stands on a sheet is laid out."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldlog.ui.parts.basics import page_column
from fieldlog.ui.parts.glyphs import drawable
from fieldlog.ui.parts.theme import LIST_PANE, META, Look, Style, text_style


def sheet_column(*inside: ft.Control) -> ft.Control:
    return ft.Column(list(inside), spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def wrapped(chips: list[ft.Control]) -> ft.Control:
    return ft.Row(chips, wrap=True, spacing=8, run_spacing=0)


def square(look: Look, group: str, side: float = 8) -> ft.Control:
    """A department's colour; it stands beside a code or a name, which says who it is."""
    return ft.Container(width=side, height=side, border_radius=side / 4, bgcolor=look.data.department(group))


SQUARE, STAYS = "■", "\u00a0"
"""The second is a space at which no line ends: a square stands before its name, never at the end of a line."""


def with_squares(look: Look, parts: Sequence[tuple[str, str | None]], style: Style = META) -> ft.Text:
    """Things said of something, on one line that wraps; before each that has a group its square.

    A part is its words and the group of departments, "" for one that nobody knows, None for what has none.
    """
    words, spans = "", list[ft.TextSpan]()
    for said, group in parts:
        if group is None:
            words += f" · {drawable(said)}" if words or spans else drawable(said)
            continue
        if words:
            spans.append(ft.TextSpan(f"{words}  "))
        # What it says nothing of it has from the words around it.
        mark = ft.TextStyle(size=style.size - 3, color=look.data.department(group))
        spans.append(ft.TextSpan(f"{SQUARE}{STAYS}", style=mark, semantics_label=" "))
        words = drawable(said)
    if not spans:
        return ft.Text(words, style=text_style(style, look.meta))
    return ft.Text(spans=[*spans, ft.TextSpan(words)], style=text_style(style, look.meta))


def with_hits(look: Look, runs: Sequence[tuple[str, bool]], style: Style, *, lines: int) -> ft.Text:
    """Words in parts; those that were looked for stand on a ground of their own."""
    hit = ft.TextStyle(bgcolor=look.attention_container, color=look.on_attention)
    spans = [ft.TextSpan(drawable(words), style=hit if is_hit else None) for words, is_hit in runs]
    return ft.Text(
        spans=spans, style=text_style(style, look.words), max_lines=lines, overflow=ft.TextOverflow.ELLIPSIS
    )


def two_panes(look: Look, left: ft.Control, right: ft.Control) -> ft.Control:
    """A list of 400 or what a page is about, and at its right the detail."""
    line = ft.Border(right=ft.BorderSide(1, look.hairline))
    return ft.Row(
        [ft.Container(left, width=LIST_PANE, border=line), ft.Container(right, expand=True)],
        spacing=0, expand=True, vertical_alignment=ft.CrossAxisAlignment.START,
    )  # fmt: skip


def page_in_panes(laptop: bool, look: Look, about: list[ft.Control], detail: list[ft.Control]) -> ft.Control:
    """A page of cards: on a laptop its detail stands right of what it is about, else below."""
    if not laptop:
        return page_column(*about, *detail)
    return two_panes(look, page_column(*about), page_column(*detail))
