"""A memo in a row: play or pause, its waveform with what was heard and what was marked, its length."""

from __future__ import annotations

from typing import Any

import flet as ft

from fieldlog.ui.parts.basics import icon_target, tagged, text, where
from fieldlog.ui.parts.theme import CLOCK, Look
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.rows.state import Playing
from fieldlog.ui.rows.views import Sound
from fieldlog.ui.words.times import clock_of

HIGH, FLAG, PARTS = 40, 8, 1000
MOST_SAID = 12


@ft.component
def SoundBar(
    sound: Sound, look: Look, journey: RowsJourney, playing: Playing, flags: tuple[float, ...] = ()
) -> ft.Control:
    """A tap on the waveform plays from the flag that is nearest, where there are any."""
    width = ft.use_ref(0.0)
    mine = playing.entry == sound.entry
    going = mine and playing.going
    share = min(1.0, playing.at / sound.seconds) if mine and sound.seconds else 0.0

    async def play(_: ft.ControlEvent) -> None:
        await journey.player.toggle(sound.entry, journey.window.media(f"sound/{sound.entry}"))

    label = journey.words("Pause") if going else journey.words("Play")
    icon = ft.Icons.PAUSE if going else ft.Icons.PLAY_ARROW
    said = f"{clock_of(playing.at)} / {sound.length}" if mine else sound.length
    target = icon_target(
        f"play-{sound.entry}", icon, label, play, size=look.target, color=look.primary, border=look.hairline
    )
    wave = _wave(sound, look, journey, share if mine else None, flags, width)
    shown: list[ft.Control] = [target, ft.Container(wave, expand=True)]
    return ft.Row([*shown, text(said, CLOCK, look.meta)], spacing=12)


def _wave(
    sound: Sound, look: Look, journey: RowsJourney, heard: float | None, flags: tuple[float, ...], width: Any
) -> ft.Control:
    image = _image(sound, look, journey, look.outline)
    layers: list[ft.Control] = [image if heard is None else _heard(image, heard, look)]
    if not flags:
        return ft.Stack(layers, height=HIGH)
    layers.append(_flags(flags, sound.seconds, look))
    return _flagged(ft.Stack(layers, height=HIGH), sound, look, journey, flags, width)


def _flagged(
    face: ft.Control, sound: Sound, look: Look, journey: RowsJourney, flags: tuple[float, ...], width: Any
) -> ft.Control:
    """A tap plays from the mark that is nearest; by keys or a screen reader from the next. `width` keeps how wide
    the waveform is drawn."""

    def sized(event: Any) -> None:
        width.current = event.width

    async def tap(event: ft.TapEvent[ft.GestureDetector]) -> None:
        at = where(event)
        if at and width.current:
            there = at.x / width.current * sound.seconds
            flag = min(flags, key=lambda second: abs(second - there))
        else:
            heard = journey.playing.at if journey.playing.entry == sound.entry else -1.0
            flag = next((second for second in flags if second > heard), flags[0])
        await journey.player.play_at(sound.entry, flag)

    times = ", ".join(clock_of(second) for second in flags[:MOST_SAID])
    said = journey.words.many("{n} mark: {times}", "{n} marks: {times}", len(flags), times=times)
    around = ft.Padding.symmetric(vertical=max(0.0, (look.target - HIGH) / 2))
    target = ft.Container(face, padding=around, on_size_change=sized)
    # Not as soon as a finger is down: it may be there to scroll, and nothing is to be heard by itself.
    return tagged(f"marks-{sound.entry}", ft.GestureDetector(target, on_tap_up=tap), said, button=True)


def _heard(image: ft.Control, share: float, look: Look) -> ft.Control:
    """The waveform, what was heard of it in another colour."""
    two = ft.LinearGradient(
        colors=[look.primary, look.primary, look.outline, look.outline], stops=[0.0, share, share, 1.0]
    )
    return ft.ShaderMask(shader=two, content=image, blend_mode=ft.BlendMode.SRC_IN)


def _image(sound: Sound, look: Look, journey: RowsJourney, color: str) -> ft.Control:
    return ft.Image(
        src=journey.window.media(f"wave/{sound.entry}"),
        color=color,
        height=HIGH,
        width=float("inf"),
        fit=ft.BoxFit.FILL,
        gapless_playback=True,
        exclude_from_semantics=True,
        error_content=ft.Divider(color=look.hairline),
    )


def _flags(flags: tuple[float, ...], seconds: float, look: Look) -> ft.Control:
    """A flag at each of these seconds."""
    row: list[ft.Control] = []
    reached = 0
    for second in flags:
        at = round(min(1.0, second / seconds if seconds else 0.0) * PARTS)
        if at > reached:
            row.append(ft.Container(expand=at - reached))
        row.append(_flag(look))
        reached = max(at, reached)
    row.append(ft.Container(expand=max(1, PARTS - reached)))
    return ft.Container(ft.Row(row, spacing=0), left=0, right=0, top=0, bottom=0)


def _flag(look: Look) -> ft.Control:
    """A pole as high as the waveform with a cloth at its top; it takes no room of its own."""
    pole = ft.Container(width=2, height=HIGH, bgcolor=look.primary, left=0, top=0)
    cloth = ft.Container(width=FLAG, height=FLAG, bgcolor=look.primary, left=0, top=0)
    return ft.Stack([pole, cloth], width=2, height=HIGH, clip_behavior=ft.ClipBehavior.NONE)
