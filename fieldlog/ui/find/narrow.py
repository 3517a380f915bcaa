"""By what else that was found can be narrowed: people and kinds, each with its number."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.find.actions import FindJourney
from fieldlog.ui.find.state import Narrowing, Result
from fieldlog.ui.parts.basics import row_target, text
from fieldlog.ui.parts.icons import KIND_ICONS
from fieldlog.ui.parts.layout import square
from fieldlog.ui.parts.theme import HEAD, LABEL, META, Look

HIGH = 40


def narrowings(journey: FindJourney, look: Look, result: Result) -> list[ft.Control]:
    """Two lists with their heads; a tap on a row narrows."""
    words = journey.words
    found: list[ft.Control] = []
    for head, ones in ((words("People"), result.people), (words("Kind"), result.kinds)):
        if ones:
            found.append(
                ft.Container(text(head, HEAD, look.words), padding=ft.Padding.only(left=16, top=12, bottom=4))
            )
            found += [_row(journey, look, one) for one in ones]
    return found


def _row(journey: FindJourney, look: Look, one: Narrowing) -> ft.Control:
    mark: ft.Control = square(look, one.group or "")
    if one.icon:
        mark = ft.Icon(KIND_ICONS.get(one.icon, KIND_ICONS["jotting"]), size=18, color=look.meta)
    inside = ft.Row(
        [mark, text(one.words, LABEL, look.words, lines=1, expand=True), text(str(one.n), META, look.meta)],
        spacing=8,
    )
    said = f"{one.words}, {one.n}"
    return row_target(
        f"find-by-{one.filter}", inside, look, lambda _: journey.narrow(one.filter), height=HIGH, label=said
    )
