"""The way back from an entry: to where one came from, with its row in sight and marked."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from typing import Any

import flet as ft

from fieldlog.ui.rows.state import WINDOW_ROWS, Stream
from fieldlog.ui.window.device import quietly
from fieldlog.ui.window.flet_insides import ask
from fieldlog.ui.window.window import Window

DRAWN_SECONDS, SCROLL_SECONDS = 0.15, 5.0
"""A row can be scrolled to once it is laid out; how long the client may take to answer."""

FIRST_PART = 26
"""Entries read at first: several screens of them, and no more than are drawn at once. Then a window at a time."""

BEFORE_ROWS = 20
"""Entries read before the one that was come back to."""

FAR = 20_000
"""How far around what is seen rows are laid out, in dp, until the one that is looked for was scrolled to:
Flutter finds no row that it has not laid out yet."""

_ENTRY = re.compile(r"/days/[^/]+/e/([^/]+)")


def entry_of(route: str) -> str:
    """The entry whose page an address is; "" where it is another screen's."""
    found = _ENTRY.fullmatch(route)
    return found[1] if found else ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What of a long list is read: `count` entries from the `start`th on. `row` is the entry to bring in sight."""

    start: int = 0
    count: int = FIRST_PART
    row: str = ""

    @staticmethod
    def around(place: int, row: str) -> Part:
        """The part in which the `place`th entry stands, with some before it."""
        return Part(start=max(0, place - BEFORE_ROWS), row=row)

    @property
    def before(self) -> int:
        """How many more `earlier` reads."""
        return min(WINDOW_ROWS, self.start)

    def left(self, total: int, shown: int) -> int:
        """How many more `later` reads, of a list of `total` of which so many are `shown`."""
        return max(0, min(WINDOW_ROWS, total - self.start - shown))

    def later(self) -> Part:
        return replace(self, count=self.count + WINDOW_ROWS)

    def earlier(self, first: str) -> Part:
        """With those before it; what stood first stays in sight."""
        return Part(start=self.start - self.before, count=self.count + self.before, row=first)


class Landing:
    """`entry` is the id of the entry whose page was just left for the screen one is on.

    It is "" where one came by another way, as by the destinations.
    """

    def __init__(self, window: Window, stream: Stream) -> None:
        self._window, self._stream = window, stream
        window.on_go.append(self.asked)
        self.entry = ""
        self._here = self._asked = self._leaving = ""
        self._origin = ("", "")

    def opens(self, entry: str) -> None:
        """An entry's page is about to be opened from the screen one is on."""
        if not self.shown:
            self._origin = (entry, self._here)

    def asked(self, route: str) -> None:
        """This window itself goes to an address; any other change is the browser's, as by its way back."""
        self._asked = route

    def arrived(self, route: str) -> None:
        """A screen is shown. The same one again changes nothing."""
        if route == self._here:
            return
        left, self._here = entry_of(self._here), route
        back = left == self._leaving or route != self._asked
        self.entry = left if back and not self.shown else ""
        self._asked = self._leaving = ""

    def leave(self, entry: str, day: str) -> None:
        """Go back to where an entry was opened from, or to the day it is in, by its code, and land on its row."""
        route = self._way_out(entry, day)
        self._leaving = entry
        self._window.go(route)

    @property
    def shown(self) -> str:
        """The entry whose page is shown; "" on another screen."""
        return entry_of(self._here)

    def _way_out(self, entry: str, day: str) -> str:
        """Where its row is: what was changed may have moved it to another day."""
        opened, origin = self._origin
        known = opened == entry and origin not in ("", "/")
        today = any(row.id == entry for row in self._stream.rows)
        if not known or origin.startswith("/days") or (origin == "/now" and not today):
            return f"/days/{day}"
        return origin

    async def bring(self, scrolling: ft.Control | None, row: str) -> None:
        """Scroll until a row stands where one looks. `row` is the value of its `ft.ScrollKey`."""
        await asyncio.sleep(DRAWN_SECONDS)
        if scrolling is None:
            return
        page, asked = self._window.page, {"scroll_key": row, "duration": 0, "curve": ft.AnimationCurve.EASE}
        await quietly(lambda: ask(page, scrolling, "scroll_to", asked, seconds=SCROLL_SECONDS))


def row_key(entry: str) -> ft.ScrollKey:
    """The key of what stands around a row that is scrolled to."""
    return ft.ScrollKey(f"row-{entry}")  # type: ignore[call-arg]


def use_row_in_sight(landing: Landing, row: str) -> tuple[Any, bool]:
    """A hook: where to put the list as `current`, and whether rows are to be laid out `FAR` around what is seen.

    They are until `row` was scrolled to; with "" never. Another `row` is scrolled to anew.
    """
    scrolling: Any = ft.use_ref(None)
    brought, tell = ft.use_state("")

    async def bring() -> None:
        if row and row != brought:
            await landing.bring(scrolling.current, str(row_key(row)))
            tell(row)

    ft.use_effect(bring, [row])
    return scrolling, bool(row) and row != brought
