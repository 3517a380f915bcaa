"""What was written and heard before Python was up becomes the app's.

On a phone a page takes notes from its first half second on (assets/pocket/quick.js) and keeps them beside the
data, in files told at the top of quick_worker.js. Its drafts have the ids their entries get, so whatever stops
this half-way, and however often it is done, each is there once. The inbox is held while it is taken in and
emptied last.

- A closed draft becomes an entry: `occurred` is its first character less the time back, `created` its sending.
- The open draft becomes the open text of the composer, under its own id and moment. A text that is open there
  under another id is closed first: both are notes of their own, and neither is typed twice. Where the draft
  went on from the open text itself, what was typed since is what is added.
- A sound becomes a memo: `adopting_sound.py`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from fieldlog.model.entry import Entry, clean, lane_of
from fieldlog.model.errors import MissingFile
from fieldlog.model.ids import imported_id, ms_of_id
from fieldlog.model.moment import Moment, parse
from fieldlog.model.ports import Disk, Handle
from fieldlog.model.records import StoredEntry
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.open_text.writing import Writing
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.memo.filing import Filed
from fieldlog.services.pocket.adopt_sound import adopt_sound, moment_of, session_known, sounds
from fieldlog.services.pocket.earlier import TEXTS
from fieldlog.services.pocket.last_state import leave
from fieldlog.services.study.workspace import Workspace

ROOT = "fieldlog-quick"
"""The folder of the browser's file system that the page writes in: the root of the `disk` given here."""

Told = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text as the page last kept it. `open` says that the person may still be writing it.

    `began` is its first character, `until` its sending or last character. `origin` is the text of the composer
    it went on from, None where it is a text of its own, and `page` the page that did so.
    """

    id: str
    text: str
    began: Moment
    until: Moment
    back: timedelta
    session: str | None
    open: bool
    page: str | None = None
    origin: str | None = None
    during: Mapping[str, Any]

    @property
    def chips(self) -> Chips:
        return Chips(back=self.back, session=self.session, during=self.during)


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """What was taken in: the entries of closed drafts, whether a text is open now by it, and the memos."""

    entries: tuple[Entry, ...] = ()
    opened: bool = False
    memos: tuple[Filed, ...] = ()


async def adopt(
    work: Workspace, capture: Capture, writing: Writing, disk: Disk, *, running: str | None = None,
    closed: bool = False,
) -> Adopted:  # fmt: skip
    """Take in all that the page kept on `disk`, but for the sound that is `running` (its id). `closed` says that
    nobody writes on there: what was open is an entry, too.

    Raises `StoreBusy` while the page still holds its files, `DiskFull` or `NotSaved`: what was not taken in
    is still there, for the next time.
    """
    try:
        entries, opened = await _empty_inbox(work, capture, writing, disk, closed=closed)
    finally:
        await writing.close_left()
    memos = [
        await adopt_sound(work, capture, disk, sound)
        for sound in await sounds(disk)
        if sound != running
    ]  # fmt: skip
    return Adopted(entries=entries, opened=opened, memos=tuple(one for one in memos if one))


async def _empty_inbox(
    work: Workspace, capture: Capture, writing: Writing, disk: Disk, *, closed: bool
) -> tuple[tuple[Entry, ...], bool]:
    """`closed` takes in what was typed while the inbox was being handed over, too: nobody hands that over."""
    held = list[Handle]()
    try:
        for name in TEXTS if closed else TEXTS[:1]:
            with suppress(MissingFile):
                held.append(await disk.open(name))
        found = drafts(b"\n".join(one.read(0, one.size()) for one in held))
        found = [replace(one, open=False) for one in found] if closed else found
        taken = await take(work, capture, writing, found)
        if found:
            # A text that was open and is not any more is not to be gone on with again.
            await leave(disk, work, capture, writing)
        for one in held:
            if one.size():
                one.truncate(0)
                one.flush()
    finally:
        for one in held:
            one.close()
    return taken


async def take(
    work: Workspace, capture: Capture, writing: Writing, found: Iterable[Draft]
) -> tuple[tuple[Entry, ...], bool]:
    """Take in drafts in the order in which they were begun: the entries they became, and whether one is open."""
    taking, entries = _Taking(work, capture, writing), []
    for draft in sorted(found, key=lambda one: (one.open, one.began.at, one.id)):
        entry = await taking.take(draft)
        if entry is not None:
            entries.append(entry)
    return tuple(entries), taking.opened


def drafts(data: bytes) -> list[Draft]:
    """The drafts in the page's log, each as it was last kept. Torn lines are none."""
    found: dict[str, Draft] = {}
    for line in data.split(b"\n"):
        body, mark, crc = line.rpartition(b',"crc":"')
        if mark and crc == b'%08x"}' % zlib.crc32(body):
            draft = draft_of(json.loads(line))
            found[draft.id] = draft
    return list(found.values())


def draft_of(told: Told) -> Draft:
    """A draft as the page tells it."""
    during = dict(told.get("during") or {})
    back = timedelta(seconds=told.get("back") or 0)
    if during:
        # What happened before the sound began is tied to its beginning.
        during["at"] = round(max(0.0, during["at"] - back.total_seconds()), 3)
    began = moment_of(told)
    until = replace(began, at=parse(told["until"]), mono_ms=None) if told.get("until") else began
    return Draft(
        id=str(told["id"]), text=str(told["text"]), began=began, until=until, back=back,
        session=told.get("session"), open=bool(told.get("open")), page=told.get("page"),
        origin=told.get("from"), during=during,
    )  # fmt: skip


def joined(ours: str, origin: str | None, theirs: str) -> str:
    """The text that is `ours` in the composer, gone on with as `theirs`, which went on from `origin`."""
    if origin is None or ours in (origin, theirs):
        return theirs
    if theirs == origin:
        return ours
    return ours + theirs[len(origin) :] if theirs.startswith(origin) else f"{ours}\n{theirs}"


def _beyond(said: str, since: str) -> str:
    """What of `since` does not stand at the end of `said` yet, as where the first of it was taken in before."""
    there = next((n for n in range(len(since), 0, -1) if said.endswith(since[:n])), 0)
    return since[there:]


class _Taking:
    """Drafts on their way in. `opened` is whether one of them is the open text now."""

    def __init__(self, work: Workspace, capture: Capture, writing: Writing) -> None:
        self._work, self._capture, self._writing = work, capture, writing
        self.opened = False

    async def take(self, draft: Draft) -> Entry | None:
        """Take in one; the entry it became, if it became one just now."""
        doc = self._work.store.state.raw(draft.id)
        if doc is not None:
            await self._writing.let_go(draft.id)
            return await self._reworded(draft, StoredEntry.of(doc))
        kept = self._writing.held
        ours = kept if kept is not None and kept["id"] == draft.id else None
        text, chips = clean(draft.text), draft.chips
        if ours is not None:
            before = ours.get("drafted") or {}
            origin = before["text"] if before and before["page"] == draft.page else draft.origin
            text = joined(ours["text"], origin, text)
            chips = replace(Chips.of(ours["chips"]), back=draft.back, session=draft.session, during=draft.during)
        if not text.strip():
            await self._writing.let_go(draft.id)
            return None
        if draft.open:
            await self._writing.take_up(
                draft.id, text, replace(chips, session=None), began=draft.began,
                session=self._session(draft), drafted={"page": draft.page, "text": clean(draft.text)},
            )  # fmt: skip
            self.opened = True
            return None
        entry = await self._save(draft.id, draft, text, chips)
        await self._writing.let_go(draft.id)
        return entry

    async def _reworded(self, draft: Draft, stored: StoredEntry) -> Entry | None:
        """It is an entry already: of what was typed since, nothing is lost and nothing said twice."""
        said, text = str(stored.text), clean(draft.text)
        origin = draft.origin
        if not stored.shown or said == text or text == origin or not text.strip():
            return None
        since = text.removeprefix(origin or "")
        if since in said:
            return None
        aside = self._work.store.state.get(draft.id) is None
        if text.startswith(said) and not aside:
            await Editing(self._work).reword(draft.id, text)
            return None
        if origin is not None and text.startswith(origin) and not aside:
            await Editing(self._work).reword(draft.id, said + _beyond(said, since))
            return None
        apart = imported_id(ms_of_id(draft.id), self._work.store.project, "apart", draft.id, text)
        if self._work.store.state.raw(apart) is not None:
            return None
        return await self._save(apart, draft, text, draft.chips)

    async def _save(self, record: str, draft: Draft, text: str, chips: Chips) -> Entry:
        chips = replace(chips, session=self._session(draft))
        entry, ops = self._capture.draft(text, chips, began=draft.began, closed=draft.until, entry_id=record)
        lane = lane_of(entry.note_type)
        await self._work.save([*ops, self._work.op(entry, lane=lane, ms=draft.until.ms)], lane=lane)
        return entry

    def _session(self, draft: Draft) -> str | None:
        """The one the page showed, where it is still one; else what went on then."""
        return session_known(self._work, draft.session) or self._capture.session_at(draft.began.at - draft.back)
