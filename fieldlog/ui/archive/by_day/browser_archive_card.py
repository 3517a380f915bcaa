"""The archive by production day in a browser: saved as one ZIP, or written into a folder that a person chooses."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.archive.actions import ArchiveJourney
from fieldlog.ui.archive.state import LyingZip, Work
from fieldlog.ui.parts.basics import asks, button, card, tagged, text
from fieldlog.ui.parts.theme import BODY, LABEL, META
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.times import bytes_words, moment_words


@ft.component
def BrowserArchiveCard(journey: ArchiveJourney, shell: Shell, work: Work, lying: LyingZip) -> ft.Control:
    words, look, archive = journey.words, shell.look, journey.in_browser
    ft.use_effect(archive.look, [])
    free = not work.what
    actions: list[ft.Control] = [
        button(
            "archive-zip", words("Save the archive as ZIP"), look, asks(archive.save_zip), enabled=free,
            icon=ft.Icons.FOLDER_ZIP_OUTLINED,
        )
    ]  # fmt: skip
    if archive.folders:
        actions.append(
            button(
                "archive-into", words("Into a folder"), look, asks(archive.into_folder), enabled=free,
                icon=ft.Icons.DRIVE_FOLDER_UPLOAD_OUTLINED,
            )
        )  # fmt: skip
    known = journey.window.desk.copies.archive if journey.window.desk.copies else None
    facts: list[ft.Control] = []
    if known and known.at:
        when = moment_words(known.at, journey.window.zone, words)
        said = words("Written {when} into {folder}", when=when, folder=known.path)
        facts.append(tagged("archive-written", text(said, META, look.meta), said))
    return card(
        look,
        text(
            words("A folder a day: notes, sound, photos, and a list to check them by. Opens without FieldLog."),
            LABEL,
            look.meta,
        ),
        *facts,
        ft.Row(actions, wrap=True),
        *_lying(journey, shell, lying, free=free),
        title=words("Archive by production day"),
    )


def _lying(journey: ArchiveJourney, shell: Shell, lying: LyingZip, *, free: bool) -> list[ft.Control]:
    """The ZIP that lies here: out again, or off this device."""
    words, look, archive = journey.words, shell.look, journey.in_browser
    if not lying.name:
        return []
    said = words(
        "{name}, {size}: it takes this space here until you remove it or make another.",
        name=lying.name, size=bytes_words(lying.bytes),
    )  # fmt: skip
    actions: list[ft.Control] = [
        button(
            "archive-hand-over", words("Share or save it"), look, asks(archive.hand_over), enabled=free,
            icon=ft.Icons.IOS_SHARE,
        ),
        button("archive-remove", words("Remove it here"), look, asks(archive.remove), enabled=free),
    ]  # fmt: skip
    return [tagged("archive-lying", text(said, BODY, look.words), said), ft.Row(actions, wrap=True)]
