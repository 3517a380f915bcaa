"""Writing: from its first character a text is an entry, kept while it is being written.

There are no drafts. What is typed is on the disk within a quarter of a second, whatever the windows do. The text
becomes a line of the journal when it is sent, when it was left alone for two minutes, when a session begins or
ends, and at the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from fieldlog.model.entry import Entry, lane_of
from fieldlog.model.errors import FieldLogError, NotFound, NotSaved, NotUnderstood
from fieldlog.model.moment import Moment, iso, parse
from fieldlog.model.vocabulary import NOTE_TYPES
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.open_text.left_open import moment_of, readable, told_of
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.opentext import OpenText

PLAIN = Chips()
KEEP_SECONDS = 0.25
"""From a key until it is on the disk."""

AGAIN_SECONDS = 5.0
"""After a refusal, until keeping is tried again unasked."""

AWAY_SECONDS = 120.0
"""A text left alone for so long is closed by itself."""


class Keeping:
    """When the open text is kept, and when it is closed by itself. `kept` is when what stands there was kept last.

    `tell` is called when something changed, `refused` with what was refused in the background, `settled` when that
    no longer holds; `do` does something in the background.
    """

    def __init__(
        self, *, tell: Callable[[], None], refused: Callable[[FieldLogError], None], settled: Callable[[], None],
        do: Callable[[Coroutine[Any, Any, Any]], None],
    ) -> None:  # fmt: skip
        self._tell, self._refused, self._settled, self._do = tell, refused, settled, do
        self.kept: Moment | None = None
        self._open: tuple[Writing, Capture] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._away: asyncio.TimerHandle | None = None
        self._again: asyncio.TimerHandle | None = None

    def sit(self, writing: Writing, capture: Capture) -> None:
        """What is typed from now on is of this study."""
        self._open, self.kept = (writing, capture), None

    def rest(self) -> None:
        """Wait for nothing more."""
        for one in (self._keeping, self._away, self._again):
            if one:
                one.cancel()

    def leave(self) -> None:
        """No study is open."""
        self._open = None

    def is_typed(self) -> bool:
        """Whether something was typed that is still to be kept."""
        return self._keeping is not None and not self._keeping.done()

    def typed(self, text: str, chips: Chips) -> None:
        """The whole text as it now stands; it is kept within a quarter of a second."""
        if self._open is None:
            return
        self._open[0].typed(text, chips)
        self._soon()
        if self._away:
            self._away.cancel()
        self._away = asyncio.get_running_loop().call_later(AWAY_SECONDS, lambda: self._do(self.send()))

    async def send(self) -> Entry | None:
        """Close the text: it is an entry, on the disk, when this returns. Raises as `Writing.close` does."""
        if self._open is None:
            return None
        try:
            entry = await self._open[0].close()
        except FieldLogError as refusal:
            self._refused(refusal)
            raise
        self.kept = None
        self._settled()
        if entry is not None:
            self._tell()
        return entry

    def _soon(self) -> None:
        """Keep what was typed, soon; keys that follow each other are kept together."""
        if self._again:
            self._again.cancel()
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.ensure_future(self._keep_soon())

    async def _keep_soon(self) -> None:
        await asyncio.sleep(KEEP_SECONDS)
        if self._open is None:
            return
        writing, capture = self._open
        try:
            if await writing.keep():
                self.kept = capture.now() if writing.text else None
                self._settled()
        except NotSaved as refusal:
            self._refused(refusal)
            self._again = asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._soon)
        self._tell()


class Writing:
    """The one text that is open on this device."""

    def __init__(self, work: Workspace, slots: OpenText, capture: Capture) -> None:
        self._work = work
        self._capture = capture
        self._slots = slots
        self._open: dict[str, Any] | None = None
        self._dirty = False
        self.found: Entry | None = None
        """What stood open when the app was killed, now an entry like any other."""

    @classmethod
    async def open(cls, work: Workspace, capture: Capture | None = None) -> Writing:
        """Take up writing in an open study; what was left open is closed first, unasked.

        Where the machine says that people return, it stays open until `close_left`.
        """
        slots = await work.room.needed(lambda: OpenText.open(work.store.disk))
        writing = cls(work, slots, capture or Capture(work))
        writing._open = readable(work, writing._slots.kept, writing._capture)
        left = writing._open
        if not work.machine.returns or left is None or work.store.state.raw(left["id"]) is not None:
            writing.found = await writing._closed_again()
        return writing

    @property
    def text(self) -> str:
        return self._open["text"] if self._open else ""

    @property
    def held(self) -> Mapping[str, Any] | None:
        """What is open, as it is kept: `id text began session during chips`, `kept` when that was last done."""
        return self._open

    def typed(self, text: str, chips: Chips = PLAIN) -> None:
        """The whole text as it now stands. Its first character is the moment it was begun.

        Nothing is on the disk before `keep`. A text taken away is no entry.
        """
        if not text.strip():
            self._dirty |= self._open is not None
            self._open = None
            return
        if self._open is None:
            began = self._capture.now()
            session = chips.session or self._capture.session_at(began.at - chips.back)
            during = dict(self._capture.heard_at(began, chips))
            new = self._work.machine.new_id()
            self._open = {"id": new, "began": told_of(began), "session": session, "during": during}
        said = {"text": text, "chips": chips.told()}
        if said.items() <= self._open.items():
            return
        self._open |= said
        self._dirty = True

    async def keep(self) -> bool:
        """Put what was typed on the disk; whether there was anything new.

        Raises `DiskFull` or `NotSaved`: the text stays open, what was kept before is still kept.
        """
        if not self._dirty:
            return False
        await self._work.room.needed(self._put)
        return True

    async def _put(self) -> None:
        try:
            if self._open is None:
                self._slots.clear()
            else:
                self._open["kept"] = iso(self._capture.now().at)
                self._slots.keep(self._open)
        except NotSaved:
            await self._slots.reopen()
            raise
        self._dirty = False

    async def take_up(
        self, record: str, text: str, chips: Chips, *, began: Moment, session: str | None,
        drafted: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Go on in a text that was begun before the app was up, under its id; on the disk when this returns.

        Another one that is open is closed first. `drafted` is kept beside it: what of the text came from there.
        """
        if self._open is not None and self._open["id"] != record:
            await self.close()
        if self._open is None:
            during = dict(chips.during)
            self._open = {"id": record, "began": told_of(began), "session": session, "during": during}
        self._open = {**self._open, "text": text, "chips": chips.told(), "drafted": dict(drafted)}
        self._dirty = True
        await self.keep()

    async def close_left(self) -> Entry | None:
        """Close what was left open so long ago that nobody goes on in it; as an entry, where it was."""
        left = self._open
        if left is None or self._dirty:
            return None
        away = self._capture.now().at - parse(left.get("kept") or left["began"]["at"])
        if abs(away) >= self._work.machine.returns:
            self.found = await self._closed_again()
        return self.found

    async def let_go(self, record: str) -> None:
        """This text is not open any more: it is an entry, or was taken away."""
        if self._open is not None and self._open["id"] == record:
            self._open = None
            await self._forget()

    def shown(self) -> Mapping[str, Any] | None:
        """The open text as a row of the stream: an entry's fields, and `open`. None where nothing is open."""
        if self._open is None:
            return None
        chips = self._open["chips"]
        at = Chips.of(chips).occurred(moment_of(self._open["began"])).at
        return {
            "id": self._open["id"], "text": self._open["text"], "session": self._open["session"],
            "kind": chips["kind"], "note_type": chips["note_type"], "occurred_at": iso(at), "open": True,
        }  # fmt: skip

    async def close(self) -> Entry | None:
        """Make the open text an entry and start anew; None where nothing is open. When it returns, it is saved.

        Raises `NotFound` or `NotUnderstood` for a chip that fits nothing, `DiskFull` or `NotSaved`: in each case
        the text stays open.
        """
        if self._open is None:
            await self.keep()
            return None
        closing, self._open = self._open, None
        try:
            entry = await self._save(closing, Chips.of(closing["chips"]))
        except BaseException:
            if self._work.store.state.raw(closing["id"]) is None:
                # What was typed while room was looked for is the same text, further on.
                further = self.held or {}
                self._open = {**closing, **{name: further[name] for name in ("text", "chips") if name in further}}
            raise
        await self._forget()
        return entry

    async def leave(self) -> None:
        """Close the open text and let go of its files."""
        try:
            await self.close()
        finally:
            self._slots.close()

    async def _closed_again(self) -> Entry | None:
        """Close what was left open: once, even where the app was killed between saving it and forgetting it."""
        left = self._open
        if left is None:
            return None
        entry = None
        if self._work.store.state.raw(left["id"]) is None:
            chips = Chips.of(left["chips"])
            try:
                entry = await self._save(left, chips)
            except (NotFound, NotUnderstood):
                note_type = chips.note_type if chips.note_type in NOTE_TYPES else "PN"
                entry = await self._save({**left, "session": None}, Chips(note_type=note_type))
        self._open = None
        await self._forget()
        return entry

    async def _forget(self) -> None:
        """Free the slots of what is an entry now. Where the disk refuses, the next start knows it is one."""
        self._dirty = True
        with suppress(NotSaved):
            await self.keep()

    async def _save(self, open_: Mapping[str, Any], chips: Chips) -> Entry:
        """It is on the disk before the first await, so that nobody types in between."""
        began, closed = moment_of(open_["began"]), self._capture.now()
        chips = replace(chips, session=open_["session"], during=open_.get("during") or {})
        entry, ops = self._capture.draft(open_["text"], chips, began=began, closed=closed, entry_id=open_["id"])
        lane = lane_of(entry.note_type)
        await self._work.save([*ops, self._work.op(entry, lane=lane, ms=closed.ms)], lane=lane)
        return entry
