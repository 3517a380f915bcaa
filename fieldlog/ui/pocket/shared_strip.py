"""A bundle that came from another app: brought in, or left, by a person's word."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.archive.state import Work
from fieldlog.ui.memo.state import Live
from fieldlog.ui.parts.basics import strip, strip_action
from fieldlog.ui.pocket.actions import PocketJourney
from fieldlog.ui.pocket.state import Offered
from fieldlog.ui.window.state import Shell


@ft.component
def OfferedStrip(journey: PocketJourney, shell: Shell, offered: Offered, live: Live, work: Work) -> ft.Control:
    """Not while a memo is recorded or something else is under way: importing may open another study."""
    words, look = journey.words, shell.look
    if not offered.name or live.on or work.what:
        return ft.Container(height=0)

    async def bring_in(_: ft.ControlEvent) -> None:
        await journey.shared.bring_in()

    async def leave(_: ft.ControlEvent) -> None:
        await journey.shared.leave()

    said = words("From another app: {what}.", what=offered.name)
    return strip(
        "shared-bundle", said, look,
        strip_action("shared-leave", words("Leave it out"), look, leave, calm=True),
        strip_action("shared-bring-in", words("Bring it in"), look, bring_in, calm=True),
        calm=True,
    )  # fmt: skip
