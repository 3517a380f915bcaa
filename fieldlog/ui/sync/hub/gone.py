"""A device that will never come again counts no more, once a person says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from fieldlog.ui.parts.basics import asks, button, text
from fieldlog.ui.parts.theme import LABEL
from fieldlog.ui.sync.hub.state import Gone
from fieldlog.ui.sync.views import StandingRow
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import Window


class GoneJourney(Journey):
    """`looked` is what looks at everything anew."""

    def __init__(self, window: Window, looked: Callable[[], Awaitable[None]]) -> None:
        super().__init__(window)
        self.state, self._looked = Gone(), looked

    def ask(self, device: str) -> None:
        self.state.asked = device

    def leave(self) -> None:
        self.state.asked = ""

    async def let_go(self, name: str) -> None:
        """A person agreed."""
        from fieldlog.services.sync.proof.gone import let_go, take_back  # not before it is asked for

        device, work = self.state.asked, self.work
        self.state.asked = ""

        async def gone() -> None:
            await let_go(work, device)
            self.window.offer_undo(self.words("{name} counts no more.", name=name), back)

        async def back() -> None:
            await take_back(work, device)
            await self._looked()

        await self.window.attempt(gone())
        await self._looked()


@ft.component
def GoneRow(journey: GoneJourney, shell: Shell, state: Gone, row: StandingRow, number: str) -> ft.Control:
    """Small, below another device; then the question."""
    words, look = journey.words, shell.look
    if state.asked != row.id:
        said = words("This device is gone")
        return ft.Row([button(f"sync-gone-{number}", said, look, lambda _: journey.ask(row.id), color=look.meta)])
    question = words(
        "Is {name} lost, broken or given away? What it had counts no more for what is proven on 2 devices. Should "
        "it come again, it counts again.",
        name=row.name,
    )
    actions = [
        button("sync-gone-yes", words("It is gone"), look, asks(journey.let_go, row.name)),
        button("sync-gone-no", words("Not now"), look, lambda _: journey.leave()),
    ]
    return ft.Column(
        [text(question, LABEL, look.words), ft.Row(actions, wrap=True, spacing=8, run_spacing=8)], spacing=8
    )
