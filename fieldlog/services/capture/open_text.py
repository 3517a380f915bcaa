"""Writing: from its first character a text is an entry, kept while it is being written.

There are no drafts. `keep` puts the open text on the disk within a pause; `close` makes it a line of the
journal: when it is sent, when the writer is away, when a session begins or ends, and at the next start.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from fieldlog.model import gate
from fieldlog.model.entry import Entry, lane_of
from fieldlog.model.errors import NotFound, NotSaved, NotUnderstood
from fieldlog.model.moment import Moment, iso, parse
from fieldlog.model.vocabulary import NOTE_TYPES
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.study.kept import made_of
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.opentext import OpenText

PLAIN = Chips()


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
        writing._open = _readable(work, writing._slots.kept, writing._capture)
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
            self._open = {"id": new, "began": _told(began), "session": session, "during": during}
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
            self._open = {"id": record, "began": _told(began), "session": session, "during": during}
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
        at = Chips.of(chips).occurred(_moment(self._open["began"])).at
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
        began = _moment(open_["began"])
        closed = self._capture.now()
        chips = replace(chips, session=open_["session"], during=open_.get("during") or {})
        entry, ops = self._capture.draft(open_["text"], chips, began=began, closed=closed, entry_id=open_["id"])
        lane = lane_of(entry.note_type)
        await self._work.save([*ops, self._work.op(entry, lane=lane, ms=closed.ms)], lane=lane)
        return entry


_MOMENT = gate.shape(
    at=gate.instant, zone=gate.text, precision=gate.text, source=gate.text, wall=gate.text, mono_ms=gate.whole,
    boot=gate.text, counts_sleep=gate.truth, suspect=gate.truth,
)  # fmt: skip
_CHIPS = gate.shape(
    kind=gate.text, note_type=gate.text, session=gate.text, place=gate.text, people=gate.texts, scene=gate.text,
    take=gate.text, codes=gate.texts, speech=gate.text, certainty=gate.text, figure=gate.mapping,
    count=gate.amount, at=gate.instant, back=gate.seconds, precision=gate.text, during=gate.mapping,
    override=gate.mapping,
)  # fmt: skip
_LEFT = {
    "began": _MOMENT, "session": gate.text, "during": gate.shape(memo=gate.text, at=gate.number), "chips": _CHIPS,
    "kept": gate.instant, "drafted": gate.complete(page=gate.text, text=gate.text),
}  # fmt: skip


def _readable(work: Workspace, left: Mapping[str, Any] | None, capture: Capture) -> dict[str, Any] | None:
    """What was left open, its words whatever else can't be read of it; None where there are none."""
    if left is None or not isinstance(left.get("text"), str):
        return None
    told = {name: value for name, value in left.items() if name not in _LEFT or (value and not _LEFT[name](value))}
    began = told["began"] if "at" in told.get("began", {}) else _told(capture.now())
    record = left.get("id") if gate.identifier(left.get("id")) is None else work.machine.new_id()
    # Where its chips don't say whom it is for, it is nobody's but the writer's.
    usual = {"session": None, "during": {}, "chips": Chips(note_type="PN").told()}
    return {**usual, **told, "id": record, "began": began}


def _told(moment: Moment) -> dict[str, Any]:
    return {**asdict(moment), "at": iso(moment.at)}


def _moment(told: Mapping[str, Any]) -> Moment:
    return made_of(Moment, {**told, "at": parse(told["at"])})
