"""The memo of an entry, and the way to what was made while it ran."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.entry.actions import EntryJourney
from fieldlog.ui.parts.basics import Wish, card, chip
from fieldlog.ui.parts.layout import wrapped
from fieldlog.ui.rows.drawn.sound_bar import SoundBar
from fieldlog.ui.rows.views import EntryView
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.times import clock_of


def memo_card(journey: EntryJourney, shell: Shell, shown: EntryView) -> list[ft.Control]:
    """The memo, and the way to each mark and note that was made while it ran."""
    if shown.sound is None:
        return []
    look, words, rows = shell.look, journey.words, journey.rows
    made = rows.reader.made_during(shown.id)
    inside: list[ft.Control] = [
        SoundBar(shown.sound, look, rows, rows.playing, tuple(at for _, at in made))
    ]  # fmt: skip
    chips: list[ft.Control] = [
        chip(f"made-{entry}", clock_of(at), look, _opens(journey, entry), icon=ft.Icons.FLAG_OUTLINED,
             tag=words("What was made at {time}", time=clock_of(at)))
        for entry, at in made
    ]  # fmt: skip
    if chips:
        inside.append(wrapped(chips))
    return [card(look, *inside)]


def _opens(journey: EntryJourney, entry: str) -> Wish:
    return lambda _: journey.rows.open(entry)
