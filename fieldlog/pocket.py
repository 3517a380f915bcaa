"""The phone's front door: the app in a browser without a server, Python in a worker beside the page.

The page takes notes from its first half second on; once the app's composer is drawn it takes over what was
written there. Pictures and sounds are answered to the page's service worker.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable
from typing import Any

import flet as ft

from fieldlog.model.errors import FieldLogError, StoreBusy
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.machine.machine import browser, first_page, share_inbox
from fieldlog.services.pocket.first_page import Handover
from fieldlog.services.pocket.webcrypto import find_cipher
from fieldlog.services.serving import Serving
from fieldlog.ui.app import open_window
from fieldlog.ui.journeys import Journeys
from fieldlog.ui.parts.basics import text
from fieldlog.ui.parts.theme import BODY, FONTS, LOOKS, TITLE
from fieldlog.ui.words.words import Words, language, later

log = logging.getLogger(__name__)
AGAIN_SECONDS = 0.25
PATIENT_SECONDS = 2.0
"""So long a page that was just left may still hold the store; until then nothing is said."""

ARRIVED_SECONDS = 0.1
LEAVE_SECONDS = 1.0
"""After a change, until what the next first half second shows is put right."""


async def start() -> None:
    """Open the study while the screens are still being fetched. Returns when Flet knows whom to show it to."""
    opening = asyncio.ensure_future(_open())

    async def main(page: ft.Page) -> None:
        done, _ = await asyncio.wait([opening], timeout=PATIENT_SECONDS)
        if not done:
            _say(
                page,
                later("FieldLog is open in another tab"),
                later("Only one can write at a time. Go on there, or close it: this one opens by itself then."),
            )
        try:
            desk = await opening
        except FieldLogError as refusal:
            _say(page, later("FieldLog can’t open here"), str(refusal))
            _tell_first_page(str(refusal))
            return
        page.clean()
        await _show(page, desk)

    ft.run(main)


def _tell_first_page(sentence: str) -> None:
    """It goes on keeping notes, and says so."""
    from fieldlog.ui.pocket.channel import Channel

    Channel("fieldlog-quick", lambda _: None, context=contextvars.copy_context()).tell({"failed": sentence})


async def _open() -> Desk:
    """The desk, as soon as no other tab has it."""
    while True:
        try:
            return await Desk.open(browser(find_cipher()))
        except StoreBusy:
            await asyncio.sleep(AGAIN_SECONDS)


async def _show(page: ft.Page, desk: Desk) -> None:
    from fieldlog.server.channel import serve_media

    serve_media(Serving(lambda: desk.work))
    journeys = await open_window(page, desk)
    journeys.pocket.installed.begin()
    FirstPage(journeys).begin()
    _hear_of_shares(journeys)


def _hear_of_shares(journeys: Journeys) -> None:
    """Take in what other apps shared while nobody was here, and whatever they share from now on."""
    from fieldlog.ui.pocket.channel import Channel

    shared = journeys.pocket.shared
    line = Channel("fieldlog-share", shared.heard, context=journeys.window.context)
    shared.begin(share_inbox(), line)


class FirstPage:
    """What the page wrote before us, and what it shows next time. Lives as long as the window."""

    def __init__(self, journeys: Journeys) -> None:
        from fieldlog.ui.pocket.channel import Channel

        window = journeys.window
        self._window, self._field, self._installed = window, journeys.field, journeys.pocket.installed
        self._line = Channel("fieldlog-quick", self._heard, context=window.context)
        self._handing = Handover(window.desk, first_page(), post=self._line.tell, show=self._put)
        self._leaving: asyncio.TimerHandle | None = None
        self._tasks = set[asyncio.Task[Any]]()
        self._study = window.desk.work

    def begin(self) -> None:
        self._handing.begin()
        self._window.desk.told.append(self._changed)
        self._changed()

    def _heard(self, told: dict[str, Any]) -> None:
        self._do(lambda: self._handing.hear(told))

    async def _put(self, text: str, chips: Chips, cursor: tuple[int, int] | None) -> None:
        """Let the app's field hold this, and the keys go there. What the field answers comes after its text."""
        self._field.put(text)
        self._field.state.chips = chips
        if cursor is not None:
            await self._field.focus()
        await asyncio.sleep(ARRIVED_SECONDS)

    def _changed(self) -> None:
        if self._window.desk.work is not self._study:
            self._study = self._window.desk.work
            self._do(self._handing.adopt)
            self._installed.keep()
        if self._leaving:
            self._leaving.cancel()
        self._leaving = asyncio.get_running_loop().call_later(LEAVE_SECONDS, self._leave)

    def _leave(self) -> None:
        self._do(lambda: self._handing.leave(self._window.shell.language))

    def _do(self, verb: Callable[[], Any]) -> None:
        async def guarded() -> None:
            try:
                await verb()
            except Exception:
                log.exception("what the page wrote could not be taken over")
                self._line.tell({"failed": ""})

        task = asyncio.get_running_loop().create_task(guarded(), context=self._window.context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _say(page: ft.Page, head: str, said: str) -> None:
    """Two sentences instead of the app."""
    words, look = Words(language()), LOOKS["night" if page.platform_brightness == ft.Brightness.DARK else "day"]
    page.title, page.fonts, page.bgcolor = "FieldLog", FONTS, look.surface
    lines: list[ft.Control] = [text(words(head), TITLE, look.words), text(words(said), BODY, look.words)]
    page.clean()
    page.add(ft.SafeArea(ft.Column(lines, spacing=16), minimum_padding=16))
