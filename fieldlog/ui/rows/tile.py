"""An entry as a row: time, type rule, words, photos, a player."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.ui.parts.basics import asks, chip, icon_target, memo, tagged, text
from fieldlog.ui.parts.icons import KIND_ICONS
from fieldlog.ui.parts.theme import BODY, CLOCK, META, Look
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.rows.landing import row_key
from fieldlog.ui.rows.state import Playing
from fieldlog.ui.rows.views import Heard, Sound, StreamRow
from fieldlog.ui.words.times import clock_of, short_date

THUMB = 56
MANY_LINES, MANY_CHARACTERS = 12, 800
"""What a row shows of a long text; the entry's page shows it whole."""


@ft.component
def _Tile(
    row: StreamRow, look: Look, journey: RowsJourney, wish: Callable[[str], None], chosen: bool = False
) -> ft.Control:
    ink = look.types.get(row.note_type, look.meta)
    body: list[ft.Control] = []
    if row.type_words:
        body.append(text(row.type_words, META, ink))
    if row.text:
        body.append(text(row.text[:MANY_CHARACTERS], BODY, look.words, lines=MANY_LINES))
    if row.sound:
        body.append(SoundBar(row.sound, look, journey, journey.playing))
    if row.meta:
        body.append(text(row.meta, META, look.meta))
    if row.heard:
        body.append(_heard(row, row.heard, look, journey))
    if row.states:
        body.append(text(row.states, META, look.attention))
    if row.photos:
        body.append(ft.Row([_thumb(sha, look, journey) for sha in row.photos[:4]], spacing=8))
    date, _, clock = row.clock.rpartition(" ")
    left = ft.Column(
        [
            *([text(short_date(date, journey.words), META, look.meta)] if date else []),
            text(clock, CLOCK, look.meta),
            ft.Icon(KIND_ICONS.get(row.kind, KIND_ICONS["jotting"]), size=18, color=ink),
        ],
        spacing=2,
        width=look.grown(44),
    )
    words = ft.Container(
        ft.Column(body, spacing=2),
        expand=True,
        padding=ft.Padding.only(left=12),
        border=ft.Border(left=ft.BorderSide(3, ink if row.type_words else look.hairline)),
    )
    face = ft.Container(
        ft.Row([left, words], spacing=8, vertical_alignment=ft.CrossAxisAlignment.START),
        padding=ft.Padding.symmetric(horizontal=16, vertical=8),
        on_click=lambda _: wish(row.id),
        bgcolor=look.primary_container if chosen else None,
    )
    return tagged(f"entry-{row.id}", face, row.label, button=True, selected=chosen or None)


Tile = memo(_Tile)


def marked(row: ft.Control, entry: str) -> ft.Control:
    """A row that can be scrolled to."""
    return ft.Container(row, key=row_key(entry))


def _heard(row: StreamRow, heard: Heard, look: Look, journey: RowsJourney) -> ft.Control:
    """Play what was heard just then."""
    at = clock_of(heard.at)
    play = asks(journey.player.play_at, heard.memo, heard.at)
    label = journey.words("Play the memo at {time}", time=at)
    return ft.Row([chip(f"heard-{row.id}", at, look, play, icon=ft.Icons.PLAY_ARROW, tag=label)])


def _thumb(sha256: str, look: Look, journey: RowsJourney) -> ft.Control:
    return ft.Image(
        src=journey.window.media(f"thumb/{sha256}"),
        width=THUMB,
        height=THUMB,
        fit=ft.BoxFit.COVER,
        border_radius=8,
        opacity=look.thumb_opacity,
        cache_width=THUMB * 3,
        error_content=ft.Icon(ft.Icons.IMAGE_OUTLINED, size=24, color=look.outline),
        semantics_label=journey.words("Photo"),
    )


@ft.component
def SoundBar(sound: Sound, look: Look, journey: RowsJourney, playing: Playing) -> ft.Control:
    """Play or pause, the waveform with what was heard, and the length."""
    mine = playing.entry == sound.entry
    going = mine and playing.going
    share = min(1.0, playing.at / sound.seconds) if mine and sound.seconds else 0.0

    async def play(_: ft.ControlEvent) -> None:
        await journey.player.toggle(sound.entry, journey.window.media(f"sound/{sound.entry}"))

    def wave(color: str) -> ft.Control:
        return ft.Image(
            src=journey.window.media(f"wave/{sound.entry}"),
            color=color,
            height=40,
            fit=ft.BoxFit.FILL,
            expand=True,
            gapless_playback=True,
            exclude_from_semantics=True,
            error_content=ft.Divider(color=look.hairline),
        )

    heard = max(1, round(share * 1000))
    shade = ft.Row(
        [ft.Container(expand=heard, bgcolor=look.primary, height=2), ft.Container(expand=1001 - heard, height=2)],
        spacing=0,
    )
    label = journey.words("Pause") if going else journey.words("Play")
    icon = ft.Icons.PAUSE if going else ft.Icons.PLAY_ARROW
    said = f"{clock_of(playing.at)} / {sound.length}" if mine else sound.length
    return ft.Row(
        [
            icon_target(
                f"play-{sound.entry}",
                icon,
                label,
                play,
                size=look.target,
                color=look.primary,
                border=look.hairline,
            ),
            ft.Column(
                [ft.Row([wave(look.outline)]), *([shade] if mine else [])], spacing=0, expand=True, tight=True
            ),
            text(said, CLOCK, look.meta),
        ],
        spacing=12,
    )
