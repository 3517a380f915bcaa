"""The month as a score, and people by days: one picture, a sentence a row, below it the day that is looked at."""

from __future__ import annotations

import flet as ft

from fieldlog.services.rows.strips import Strip
from fieldlog.services.rows.together import Together, Who
from fieldlog.ui.parts.basics import tagged, text, where
from fieldlog.ui.parts.theme import LARGE, META, Look
from fieldlog.ui.pictures.drawn import canvas
from fieldlog.ui.pictures.month import (
    NARROWEST_ROW,
    TALLEST_ROW,
    TALLEST_WIDE,
    Drawn,
    month_picture,
)
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.review.month.chosen_day import foot
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.strip_words import length_words, strip_words
from fieldlog.ui.words.times import date_words
from fieldlog.ui.words.words import Words

TAKEN, TAKEN_WIDE, NAMES = 274, 200, 68
"""What stands above and below the rows, in dp; and what people beside a narrow one take more."""


def score_view(
    journey: ReviewJourney, shell: Shell, strips: list[Strip], width: float, views: ft.Control, *,
    with_people: bool, bars: bool,
) -> ft.Control:  # fmt: skip
    """A tap chooses a day, and a person where their column is; the foot says what is there.

    `views` are the ways to draw the month. On a laptop they stand where the picture has nothing but names.
    """
    look, words = shell.look, journey.words
    people = journey.together() if with_people else None
    one = journey.chosen(strips)
    row = row_height(shell, len(strips), bars=bars)
    drawn = month_picture(
        strips, look, words, width=width, row=row, wide=shell.laptop, people=people,
        bars=bars, chosen=one.date if one else "",
    )  # fmt: skip

    async def tap(event: ft.TapEvent[ft.GestureDetector]) -> None:
        at = where(event)
        n = drawn.rows.at(at.y) if at else None
        if at and n is not None:
            who = drawn.columns.at(at.x) if drawn.columns else None
            journey.choose(strips[n].date, who.id if who else "")

    over = ft.Stack(
        [canvas(drawn.picture), _spoken(strips, people, words, drawn)],
        width=drawn.picture.width, height=drawn.picture.height,
    )  # fmt: skip
    picture: ft.Control = tagged("month-picture", ft.GestureDetector(over, on_tap_up=tap), drawn.picture.said)
    over_names = shell.laptop and drawn.columns is not None and look.scale <= LARGE
    above = drawn.columns.x if over_names and drawn.columns else width
    if over_names:
        picture = ft.Stack([picture, ft.Container(views, width=above)], height=drawn.picture.height)
    wide: ft.Control = picture
    if drawn.picture.width > width:
        wide = ft.Row([picture], scroll=ft.ScrollMode.AUTO)
    scrolled = ft.Column([wide], expand=True, scroll=ft.ScrollMode.AUTO, spacing=0)
    parts: list[ft.Control] = [scrolled] if over_names else [views, scrolled]
    legend = _legend(look, words) if people is not None else None
    if legend and not shell.laptop:
        parts.append(legend)
    if one is not None:
        said = _with_whom(one, people, journey.shown.who, words)
        parts.append(foot(journey, shell, one, said, legend if shell.laptop else None))
    return ft.Column(parts, spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def row_height(shell: Shell, days: int, *, bars: bool) -> float:
    """So that all days are seen at once, if that leaves each enough."""
    most, taken = (TALLEST_WIDE, TAKEN_WIDE) if shell.laptop else (TALLEST_ROW, TAKEN + (0 if bars else NAMES))
    room = (shell.height - shell.look.grown(taken)) / max(1, days)
    return max(shell.look.grown(NARROWEST_ROW), min(shell.look.grown(most), float(int(room))))


def _spoken(strips: list[Strip], people: Together | None, words: Words, drawn: Drawn) -> ft.Control:
    """A row of nothing over each day, which a screen reader reads."""
    rows: list[ft.Control] = [ft.Container(height=drawn.rows.top)]
    for one in strips:
        said = [date_words(one.date, words), strip_words(one, words)]
        if people is not None:
            said.append(_together_words(one, people, words))
        face = ft.Container(height=drawn.rows.height, width=drawn.picture.width)
        rows.append(tagged(f"line-{one.date}", face, words(", ").join(part for part in said if part)))
    return ft.Column(rows, spacing=0)


def _together_words(one: Strip, people: Together, words: Words) -> str:
    """P02 Lan 20 h 25, P06 Bei 3 h; who is only named, so."""
    said = []
    for who in people.people:
        minutes, named = people.minutes.get((who.id, one.date), 0), people.named.get((who.id, one.date), 0)
        if minutes:
            said.append(f"{_name(who, words)} {length_words(minutes, words)}")
        elif named:
            said.append(words("{name} named", name=_name(who, words)))
    return words(", ").join(said)


def _with_whom(one: Strip, people: Together | None, who: str, words: Words) -> str:
    """What the dot that was tapped stands for; "" where none was."""
    found = next((person for person in people.people if person.id == who), None) if people else None
    if found is None or people is None:
        return ""
    minutes, named = people.minutes.get((who, one.date), 0), people.named.get((who, one.date), 0)
    if minutes:
        return words("{name}: {time} together", name=_name(found, words), time=length_words(minutes, words))
    if named:
        said = words.many("{n} entry", "{n} entries", named)
        return words("{name}: named in {entries}", name=_name(found, words), entries=said)
    return words("{name}: not observed", name=_name(found, words))


def _name(who: Who, words: Words) -> str:
    return f"{who.code} {who.name_zh if words.chinese else who.name}".strip()


def _legend(look: Look, words: Words) -> ft.Control:
    """What a dot, a ring and a speck say."""

    def dot(size: float, *, hollow: bool = False, color: str | None = None) -> ft.Control:
        ink = color or look.meta
        return ft.Container(
            width=size, height=size, border_radius=size / 2, bgcolor=None if hollow else ink,
            border=ft.Border.all(1.5, ink) if hollow else None,
        )  # fmt: skip

    parts: list[list[ft.Control]] = [
        [dot(5), dot(9), dot(14), text(words("hours together"), META, look.meta)],
        [dot(7, hollow=True), text(words("named"), META, look.meta)],
        [dot(2, color=look.outline), text(words("not observed"), META, look.meta)],
    ]
    shown: list[ft.Control] = [ft.Row(part, spacing=4, tight=True) for part in parts]
    return ft.Container(
        ft.Row(shown, spacing=16, run_spacing=2, wrap=True),
        padding=ft.Padding.symmetric(horizontal=16, vertical=4),
    )
