"""The tally: one tap counts one more of something, and is on the disk when it is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldlog.model.entry import Entry, lane_of
from fieldlog.model.fold import base_of
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.study.workspace import Workspace


class Tally:
    """Counts in an open study. What is counted goes on until something else is, or another session begins."""

    def __init__(self, work: Workspace, capture: Capture) -> None:
        self.work, self._capture = work, capture
        self.entry: str | None = None

    @property
    def running(self) -> dict[str, Any] | None:
        """The count that goes on: its entry as stored, or None."""
        doc = self.work.store.state.get(self.entry) if self.entry else None
        if doc is None or "_deleted" in doc or "_erased" in doc:
            return None
        now = self._capture.session_at(self._capture.now().at)
        return doc if doc.get("session") == now else None

    async def one_more(self, what: str = "", chips: Chips | None = None) -> Entry:
        """Count one; with `what`, begin counting that."""
        doc = self.running
        if doc is None or (what.strip() and what.strip() != doc.get("text")):
            begun = replace(chips or Chips(), kind="count", count=1)
            entry = await self._capture.note(what.strip(), begun)
            self.entry = entry.id
            return entry
        return await self._set(doc, int(doc.get("count") or 0) + 1)

    async def one_less(self) -> None:
        """Take the last one back; a count of nothing stays as one that was begun."""
        doc = self.running
        if doc is not None:
            await self._set(doc, max(0, int(doc.get("count") or 0) - 1))

    async def _set(self, doc: dict[str, Any], count: int) -> Entry:
        lane = lane_of(doc.get("note_type", ""))
        op = self.work.change("set", "entry", doc["id"], {"count": count}, base_of(doc, ["count"]), lane=lane)
        await self.work.save([op], lane=lane)
        return Entry.of(self.work.store.state.get(doc["id"]) or doc)
