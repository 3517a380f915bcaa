"""The tally: one tap counts one more of something, and is on the disk when it is shown."""

from __future__ import annotations

from dataclasses import replace

from fieldlog.model.entry import Entry, lane_of
from fieldlog.model.records import StoredEntry
from fieldlog.model.sentence import Sentence
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace


class Tally:
    """Counts in an open study. What is counted goes on until something else is, or another session begins."""

    def __init__(self, work: Workspace, capture: Capture) -> None:
        self.work, self._capture = work, capture
        self.entry: str | None = None

    @property
    def running(self) -> StoredEntry | None:
        """The count that goes on: its entry as stored, or None."""
        entry = self.work.store.state.read(StoredEntry, self.entry)
        if entry is None or not entry.shown:
            return None
        now = self._capture.session_at(self._capture.now().at)
        return entry if entry.session == now else None

    async def one_more(self, what: str = "", chips: Chips | None = None) -> Done[Entry]:
        """Count one; with `what`, begin counting that.

        Taken back, a count of nothing stays as one that was begun.
        """
        running = self.running
        if running is None or (what.strip() and what.strip() != running.text):
            begun = replace(chips or Chips(), kind="count", count=1)
            entry = await self._capture.note(what.strip(), begun)
            self.entry = entry.id
        else:
            entry = await self._set(running, int(running.count or 0) + 1)
        said = Sentence("Counted: {n} {what}", n=entry.count or 0, what=entry.text)
        return Done(made=entry, said=said, back=self._one_less)

    async def _one_less(self) -> None:
        running = self.running
        if running is not None:
            await self._set(running, max(0, int(running.count or 0) - 1))

    async def _set(self, entry: StoredEntry, count: int) -> Entry:
        lane = lane_of(entry.note_type)
        await self.work.save([self.work.setting(entry, {"count": count}, lane=lane)], lane=lane)
        return Entry.of(self.work.store.state.get(entry.id) or entry.doc)
