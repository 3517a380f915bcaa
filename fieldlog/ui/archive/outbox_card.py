"""Copies in the pocket: made, handed to the page, and proven by being picked again; and what comes in."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.archive.actions import ArchiveJourney
from fieldlog.ui.archive.state import Leaving, Work
from fieldlog.ui.parts.basics import button, card, tagged, text
from fieldlog.ui.parts.theme import BODY, LABEL
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.times import bytes_words


def only_here(journey: ArchiveJourney, stream: Stream) -> str:
    """41 items not backed up, the oldest for 2 days."""
    words = journey.words
    if not stream.only_here and next(journey.work.store.state.entries(), None) is None:
        return words("Nothing to back up yet.")
    if not stream.only_here:
        if next(journey.work.store.state.entries(), None) is None:
            return words("Nothing to back up yet.")
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
    """Make one; hand it over; pick it again. And bring in what came from elsewhere."""
    words, look, handing = journey.words, shell.look, journey.outbox
    ft.use_effect(handing.look, [])
    free = not work.what

    async def make(_: ft.ControlEvent) -> None:
        await handing.make()

    async def hand_over(_: ft.ControlEvent) -> None:
        await handing.hand_over()

    async def prove(_: ft.ControlEvent) -> None:
        await handing.prove()

    async def bring_in(_: ft.ControlEvent) -> None:
        await handing.bring_in()

    waiting: list[ft.Control] = []
    if leaving.name:
        said = words("{name}, {size}: not proven yet.", name=leaving.name, size=bytes_words(leaving.bytes))
        waiting.append(tagged("copies-waiting", text(said, BODY, look.words), said))
        actions: list[ft.Control] = [
            button(
                "copies-prove", words("Choose the saved file"), look, prove, filled=True, enabled=free,
                icon=ft.Icons.FACT_CHECK_OUTLINED,
            )
        ]  # fmt: skip
        if leaving.here:
            share = words("Share or save it")
            actions.append(
                button("copies-hand-over", share, look, hand_over, enabled=free, icon=ft.Icons.IOS_SHARE)
            )
        waiting.append(ft.Row(actions, wrap=True))
    return ft.Column(
        [
            card(
                look,
                text(only_here(journey, stream), BODY, look.attention if stream.old else look.words),
                text(
                    words(
                        "One file that holds the whole study leaves by the share sheet or as a download. It "
                        "counts as a backup once you have chosen the saved file and it was found whole."
                    ),
                    LABEL,
                    look.meta,
                ),
                ft.Row(
                    [
                        button(
                            "copies-make", words("Back up now"), look, make, filled=not leaving.name,
                            enabled=free, icon=ft.Icons.COPY_ALL_OUTLINED,
                        )
                    ]
                ),
                *waiting,
            ),
            card(
                look,
                text(words("A bundle from another device, or a month file."), LABEL, look.meta),
                ft.Row(
                    [
                        button(
                            "copies-bring-in", words("Import a file"), look, bring_in, enabled=free,
                            icon=ft.Icons.MOVE_TO_INBOX_OUTLINED,
                        )
                    ]
                ),
                title=words("From another device"),
            ),
        ],
        spacing=16,
    )  # fmt: skip
