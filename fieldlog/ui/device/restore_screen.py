"""Before a study is open: one comes back from an archive's folder, or comes in from another device."""

from __future__ import annotations

from pathlib import Path

import flet as ft

from fieldlog.ui.archive.bring_in_card import BringInCard
from fieldlog.ui.archive.outbox_card import OpenSealed
from fieldlog.ui.archive.screens import Outcome
from fieldlog.ui.archive.state import Work
from fieldlog.ui.device.actions import DeviceJourney
from fieldlog.ui.parts.basics import asks, button, card, field, icon_target, page_column, row_target, text
from fieldlog.ui.parts.theme import HEAD, LABEL, META, TITLE
from fieldlog.ui.window.state import Shell


@ft.component
def RestorePage(journey: DeviceJourney, shell: Shell) -> ft.Control:
    restoring = journey.restoring
    return page_column(
        _back_and_title("restore-back", journey, shell, journey.words("Restore from an archive folder")),
        RestoreCard(journey, shell, restoring.long.state),
        Outcome(restoring, shell, restoring.long.state),
        spacing=16,
    )


@ft.component
def BringInPage(journey: DeviceJourney, shell: Shell) -> ft.Control:
    archive = journey.archive
    return page_column(
        _back_and_title("bring-in-back", journey, shell, journey.words("Bring in a backup")),
        OpenSealed(archive, shell, archive.opening.asking),
        BringInCard(archive, shell, archive.incoming.coming, archive.under_way),
        Outcome(archive, shell, archive.under_way),
        spacing=16,
    )


def _back_and_title(identifier: str, journey: DeviceJourney, shell: Shell, said: str) -> ft.Control:
    look = shell.look
    back = icon_target(
        identifier, ft.Icons.ARROW_BACK, journey.words("Back"), lambda _: journey.window.go("/welcome"),
        color=look.words,
    )  # fmt: skip
    return ft.Row([back, text(said, TITLE, look.words)], spacing=8)


@ft.component
def RestoreCard(journey: DeviceJourney, shell: Shell, work: Work) -> ft.Control:
    """The folder, typed, or one of those that lie where they are proposed to."""
    words, look, restoring = journey.words, shell.look, journey.restoring
    folder = ft.use_ref("")
    found, show = ft.use_state(tuple(restoring.found))
    free = not work.what

    async def look_around() -> None:
        await restoring.look_around()
        show(tuple(restoring.found))

    ft.use_effect(look_around, [])

    def typed(value: str) -> None:
        folder.current = value

    async def restore(_: ft.ControlEvent) -> None:
        await restoring.restore(folder.current or "")

    rows = [_archive(journey, shell, place, path, free) for place, path in enumerate(found)]
    near: list[ft.Control] = [text(words("Archives found here"), HEAD, look.meta), *rows] if rows else []
    back: list[ft.Control] = []
    if work.said and not work.what and work.faults and journey.window.desk.work is not None:
        back = [button("restore-open", words("Open the study"), look, lambda _: journey.window.go("/days"))]
    return card(
        look,
        text(
            words("An archive folder that FieldLog wrote. Its study comes back beside those that are here."),
            LABEL,
            look.meta,
        ),
        *near,
        field("restore-folder", words("Folder"), look, on_change=typed, on_submit=restore),
        ft.Row(
            [
                button(
                    "restore-go", words("Restore"), look, restore, filled=True, enabled=free,
                    icon=ft.Icons.SETTINGS_BACKUP_RESTORE,
                ),
                *back,
            ],
            wrap=True,
        ),
    )  # fmt: skip


def _archive(journey: DeviceJourney, shell: Shell, place: int, path: Path, free: bool) -> ft.Control:
    look = shell.look
    inside = ft.Column(
        [text(path.parent.name, HEAD, look.words, lines=1), text(str(path), META, look.meta)], spacing=0
    )
    wish = asks(journey.restoring.restore, str(path)) if free else None
    return row_target(f"restore-near-{place}", inside, look, wish)
