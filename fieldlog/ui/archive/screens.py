"""Archive: where the study is kept, written by production day, checked, and copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from fieldlog.ui.archive.actions import ArchiveJourney
from fieldlog.ui.archive.bring_in_card import BringInCard
from fieldlog.ui.archive.by_day.browser_archive_card import BrowserArchiveCard
from fieldlog.ui.archive.long_work import Works
from fieldlog.ui.archive.outbox_card import HandOver, OpenSealed, only_here
from fieldlog.ui.archive.state import Asking, Work
from fieldlog.ui.parts.basics import button, card, field, icon_target, keyed, page_column, tagged, text
from fieldlog.ui.parts.layout import page_in_panes
from fieldlog.ui.parts.theme import BODY, LABEL, META, TITLE
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.times import bytes_words, moment_words

MOST_FAULTS = 200


@ft.component
def Archive(journey: ArchiveJourney, shell: Shell) -> ft.Control:
    look = shell.look
    # A browser's worker has no folder to write into, and its page has a chooser of its own, on Copies.
    folders = journey.outbox.doorway is None
    coming, asking, work = journey.incoming.coming, journey.opening.asking, journey.under_way
    about: list[ft.Control] = [
        CopiesCard(journey, shell, journey.rows.stream),
        *([OpenSealed(journey, shell, asking), BringInCard(journey, shell, coming, work)] if folders else []),
    ]
    by_day = (
        ByDayCard(journey, shell, work)
        if folders
        else BrowserArchiveCard(journey, shell, work, journey.in_browser.lying)
    )
    return page_in_panes(shell.laptop, look, about, [Outcome(journey, shell, work), by_day])


@ft.component
def CopiesCard(journey: ArchiveJourney, shell: Shell, stream: Stream) -> ft.Control:
    words, look = journey.words, shell.look
    said = only_here(journey, stream)
    ink = look.attention if stream.old else look.words
    return card(
        look,
        tagged("archive-only-here", text(said, BODY, ink)),
        ft.Row(
            [
                button(
                    "archive-copies",
                    words("Back up"),
                    look,
                    lambda _: journey.window.go("/archive/copies"),
                    filled=bool(stream.only_here),
                    icon=ft.Icons.COPY_ALL_OUTLINED,
                ),
                button(
                    "archive-sync",
                    words("Devices and backups"),
                    look,
                    lambda _: journey.window.go("/sync"),
                    icon=ft.Icons.SYNC_ALT,
                ),
            ],
            wrap=True,
        ),
        title=words("Backups"),
    )


@ft.component
def ByDayCard(journey: ArchiveJourney, shell: Shell, work: Work) -> ft.Control:
    """The archive by production day: where, when, whether it was checked."""
    words, look = journey.words, shell.look
    folder = ft.use_ref(journey.proposed_archive())
    known = journey.window.desk.copies.archive if journey.window.desk.copies else None

    def typed(value: str) -> None:
        folder.current = value

    async def write(_: ft.ControlEvent) -> None:
        await journey.write_archive(folder.current or "")

    async def verify(_: ft.ControlEvent) -> None:
        await journey.verify_archive(folder.current or "")

    facts: list[ft.Control] = []
    if known and known.at:
        when = moment_words(known.at, journey.window.zone, words)
        facts.append(text(words("Written {when}", when=when), META, look.meta))
    if known and known.verified_at:
        when = moment_words(known.verified_at, journey.window.zone, words)
        n = known.faults or 0
        said = words.many("Checked {when}: {n} fault", "Checked {when}: {n} faults", n, when=when)
        facts.append(text(said, META, look.fault if n else look.meta))
    busy = bool(work.what)
    actions: list[ft.Control] = [
        button(
            "archive-write",
            words("Create / update archive folder"),
            look,
            write,
            filled=not journey.rows.stream.only_here,
            icon=ft.Icons.SAVE_OUTLINED,
            enabled=not busy,
        ),
    ]
    if facts:
        actions.append(
            button(
                "archive-verify",
                words("Check every file"),
                look,
                verify,
                icon=ft.Icons.FACT_CHECK_OUTLINED,
                enabled=not busy,
            )
        )
    return card(
        look,
        text(
            words("A folder a day: notes, sound, photos, and a list to check them by. Opens without FieldLog."),
            LABEL,
            look.meta,
        ),
        field("archive-folder", words("Folder"), look, value=journey.proposed_archive(), on_change=typed),
        *facts,
        ft.Row(actions, wrap=True),
        title=words("Archive by production day"),
    )


@ft.component
def Outcome(journey: Works, shell: Shell, work: Work) -> ft.Control:
    """Progress in bytes with a way to stop, then what came of it, every fault by its name."""
    words, look = journey.words, shell.look
    if work.what:
        share = work.done / work.total if work.total else None
        said = words("{done} of {total}", done=bytes_words(work.done), total=bytes_words(work.total))
        stop = button(
            "archive-stop", words("Stop"), look, lambda _: journey.long.stop(), enabled=not work.stopping
        )
        bar = ft.ProgressBar(value=share, color=look.primary, bgcolor=look.high, semantics_label=said)
        told = tagged("archive-progress", text(said if work.total else words("Looking"), LABEL, look.words))
        return card(look, bar, ft.Row([ft.Container(told, expand=True), stop]))
    if not work.said:
        return ft.Container(visible=False)
    faults: list[ft.Control] = [
        tagged(f"archive-fault-{n}", text(one, LABEL, look.fault, selectable=True), one)
        for n, one in enumerate(work.faults[:MOST_FAULTS])
    ]
    if len(work.faults) > MOST_FAULTS:
        faults.append(text(words("and {n} more", n=len(work.faults) - MOST_FAULTS), LABEL, look.meta))
    return card(
        look, tagged("archive-said", text(work.said, BODY, look.words, selectable=True), work.said), *faults
    )


@ft.component
def CopiesPage(journey: ArchiveJourney, shell: Shell) -> ft.Control:
    """Make a copy: one tap, proposed where; and the copies there are."""
    return _Copies(journey, shell, journey.opening.asking)


@ft.component
def _Copies(journey: ArchiveJourney, shell: Shell, asking: Asking) -> ft.Control:
    """While a file waits for its passphrase nothing else stands there: its button may have lain far below."""
    words, look = journey.words, shell.look
    path = ft.use_ref(journey.proposed_copy())

    def typed(value: str) -> None:
        path.current = value

    back = icon_target(
        "copies-back",
        ft.Icons.ARROW_BACK,
        words("Back"),
        lambda _: journey.window.go("/archive"),
        color=look.words,
    )
    stream, work = journey.rows.stream, journey.under_way
    inside = [keyed(OpenSealed, "asking", journey, shell, asking), Outcome(journey, shell, work)]
    if not asking.name:
        making = (
            keyed(HandOver, "leaving", journey, shell, stream, work, journey.outbox.leaving)
            if journey.outbox.doorway
            else keyed(MakeCopy, "making", journey, shell, stream, work, path, typed)
        )
        inside = [making, Outcome(journey, shell, work), PastCopies(journey, shell, stream)]
    head = ft.Row([back, text(words("Backups"), TITLE, look.words)], spacing=8)
    return page_column(head, *inside)


@ft.component
def MakeCopy(
    journey: ArchiveJourney, shell: Shell, stream: Stream, work: Work, path: Any, typed: Callable[[str], None]
) -> ft.Control:
    words, look = journey.words, shell.look

    async def make(_: ft.ControlEvent) -> None:
        await journey.make_copy(path.current or "")
        path.current = journey.proposed_copy()

    return card(
        look,
        text(only_here(journey, stream), BODY, look.attention if stream.old else look.words),
        field(
            "copies-path",
            words("One file that holds the whole study"),
            look,
            value=path.current or "",
            on_change=typed,
        ),
        text(
            words("Put it on a stick or another disk. It is read back before it counts as a backup."),
            LABEL,
            look.meta,
        ),
        ft.Row(
            [
                button(
                    "copies-make",
                    words("Back up"),
                    look,
                    make,
                    filled=True,
                    enabled=not work.what,
                    icon=ft.Icons.COPY_ALL_OUTLINED,
                )
            ]
        ),
    )


@ft.component
def PastCopies(journey: ArchiveJourney, shell: Shell, stream: Stream) -> ft.Control:
    words, look = journey.words, shell.look
    copies = journey.window.desk.copies
    rows: list[ft.Control] = [
        ft.Column(
            [
                text(moment_words(one.at, journey.window.zone, words), LABEL, look.words),
                text(str(one.path), META, look.meta, selectable=True),
            ],
            spacing=0,
        )
        for one in (copies.copies if copies else ())
    ]
    if not rows:
        return ft.Container(visible=False)
    return card(look, *rows, title=words("Backups made here"))
