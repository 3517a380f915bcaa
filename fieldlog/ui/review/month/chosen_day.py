"""The day that is looked at in the month: its strip, four numbers, three photos; and the first look at a study."""

from __future__ import annotations

import flet as ft

from fieldlog.services.rows.entries import photos_of
from fieldlog.services.rows.strips import Strip
from fieldlog.ui.parts.basics import button, card, icon_target, tagged, text
from fieldlog.ui.parts.theme import BODY, DAY, DAY_SMALL, HEAD, LABEL, LARGE, META, Look
from fieldlog.ui.pictures.axis import day_axis
from fieldlog.ui.pictures.strip import HEAD as STRIP
from fieldlog.ui.pictures.views import strip_view
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.strip_words import day_name, length_words, span_words, strip_words, when_words
from fieldlog.ui.words.words import Words, later

PHOTOS, PHOTO_HIGH, GAP, INSIDE = 3, 76, 8, 17
"""A card's padding and its line are 17 wide."""


def chosen_card(journey: ReviewJourney, shell: Shell, date: str, width: float, *, empty: bool) -> ft.Control:
    """A card as wide as the page; a tap opens the day."""
    look, words, one = shell.look, journey.words, journey.strip(date)
    inside = width - 2 * INSIDE
    strip = strip_view(
        "chosen-strip", one, look, words, day_axis(one, inside, now=journey.now(date)), STRIP, hours=True,
        now=journey.now(date),
    )  # fmt: skip
    if empty:
        return ft.Container(card(look, _head(journey, look, one), strip, *_first_look(journey, look)), width=width)
    parts: list[ft.Control] = [_head(journey, look, one), strip, numbers(one, look, words)]
    photos = photos_of(journey.work.store, date, PHOTOS)
    if photos:
        side = (inside - (PHOTOS - 1) * GAP) // PHOTOS
        parts.append(ft.Row([_photo(journey, look, sha, side) for sha in photos], spacing=GAP))
    return ft.Container(card(look, *parts), width=width)


def _head(journey: ReviewJourney, look: Look, one: Strip) -> ft.Control:
    words = journey.words
    title = ft.Column(
        [
            text(day_name(one, words), LABEL, look.words, lines=1),
            text(when_words(one, words), META, look.meta),
        ],
        spacing=0,
        expand=True,
    )
    face = ft.Container(
        ft.Row(
            [text(one.code, DAY, look.words), title, ft.Icon(ft.Icons.CHEVRON_RIGHT, size=24, color=look.meta)],
            spacing=12,
        ),
        on_click=lambda _: journey.open(one.code),
        height=max(look.target, look.grown(44)),
    )
    said = words("Open {day}, {name}", day=one.code, name=day_name(one, words))
    return tagged("chosen-open", face, said, button=True)


def numbers(one: Strip, look: Look, words: Words) -> ft.Control:
    """Entries, hours observed, people: the number first."""
    found = [
        words.many("{n} entry", "{n} entries", one.entries),
        words("{time} observed", time=length_words(one.observed, words)),
        words.many("{n} person", "{n} people", one.people),
    ]
    found += [scenes] if (scenes := scenes_words(one, words)) else []
    # In a container each: bare words in a row that wraps draw a fault in their place.
    said: list[ft.Control] = [
        ft.Container(text(one, HEAD if n == 0 else LABEL, look.words)) for n, one in enumerate(found)
    ]
    return tagged("chosen-numbers", ft.Row(said, spacing=16, run_spacing=4, wrap=True))


def scenes_words(one: Strip, words: Words) -> str:
    """15 scenes planned, 17 done; "" where nobody says."""
    if one.scenes_scheduled is None:
        return ""
    planned = words.many("{n} scene planned", "{n} scenes planned", one.scenes_scheduled)
    done = words("{n} done", n=one.scenes_done) if one.scenes_done is not None else ""
    return words(", ").join(part for part in (planned, done) if part)


def _photo(journey: ReviewJourney, look: Look, sha256: str, side: float) -> ft.Control:
    return ft.Image(
        src=journey.window.media(f"thumb/{sha256}"),
        width=side,
        height=PHOTO_HIGH,
        fit=ft.BoxFit.COVER,
        border_radius=8,
        opacity=look.thumb_opacity,
        error_content=ft.Icon(ft.Icons.IMAGE_OUTLINED, size=24, color=look.outline),
        semantics_label=journey.words("Photo"),
    )


def _first_look(journey: ReviewJourney, look: Look) -> list[ft.Control]:
    words = journey.words
    why = words("A day here ends when the crew wraps, not at midnight. After 24:00 the clock goes on: 25:10.")
    begin = button(
        "days-begin", words("Write the first thing you see"), look, lambda _: journey.window.go("/now"),
        filled=True, icon=ft.Icons.EDIT_NOTE,
    )  # fmt: skip
    return [text(why, BODY, look.words), ft.Row([begin], wrap=True)]


def foot(
    journey: ReviewJourney, shell: Shell, one: Strip, more: str = "", beside: ft.Control | None = None
) -> ft.Control:
    """The day that is looked at, under a picture whose rows are smaller than a finger: back, on, open."""
    look, words = shell.look, journey.words
    entries = words.many("{n} entry", "{n} entries", one.entries)
    observed = words("{time} observed", time=length_words(one.observed, words)) if one.observed else ""
    about = [span_words(one, words), entries]
    if shell.laptop:
        about = [span_words(one, words), observed, entries, scenes_words(one, words)]
    said = more or " · ".join(part for part in about if part)
    names = ft.Column(
        [text(day_name(one, words), LABEL, look.words, lines=1), text(said, META, look.meta, lines=2)],
        spacing=0,
        expand=True,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    targets = [
        icon_target(f"days-{name}", icon, words(label), wish, color=look.words, size=look.target)
        for name, icon, label, wish in (
            ("before", ft.Icons.KEYBOARD_ARROW_UP, later("The day before"), lambda _: journey.step(-1)),
            ("after", ft.Icons.KEYBOARD_ARROW_DOWN, later("The day after"), lambda _: journey.step(1)),
            ("open", ft.Icons.CHEVRON_RIGHT, later("Open this day"), lambda _: journey.open(one.code)),
        )
    ]
    code = text(one.code if one.numbered else one.date[5:], DAY_SMALL, look.words, lines=1)
    told = tagged("days-chosen", names, f"{strip_words(one, words)}. {more}".rstrip(". "), expand=True)
    around: list[ft.Control] = [*([beside] if beside else []), *targets]
    inside: ft.Control = ft.Row([code, told, *around], spacing=8)
    if look.scale > LARGE:
        # Large letters need the width: what one taps stands below.
        below = ft.Row(around, alignment=ft.MainAxisAlignment.END, spacing=8)
        inside = ft.Column([ft.Row([code, told], spacing=8), below], spacing=0, tight=True)
    high = look.grown(72) if shell.phone else max(look.target + 8, look.grown(56))
    return ft.Container(
        inside,
        bgcolor=look.lowest,
        border=ft.Border(top=ft.BorderSide(1, look.hairline)),
        padding=ft.Padding.only(left=16, right=8, top=4, bottom=4),
        height=None if look.scale > LARGE else high,
    )
