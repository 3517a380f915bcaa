"""Room on a phone: what could go, asked for before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from fieldlog.model.called import FORMS
from fieldlog.model.errors import FieldLogError
from fieldlog.ui.parts.basics import asks, button, card, tagged, text
from fieldlog.ui.parts.theme import BODY, LABEL
from fieldlog.ui.sync.state import Room
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import Window
from fieldlog.ui.words.times import bytes_words

if TYPE_CHECKING:
    from fieldlog.services.sync.proof.space import Freeable


class MakingRoom(Journey):
    """Lets originals go that are proven twice elsewhere, once a person has agreed."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.state = Room()
        self._found: Freeable | None = None

    async def look(self) -> None:
        """See what could go; on a laptop nothing does."""
        from fieldlog.services.sync.proof.space import can_free  # not before it is asked for

        if self.work.machine.keeps:
            return
        self._found = found = await can_free(self.work)
        state, words = self.state, self.words
        state.count, state.size = len(found.originals), bytes_words(found.bytes)
        state.on = words(", ").join(words(FORMS.get(one, one)) for one in found.on)
        state.why = tuple(words.told(one) for one in found.why)

    def ask(self) -> None:
        self.state.asked, self.state.said = True, ""

    def leave(self) -> None:
        self.state.asked = False

    async def go(self) -> None:
        """A person agreed."""
        from fieldlog.services.sync.proof.space import free_space  # not before it is asked for

        state, words = self.state, self.words
        if self._found is None or state.goes:
            return
        state.goes = True
        try:
            done = await free_space(self.work, self._found)
            state.said = words.many(
                "{n} original went: {size} are free.", "{n} originals went: {size} are free.", done.count,
                size=bytes_words(done.bytes),
            )  # fmt: skip
        except (FieldLogError, OSError) as why:
            state.said = words.told(why)
        finally:
            state.goes = state.asked = False
        await self.look()


@ft.component
def RoomCard(room: MakingRoom, shell: Shell, state: Room) -> ft.Control:
    """Only where something could go; it says first what stays, and where the rest is."""
    words, look = room.words, shell.look
    said: list[ft.Control] = [tagged("room-said", text(state.said, LABEL, look.words))] if state.said else []
    if not state.count:
        return ft.Column(said)
    stays = words("Originals that are proven twice elsewhere. Small pictures and every word stay.")
    inside: list[ft.Control] = [text(stays, LABEL, look.meta)]
    inside += [text(one, LABEL, look.meta) for one in state.why]
    if state.asked:
        question = words.many(
            "Let {n} original go from this phone? It stays on {places} and can be fetched again.",
            "Let {n} originals go from this phone? They stay on {places} and can be fetched again.",
            state.count, places=state.on,
        )  # fmt: skip
        go = words("Let it go") if state.count == 1 else words("Let them go")
        actions = [
            button("room-go", go, look, asks(room.go), enabled=not state.goes),
            button("room-leave", words("Not now"), look, lambda _: room.leave()),
        ]
        inside += [text(question, BODY, look.words), ft.Row(actions, wrap=True, spacing=8)]
    else:
        inside.append(ft.Row([button("room-ask", words("Free space"), look, lambda _: room.ask())]))
    return card(look, *inside, *said, title=words("Free space on this phone: {size}", size=state.size))
