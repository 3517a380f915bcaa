"""Copies in the pocket: made, handed to the page, and proven by digits or by the file; and what comes in."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.archive.actions import ArchiveJourney
from fieldlog.ui.archive.state import Asking, Leaving, Work
from fieldlog.ui.parts.basics import asks, button, card, field, tagged, text
from fieldlog.ui.parts.theme import BODY, LABEL, TARGET
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.times import bytes_words


def only_here(journey: ArchiveJourney, stream: Stream) -> str:
    """41 items not backed up, the oldest for 2 days."""
    words = journey.words
    if not stream.only_here:
        if next(journey.work.store.state.entries(), None) is None:
            return words("Nothing to back up yet.")
        copies = journey.window.desk.copies
        if copies is None or not copies.copies:
            return words("Everything here came from another device, and is there, too.")
        return words("Everything here is in a backup that was read back whole.")
    days = stream.oldest_days
    n = stream.only_here
    if days < 1:
        return words.many("{n} item not backed up, since today.", "{n} items not backed up, since today.", n)
    return words.many(
        "{n} item not backed up, for {days} d.",
        "{n} items not backed up, the oldest for {days} d.",
        n,
        days=days,
    )


@ft.component
def HandOver(journey: ArchiveJourney, shell: Shell, stream: Stream, work: Work, leaving: Leaving) -> ft.Control:
    """Make one; hand it over; prove it. And bring in what came from elsewhere."""
    words, look, handing = journey.words, shell.look, journey.outbox
    ft.use_effect(handing.look, [])
    free = not work.what
    make = button(
        "copies-make", words("Back up"), look, asks(handing.make), filled=not leaving.name, enabled=free,
        icon=ft.Icons.COPY_ALL_OUTLINED,
    )  # fmt: skip
    bring_in = button(
        "copies-bring-in", words("Import a file"), look, asks(handing.bring_in), enabled=free,
        icon=ft.Icons.MOVE_TO_INBOX_OUTLINED,
    )  # fmt: skip
    return ft.Column(
        [
            card(
                look,
                text(only_here(journey, stream), BODY, look.attention if stream.old else look.words),
                text(
                    words(
                        "One file leaves by the share sheet or as a download. It counts as a backup once a laptop "
                        "has all of it, or you have chosen the saved file again."
                    ),
                    LABEL,
                    look.meta,
                ),
                *_how(journey, shell, leaving),
                ft.Row([make]),
                *_waiting(journey, shell, leaving, free=free),
            ),
            card(
                look,
                text(words("A backup from another device, or a month file."), LABEL, look.meta),
                ft.Row([bring_in]),
                title=words("From another device"),
            ),
        ],
        spacing=16,
    )


def _how(journey: ArchiveJourney, shell: Shell, leaving: Leaving) -> list[ft.Control]:
    """Sealed or not; everything, or what is new since the last backup, where there is one."""
    words, look, handing = journey.words, shell.look, journey.outbox

    def seal(event: ft.Event[ft.Switch]) -> None:
        leaving.sealed = bool(event.control.value)

    def since_last(event: ft.Event[ft.Switch]) -> None:
        leaving.since_last = bool(event.control.value)

    def typed(value: str) -> None:
        handing.passphrase = value

    sealed = words("Seal it with a passphrase")
    face = ft.Switch(value=leaving.sealed, on_change=seal, active_color=look.primary, height=TARGET)
    rows: list[ft.Control] = [_switched(shell, tagged("copies-sealed", face, sealed), sealed)]
    if leaving.sealed:
        said = words("Without the passphrase nobody can read the file, you neither: FieldLog does not keep it.")
        rows += [
            field(
                "copies-passphrase", words("Passphrase, at least 8 characters"), look, value=handing.passphrase,
                on_change=typed, hidden=True,
            ),
            text(said, LABEL, look.meta),
        ]  # fmt: skip
    copies = journey.window.desk.copies
    if copies and copies.copies:
        new = words("Only what is new since the last backup")
        face = ft.Switch(value=leaving.since_last, on_change=since_last, active_color=look.primary, height=TARGET)
        rows.append(_switched(shell, tagged("copies-since-last", face, new), new))
    return rows


def _switched(shell: Shell, switch: ft.Control, said: str) -> ft.Control:
    return ft.Row([text(said, LABEL, shell.look.words, expand=True), switch], spacing=12)


def _waiting(journey: ArchiveJourney, shell: Shell, leaving: Leaving, *, free: bool) -> list[ft.Control]:
    """What left and is not proven: by digits, by the file, or handed over again."""
    words, look, handing = journey.words, shell.look, journey.outbox
    if not leaving.name:
        return []

    def typed(value: str) -> None:
        handing.digits = value

    said = words("{name}, {size}: not backed up yet.", name=leaving.name, size=bytes_words(leaving.bytes))
    actions: list[ft.Control] = [
        button(
            "copies-confirm", words("It is there"), look, asks(handing.confirm), filled=True, enabled=free,
            icon=ft.Icons.FACT_CHECK_OUTLINED,
        ),
        button("copies-prove", words("Choose the saved file"), look, asks(handing.prove), enabled=free),
    ]  # fmt: skip
    if leaving.here:
        share = words("Share or save it")
        actions.append(
            button("copies-hand-over", share, look, asks(handing.hand_over), enabled=free, icon=ft.Icons.IOS_SHARE)
        )
    return [
        tagged("copies-waiting", text(said, BODY, look.words), said),
        field(
            "copies-digits", words("The eight digits that the laptop shows"), look, value=handing.digits,
            on_change=typed, keyboard=ft.KeyboardType.NUMBER, on_submit=asks(handing.confirm),
        ),
        ft.Row(actions, wrap=True),
    ]  # fmt: skip


@ft.component
def OpenSealed(journey: ArchiveJourney, shell: Shell, asking: Asking) -> ft.Control:
    """The passphrase of a sealed file that comes in, while one waits for it."""
    words, look, opening = journey.words, shell.look, journey.opening
    if not asking.name:
        return ft.Container(visible=False)

    def typed(value: str) -> None:
        opening.typed = value

    return card(
        look,
        text(words("{name} is sealed. Its passphrase opens it.", name=asking.name), BODY, look.words),
        field(
            "sealed-passphrase", words("Passphrase"), look, on_change=typed, hidden=True, autofocus=True,
            on_submit=lambda _: opening.open(),
        ),
        ft.Row(
            [
                button("sealed-open", words("Open it"), look, lambda _: opening.open(), filled=True),
                button("sealed-leave", words("Later"), look, lambda _: opening.leave()),
            ]
        ),
    )  # fmt: skip
