"""What this device is called where others see it."""

from __future__ import annotations

import flet as ft

from fieldlog.model.errors import FieldLogError
from fieldlog.services.sync.hubs.own_name import name_device, own_name
from fieldlog.ui.parts.basics import asks, button, card, field, keyed, text
from fieldlog.ui.parts.theme import LABEL
from fieldlog.ui.sync.hub.state import Naming
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import Window


class NamingThis(Journey):
    """`typed` is what stands in the field."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.state, self.typed = Naming(), ""

    async def look(self) -> None:
        name = own_name(await self.window.desk.device())
        if name != self.state.name:
            self.typed = self.state.name = name
            self.state.turn += 1

    def type(self, name: str) -> None:
        self.typed = name

    async def keep(self) -> None:
        """Other devices show this name once they have exchanged."""
        state = self.state
        try:
            await name_device(await self.window.desk.device(), self.typed)
        except FieldLogError as why:
            state.problem = self.words.told(why)
            return
        state.problem = ""
        self.window.desk.hub.renamed()
        await self.look()


@ft.component
def NameCard(journey: NamingThis, shell: Shell, naming: Naming) -> ft.Control:
    words, look = journey.words, shell.look
    return card(
        look,
        text(words("Your other devices show it."), LABEL, look.meta),
        keyed(_Name, f"name-{naming.turn}", journey, shell, naming),
        ft.Row([button("device-name-keep", words("Save"), look, asks(journey.keep))]),
        title=words("Name of this device"),
    )


@ft.component
def _Name(journey: NamingThis, shell: Shell, naming: Naming) -> ft.Control:
    return field(
        "device-name", journey.words("Name"), shell.look, value=naming.name, on_change=journey.type,
        error=naming.problem or None, on_submit=asks(journey.keep),
    )  # fmt: skip
