"""The page's composer hands over to the app's: what the two say to each other, in order.

What is said is told at the top of assets/pocket/quick.js. Nothing here knows how messages travel, or what draws.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Disk
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.pocket.adopt_sound import adopt_sound
from fieldlog.services.pocket.adopt_text import Adopted, adopt, draft_of, take
from fieldlog.services.pocket.last_state import LAST, leave

Told = Mapping[str, Any]
Show = Callable[[str, Chips, tuple[int, int] | None], Awaitable[None]]
"""Lets the composer's field hold this text, with these chips beside it, the cursor there; where there is a cursor,
the keys are to go there. Returns when the field holds it."""


class Handover:
    """One page and the desk. `hear` what the page says, in its order; `post` is how it hears of us.

    `gone` is set once its composer has given way.
    """

    def __init__(self, desk: Desk, disk: Disk, *, post: Callable[[dict[str, Any]], None], show: Show) -> None:
        self._desk, self._disk, self._post, self._show = desk, disk, post, show
        self._page: str | None = None
        self._one = asyncio.Lock()
        self.gone = asyncio.Event()

    def begin(self) -> None:
        """The composer is drawn, or the screen that stands in for it where no study is open yet."""
        if self._desk.work is None:
            self._say({"done": True})
        else:
            self._say({"want": "handles"})

    async def hear(self, told: Told) -> None:
        """What a page said. Another page's words, once one has answered, are not ours."""
        told = _plain(told)
        if self._page is None and "handles" in told:
            self._page = told.get("page")
        if self._page is not None and told.get("page") != self._page:
            return
        async with self._one:
            try:
                await self._do(told)
            except FieldLogError as refusal:
                self._desk.refused(refusal)
                if "handles" in told or "last" in told:
                    self._say({"failed": str(refusal)})

    async def adopt(self, running: str | None = None) -> Adopted:
        """Take in what the page has let go of: also where a study was only opened now."""
        desk = self._desk
        work, capture, writing = desk.work, desk.capture, desk.writing
        if work is None or capture is None or writing is None:
            return Adopted()
        found = await adopt(work, capture, writing, self._disk, running=running)
        desk.recovered += [one for one in found.memos if not one.clean]
        desk.tell()
        return found

    async def leave(self, language: str = "") -> None:
        """Leave for the next first half second how things stand; nothing where no study is open any more."""
        desk = self._desk
        if desk.work is None:
            await self._disk.remove(LAST)
        elif desk.capture is not None and desk.writing is not None:
            left = await leave(self._disk, desk.work, desk.capture, desk.writing, language=language)
            self._say({"left": {"language": left["language"], "look": left["look"]}})

    async def _do(self, told: Told) -> None:
        if "handles" in told:
            handles = told["handles"]
            await self.adopt(handles.get("recording"))
            await self._put(handles)
            self._say({"done": True})
        elif "last" in told:
            await self._last(told["last"])
        elif "stopped" in told:
            await self._stopped(str(told["stopped"]))
        elif told.get("gone"):
            self.gone.set()
        elif told.get("hidden"):
            await self.leave()

    async def _last(self, told: Told) -> None:
        """What was typed while the rest was taken in; on the disk before the page hears so."""
        desk = self._desk
        work, capture, writing = desk.work, desk.capture, desk.writing
        if work is None or capture is None or writing is None:
            return
        found = [draft_of(one) for one in told.get("drafts") or ()]
        await take(work, capture, writing, found)
        desk.tell()
        await self._put(told)
        self._say({"taken": told["n"]})

    async def _stopped(self, sound: str) -> None:
        desk = self._desk
        work, capture = desk.work, desk.capture
        if work is None or capture is None:
            return
        await adopt_sound(work, capture, self._disk, sound)
        desk.tell()
        self._say({"heard": sound})

    async def _put(self, told: Told) -> None:
        """Show the open text, the cursor where it was; it is closed where nobody writes on."""
        writing = self._desk.writing
        held = writing.held if writing is not None else None
        text = str(held["text"]) if held else ""
        chips = Chips.of(held["chips"]) if held else Chips()
        if held:
            self._desk.typed(text, chips)
        draft = next((one for one in told.get("drafts") or () if one["id"] == told.get("open")), None)
        cursor = None
        if told.get("focus"):
            start, end = told.get("selection") or (0, 0)
            # Behind what stood in the composer before, where the draft was added to it.
            more = len(text) - len(draft["text"]) if draft and text.endswith(draft["text"]) else 0
            cursor = (start + more, end + more)
        await self._show(text, chips, cursor)

    def _say(self, message: dict[str, Any]) -> None:
        self._post({**message, "page": self._page} if self._page else message)


def _plain(value: Any) -> Any:
    """As JSON has it. A browser's null comes as a thing of its own, which is not None."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float) else None
