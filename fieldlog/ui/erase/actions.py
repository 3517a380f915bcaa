"""Erasing for good in one window: what goes and why, and what is shown to whoever asked for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from fieldlog.model.errors import FieldLogError, NotSaved
from fieldlog.model.records import StoredEntry
from fieldlog.services.entry.sketches import Picture, pictures_of
from fieldlog.services.erase.elsewhere import elsewhere
from fieldlog.services.erase.erase import Erased, Erasing
from fieldlog.ui.alone.actions import AloneJourney
from fieldlog.ui.erase.proof import Proof, proof_of
from fieldlog.ui.erase.state import Erasure
from fieldlog.ui.memo.actions import MemoJourney
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.state import SHOW
from fieldlog.ui.window.window import Window
from fieldlog.ui.words.times import seconds_of
from fieldlog.ui.words.words import later

PART = "part"
REASONS = {
    "asked-to": later("Asked to"), "by-mistake": later("By mistake"), "not-agreed": later("Not agreed"),
}  # fmt: skip


class EraseJourney(Journey):
    """The sheet of one window. Whatever window erases, nothing in this one brings it back."""

    def __init__(self, window: Window, rows: RowsJourney, memo: MemoJourney, alone: AloneJourney) -> None:
        super().__init__(window)
        self.rows, self.memo, self.alone = rows, memo, alone
        self.asked = Erasure()
        self.proof: Proof | None = None
        self._seen = (0, 0)
        window.on_change.append(self._changed)

    def begin(self, entry: str) -> None:
        """Ask what of an entry is to go, and why."""
        asked = self.asked
        asked.entry, asked.reason, asked.what, asked.told, asked.busy = entry, "", "", "", False
        asked.start = asked.end = ""
        self.window.open_sheet("erase")

    def because(self, reason: str) -> None:
        self.asked.reason = reason

    def choose(self, what: str) -> None:
        """All of it (""), a part of the sound (`PART`), or the file of this id."""
        self.asked.what, self.asked.told = what, ""

    async def do(self) -> None:
        """Erase, and show that it is done. A refusal stands in the sheet, which stays open."""
        asked = self.asked
        if asked.busy or not asked.reason:
            return
        asked.busy, asked.told = True, ""
        day = self.rows.day_of(asked.entry)
        try:
            verb = self._verb(Erasing(self.work))
            await self._let_go()
            erased = await verb()
        except FieldLogError as refusal:
            asked.told = self.window.words.told(refusal)
            return
        finally:
            asked.busy = False
        if self.rows.reader.entry(asked.entry) is None:
            self.window.go(f"/days/{day}")
        await self.prove(erased)

    async def prove(self, erased: Erased) -> None:
        """Show what was erased, in both languages, and where it may still lie."""
        work = self.work
        self.proof = proof_of(erased, await elsewhere(work, erased), work.zone, self.words)
        self.window.open_sheet("erased")

    def pictures(self, entry: str) -> list[Picture]:
        return pictures_of(self.work, entry)

    def _verb(self, erasing: Erasing) -> Callable[[], Awaitable[Erased]]:
        """What was chosen. Raises `NotUnderstood` for times that are none."""
        asked = self.asked
        if not asked.what:
            return lambda: erasing.erase([asked.entry], reason=asked.reason)
        if asked.what != PART:
            return lambda: erasing.erase_file(asked.entry, asked.what, reason=asked.reason)
        start, end = seconds_of(asked.start), seconds_of(asked.end)
        return lambda: erasing.erase_span(asked.entry, start, end, reason=asked.reason)

    async def _let_go(self) -> None:
        """Nothing of it is played or waits to be cleared while it goes."""
        desk = self.window.desk
        if self.rows.playing.entry == self.asked.entry:
            await self.rows.player.stop()
        if desk.writing is not None:
            with suppress(NotSaved):
                await desk.writing.keep()

    def _changed(self) -> None:
        """What could be taken back may be what was erased, and its words stand in the strip: it goes."""
        work = self.work
        now = (id(work.store), work.store.erasures)
        if now == self._seen:
            return
        erased, self._seen = now[1] > (self._seen[1] if now[0] == self._seen[0] else 0), now
        if erased:
            self.window.forget_undo()
            apart, shell = self.alone.apart, self.window.shell
            if shell.alone == SHOW and all(
                StoredEntry.of(doc).text != apart.text for doc in work.store.state.entries()
            ):
                apart.text = ""
