"""Removing the open study from this device: where all of it is besides here, else its title to be typed."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.device.actions import DeviceJourney
from fieldlog.ui.device.state import Leaving
from fieldlog.ui.parts.basics import asks, button, field, sheet_head, tagged, text
from fieldlog.ui.parts.layout import sheet_column
from fieldlog.ui.parts.theme import BODY, HEAD, LABEL, META, Look
from fieldlog.ui.window.state import Shell


def remove_row(journey: DeviceJourney, look: Look) -> ft.Control:
    """Where This device leads to this sheet."""
    said = journey.words("Remove this study from this device…")
    wish = asks(journey.ask_to_remove)
    return ft.Row(
        [button("device-remove", said, look, wish, icon=ft.Icons.DELETE_FOREVER_OUTLINED, color=look.fault)],
        wrap=True,
    )


@ft.component
def RemoveSheet(journey: DeviceJourney, shell: Shell, leaving: Leaving) -> ft.Control:
    words, look = journey.words, shell.look
    alone = words("It goes from this device alone. Backups, archives and other devices keep it.")
    head = sheet_head(
        words("Remove from this device"), words("Close"), look, lambda _: journey.window.close_sheet()
    )
    refusal = [tagged("remove-told", text(leaving.told, LABEL, look.fault), leaving.told)] if leaving.told else []
    return sheet_column(
        head,
        text(leaving.title, HEAD, look.words),
        text(alone, BODY, look.words),
        *(_proven(journey, look, leaving) if leaving.where else _unproven(journey, look, leaving)),
        *refusal,
        button(
            "remove-do", words("Remove from this device"), look, asks(journey.remove), filled=True,
            icon=ft.Icons.DELETE_FOREVER_OUTLINED,
        ),
    )  # fmt: skip


def _proven(journey: DeviceJourney, look: Look, leaving: Leaving) -> list[ft.Control]:
    said = journey.words("All of it is in a backup or a checked archive:")
    return [text(said, LABEL, look.words), *(text(one, META, look.meta, selectable=True) for one in leaving.where)]


def _unproven(journey: DeviceJourney, look: Look, leaving: Leaving) -> list[ft.Control]:
    words = journey.words
    said = words(
        "Not all of it is in a backup or a checked archive that can be found from here. What is only here will be "
        "lost. Back up first, or type its title to remove it all the same."
    )

    def typed(value: str) -> None:
        leaving.typed = value

    return [
        text(said, LABEL, look.attention),
        field("remove-title", words("Its title"), look, value=leaving.typed, on_change=typed),
    ]
