"""The phone's front door: the app in a browser without a server, Python in a worker beside the page.

The page takes notes from its first half second on; once the app's composer is drawn it takes over what was
written there. Pictures and sounds are answered to the page's service worker.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import flet as ft

from fieldlog.model.errors import FieldLogError, StoreBusy
from fieldlog.model.ports import Disk
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.machine.machine import (
    POCKET,
    addressed,
    browser,
    earlier_roots,
    first_page,
    here,
    share_inbox,
)
from fieldlog.services.pocket.adopt_text import adopt
from fieldlog.services.pocket.browser.browser_http import BrowserHttp
from fieldlog.services.pocket.browser.browser_keyring import BrowserKeyring
from fieldlog.services.pocket.browser.hub_http import HubHttp
from fieldlog.services.pocket.browser.policy import Policy
from fieldlog.services.pocket.browser.webcrypto import find_cipher
from fieldlog.services.pocket.earlier import Opens, Roots
from fieldlog.services.pocket.first_page import Handover
from fieldlog.services.pocket.targets_in_use import targets_in_use
from fieldlog.services.serving import Serving
from fieldlog.services.study.studies import list_studies
from fieldlog.ui.app import open_window
from fieldlog.ui.journeys import Journeys
from fieldlog.ui.parts.basics import asks, button, text
from fieldlog.ui.parts.theme import BODY, LOOKS, TITLE
from fieldlog.ui.window.another_tab import patiently, say_instead
from fieldlog.ui.words.words import Words, language, later

log = logging.getLogger(__name__)
AGAIN_SECONDS = 0.25
ARRIVED_SECONDS = 0.1
LEAVE_SECONDS = 1.0
"""After a change, until what the next first half second shows is put right."""


async def start() -> None:
    """Open the study while the screens are still being fetched. Returns when Flet knows whom to show it to."""
    whose = Whose()
    opening = asyncio.ensure_future(_open(whose))

    async def main(page: ft.Page) -> None:
        wanted = asyncio.ensure_future(whose.wanted.wait())
        await patiently(page, opening, wanted)
        if not opening.done():
            whose.ask(page)
            await whose.answered.wait()
            await patiently(page, opening)
        wanted.cancel()
        try:
            desk, policy = await opening
        except FieldLogError as refusal:
            say_instead(page, later("FieldLog can’t open here"), str(refusal))
            _tell_first_page({"failed": str(refusal)})
            return
        page.clean()
        await _show(page, desk, whose)
        await _let_through(desk, policy)

    ft.run(main)


class Whose:
    """Which store is opened: this app's own, or what an earlier version left under names that do not say whose.

    `wanted` is set where a person is to say, `answered` once they did; `opened` is which it is.
    """

    def __init__(self) -> None:
        self.wanted, self.answered = asyncio.Event(), asyncio.Event()
        self.opened: Opens = "own"
        self.roots: Roots | None = None
        self._titles: tuple[str, ...] = ()

    async def root(self) -> str:
        """The folder of the browser's storage whose studies are opened."""
        if await earlier_roots():
            self.roots = Roots(
                own=browser().disk_at(""), earlier=browser(POCKET).disk_at(""), page=first_page(earlier=True),
                shared=share_inbox(earlier=True), path=here(),
            )  # fmt: skip
            self.opened = await self.roots.opens()
            if self.opened == "ask":
                await self._asked()
        return POCKET if self.opened == "earlier" else addressed(POCKET)

    async def _asked(self) -> None:
        try:
            self._titles = tuple([row.title for row in await list_studies(browser(POCKET))])
        except Exception:
            log.exception("what an earlier version left has no titles")
        self.wanted.set()
        await self.answered.wait()

    def ask(self, page: ft.Page) -> None:
        """Say what is there, and let a person choose. The page's own composer gives way to that."""
        _tell_first_page({"done": True})
        self.draw(page)

    def draw(self, page: ft.Page, refusal: FieldLogError | None = None) -> None:
        """The question, and what refused the answer."""
        words, look = (
            Words(language()),
            LOOKS["night" if page.platform_brightness == ft.Brightness.DARK else "day"],
        )
        refused = [text(words.told(refusal), BODY, look.fault)] if refusal else []
        take, leave = (asks(self._chosen, page, opens) for opens in ("earlier", "own"))
        page.clean()
        page.add(ft.SafeArea(ft.Column([
            text(words("Notes of an earlier FieldLog are here"), TITLE, look.words),
            text(words("They lie in this browser under this host name. Are they yours?"), BODY, look.words),
            *(text(one, BODY, look.words) for one in self._titles), *refused,
            button("earlier-take", words("Yes, go on with them"), look, take, filled=True),
            button("earlier-leave", words("No, start with an empty app"), look, leave),
            text(words("Nothing is moved or removed. You can go to them later, on This device."), BODY, look.meta),
        ], spacing=16), minimum_padding=16))  # fmt: skip

    async def _chosen(self, page: ft.Page, opens: Opens) -> None:
        """A person chose; where another tab of this app was answered before, that holds. Where taking them is
        refused, they are still asked."""
        roots = self.roots
        assert roots
        try:
            if await roots.is_left() and (before := await roots.opens()) != "ask":
                opens = before
            await roots.choose(take=opens == "earlier")
        except FieldLogError as refusal:
            if opens == "earlier":
                self.draw(page, refusal)
                return
            log.exception("that what an earlier version left is not wanted could not be kept")
        self.opened = opens
        self.answered.set()

    async def beside(self) -> str:
        """The store that is not opened, as Carried has it."""
        roots = self.roots
        if roots is None:
            return ""
        if found := await roots.beside(self.opened):
            return found
        taken = self.opened == "own" and await roots.earlier.list("studies") and not await roots.is_left()
        return "anothers" if taken else ""

    async def go_beside(self) -> None:
        """Open the other store from the next start on."""
        if self.roots is not None:
            await self.roots.choose(take=self.opened != "earlier")


def _tell_first_page(told: dict[str, Any]) -> None:
    """What is said to the page before there is a window."""
    from fieldlog.ui.pocket.channel import Channel

    Channel(addressed("fieldlog-quick"), lambda _: None, context=contextvars.copy_context()).tell(told)


async def _open(whose: Whose) -> tuple[Desk, Policy]:
    """The desk, as soon as no other tab has it, and whom this worker may reach."""
    root, policy = await whose.root(), Policy()
    while True:
        try:
            machine = browser(
                root,
                cipher=find_cipher(),
                http=partial(BrowserHttp, policy=policy),
                to_hub=partial(HubHttp, policy=policy),
                keyring=BrowserKeyring(),
            )
            return await Desk.open(machine), policy
        except StoreBusy:
            await asyncio.sleep(AGAIN_SECONDS)


async def _show(page: ft.Page, desk: Desk, whose: Whose) -> None:
    from fieldlog.server.channel import serve_media

    serve_media(Serving(lambda: desk.work))
    journeys = await open_window(page, desk)
    roots, taken = whose.roots, whose.opened == "earlier"
    journeys.pocket.installed.begin(beside=await whose.beside(), go_beside=whose.go_beside)
    FirstPage(journeys, roots.page if roots and taken else None, gave_way=whose.answered.is_set()).begin()
    _hear_of_shares(journeys, roots.shared if roots and taken else None)


async def _let_through(desk: Desk, policy: Policy) -> None:
    """From the next start on, whom a study exchanges with, and nobody else."""
    try:
        await policy.keep(await targets_in_use(desk.machine))
    except FieldLogError:
        log.exception("whom the next start may reach could not be kept")


def _hear_of_shares(journeys: Journeys, earlier: Disk | None) -> None:
    """Take in what other apps shared while nobody was here, and whatever they share from now on."""
    from fieldlog.ui.pocket.channel import Channel

    shared = journeys.pocket.shared
    line = Channel(addressed("fieldlog-share"), shared.heard, context=journeys.window.context)
    shared.begin(share_inbox(), line, earlier=earlier)


class FirstPage:
    """What the page wrote before us, and what it shows next time. Lives as long as the window. `earlier` is where
    the page of an earlier version kept what is ours now; the page's composer may have `gave_way` before us."""

    def __init__(self, journeys: Journeys, earlier: Disk | None, *, gave_way: bool) -> None:
        from fieldlog.ui.pocket.channel import Channel

        window = journeys.window
        self._window, self._field, self._installed = window, journeys.field, journeys.pocket.installed
        self._line = Channel(addressed("fieldlog-quick"), self._heard, context=window.context)
        self._handing = Handover(window.desk, first_page(), post=self._line.tell, show=self._put)
        self._leaving: asyncio.TimerHandle | None = None
        self._tasks = set[asyncio.Task[Any]]()
        self._study, self._earlier, self._gave_way = window.desk.work, earlier, gave_way

    def begin(self) -> None:
        self._do(self._begin)

    async def _begin(self) -> None:
        """What an earlier version's page kept comes first: it was written before."""
        await self._adopt_earlier()
        if self._gave_way:
            with suppress(FieldLogError):
                await self._handing.adopt()
        self._handing.begin()
        self._window.desk.told.append(self._changed)
        self._changed()

    async def _adopt_earlier(self) -> None:
        desk = self._window.desk
        if self._earlier is None or desk.work is None or desk.capture is None or desk.writing is None:
            return
        try:
            await adopt(desk.work, desk.capture, desk.writing, self._earlier, closed=True)
            self._field.put(desk.text)  # it may have gone on in the text that stands there
        except Exception:
            log.exception("what an earlier version's page wrote stays there for the next start")

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
            self._do(self._adopt_earlier)
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
