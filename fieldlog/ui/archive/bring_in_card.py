"""Bringing in: a file is chosen or dropped, what it would bring is told, and then a person decides."""

from __future__ import annotations

from typing import Protocol

import flet as ft

from fieldlog.ui.archive.actions import ArchiveJourney
from fieldlog.ui.archive.state import Coming, Work
from fieldlog.ui.parts.basics import asks, button, card, strip, strip_action, tagged, text
from fieldlog.ui.parts.theme import BODY, LABEL
from fieldlog.ui.window.state import Shell


class Recording(Protocol):
    """What is watched of the microphone."""

    on: bool


@ft.component
def BringInCard(journey: ArchiveJourney, shell: Shell, coming: Coming, work: Work) -> ft.Control:
    """What can come in; and once a file was looked at, what it would bring."""
    words, look, incoming = journey.words, shell.look, journey.incoming
    free = not work.what
    if coming.name:
        return Looked(journey, shell, coming, work)
    folders = journey.outbox.doorway is None
    said = words(
        "A backup (.zip, .sealed) from your phone or from somebody else, or a month file. You see what is in it "
        "before anything comes in."
    )
    if not folders:
        said = words(
            "A backup (.zip, .sealed) from another device, or a month file. You see what is in it before anything "
            "comes in."
        )
    return card(
        look,
        text(said, LABEL, look.meta),
        ft.Row(
            [
                button(
                    "bring-in-choose", words("Choose a file"), look, asks(incoming.pick), enabled=free,
                    icon=ft.Icons.MOVE_TO_INBOX_OUTLINED,
                )
            ]
        ),
        *([text(words("Or drop it anywhere on this window."), LABEL, look.meta)] if folders else []),
        title=words("Bring in"),
    )  # fmt: skip


@ft.component
def Looked(journey: ArchiveJourney, shell: Shell, coming: Coming, work: Work) -> ft.Control:
    """What the file would bring, and what is to come of it."""
    words, look, incoming = journey.words, shell.look, journey.incoming
    free = not work.what
    title: list[ft.Control] = [text(coming.title, BODY, look.words)] if coming.title else []
    told = [tagged(f"bring-in-told-{n}", text(one, LABEL, look.words), one) for n, one in enumerate(coming.told)]
    faults = [text(one, LABEL, look.fault, selectable=True) for one in coming.faults]
    leave = words("Leave it out") if coming.brings else words("OK")
    actions = [button("bring-in-leave", leave, look, asks(incoming.leave), enabled=free)]
    if coming.brings:
        go = asks(incoming.bring_in)
        actions.insert(0, button("bring-in-go", words("Bring it in"), look, go, filled=True, enabled=free))
    return card(
        look, text(coming.name, LABEL, look.meta, selectable=True), *title, *told, *faults,
        ft.Row(actions, wrap=True), title=words("Bring in"),
    )  # fmt: skip


@ft.component
def ArrivedStrip(
    journey: ArchiveJourney, shell: Shell, coming: Coming, live: Recording, work: Work
) -> ft.Control:  # fmt: skip
    """A copy of this study was seen in Downloads. Not while a memo is recorded or something else is under way."""
    words, look, incoming = journey.words, shell.look, journey.incoming
    if not coming.arrived or coming.name or live.on or work.what:
        return ft.Container(height=0)
    return strip(
        "arrived", words("{name} has arrived: bring it in?", name=coming.arrived), look,
        strip_action("arrived-leave", words("Leave it out"), look, asks(incoming.leave_arrived), calm=True),
        strip_action("arrived-look", words("Look at it"), look, asks(incoming.look_at_arrived), calm=True),
        calm=True,
    )  # fmt: skip
