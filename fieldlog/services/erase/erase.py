"""Erasing for good: an entry, one of its files, or a stretch of its sound. The only act without undo.

What stays is a tombstone: the production day, the kind, why and when. `Erasing` decides what goes; how it goes,
whatever stops the app in between, is in `study/erase_promise`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from fieldlog.media.sound.silence import Silenced
from fieldlog.media.sound.wav import read_plan
from fieldlog.model.entry import Attachment, lane_of
from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.fold import seen_items
from fieldlog.model.line import Line
from fieldlog.model.moment import iso, parse
from fieldlog.model.op import Op
from fieldlog.model.production_day import occurred
from fieldlog.model.records import (
    StoredEntry,
    StoredFile,
    StoredLink,
    StoredRecord,
    files_of,
    id_of,
    kind_of,
    original_of,
)
from fieldlog.model.sentence import Sentence
from fieldlog.model.standing import added
from fieldlog.services.copies.bundle import sweep
from fieldlog.services.entry.sketches import STROKES
from fieldlog.services.study.erase_promise import (
    Promise,
    finish_erasing,
    keep,
    let_go,
    named_files,
    promise,
)
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.erasing import lines_about

Reason = Literal["asked-to", "by-mistake", "not-agreed"]
REASONS: tuple[Reason, ...] = ("asked-to", "by-mistake", "not-agreed")


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was erased. `days` are production dates, `kinds` those of what went.

    `files` and `bytes` count originals. `oldest` is when the oldest of it was written: no older copy can hold
    it. `private` says that none of it was for the team; `seconds` is the stretch of sound where it was only that.
    """

    at: datetime
    reason: Reason
    days: tuple[str, ...]
    kinds: tuple[str, ...]
    files: int
    bytes: int
    oldest: datetime
    private: bool
    seconds: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class _Doomed:
    """What is to go. `first` are operations that go into the same line before."""

    of: Sequence[StoredEntry]
    entries: Sequence[StoredEntry] = ()
    files: Sequence[StoredFile] = ()
    links: Sequence[StoredLink] = ()
    first: Sequence[Op] = ()

    @property
    def ids(self) -> set[str]:
        return {one.id for one in (*self.entries, *self.files, *self.links)}


class Erasing:
    """Erases in an open study.

    Every verb raises `NotFound` for what is not here, `NotUnderstood` for a reason that is in no list,
    `NotSaved` where nothing was erased, and `NotErased` where it was begun and is not finished yet. `room` is
    asked where the disk is full.
    """

    def __init__(self, work: Workspace) -> None:
        self._work = work

    async def erase(self, records: Sequence[str], *, reason: str) -> Erased:
        """Erase entries whole: their history, their files, the links that name them."""
        why = _known(reason)
        async with self._work.erasing:
            entries = [self._entry(record) for record in dict.fromkeys(records)]
            files = await self._files_of(entries)
            links = self._links(entries)
            return await self._go(_Doomed(of=entries, entries=entries, files=files, links=links), why)

    async def erase_file(self, entry: str, attachment: str, *, reason: str) -> Erased:
        """Erase one file of an entry, and what was drawn on it. An entry that holds nothing else goes whole."""
        why = _known(reason)
        async with self._work.erasing:
            stored = self._entry(entry)
            if attachment not in stored.attachments:
                raise NotFound(StoredFile.gone)
            files = self._with_drawn([attachment])
            left = [one for one in stored.attachments if one not in {gone.id for gone in files}]
            if left or stored.text:
                return await self._go(_Doomed(of=[stored], files=files, first=self._naming(stored, left)), why)
        return await self.erase([entry], reason=reason)

    async def erase_span(self, entry: str, start_seconds: float, end_seconds: float, *, reason: str) -> Erased:
        """Make a stretch of an entry's sound silent; it stays as long as it was, and marks where they are.

        The pieces of the recording in which it lies go whole, and others stand in their place. Raises
        `NotUnderstood` for a stretch outside of the sound, and for sound that can only be erased whole.
        """
        why = _known(reason)
        if not 0 <= start_seconds < end_seconds:
            raise NotUnderstood("A part goes from one time to a later one, like 1:05 to 1:20.")
        async with self._work.erasing:
            stored = self._entry(entry)
            new = await self._silenced(stored, start_seconds, end_seconds)
            if not new:
                raise NotUnderstood("The recording has no sound there. Look at its length.")
            lane = lane_of(stored.note_type)
            order = [new[one].id if one in new else one for one in stored.attachments]
            first = [*(self._work.op(one, lane=lane) for one in new.values()), *self._naming(stored, order)]
            try:
                erased = await self._go(_Doomed(of=[stored], files=self._with_drawn(new), first=first), why)
            finally:
                await self._drop_unnamed(new.values())
            return replace(erased, seconds=(start_seconds, end_seconds))

    # -- what goes

    def _entry(self, record: str) -> StoredEntry:
        state = self._work.store.state
        doc = state.get(record) or state.part(record)
        stored = StoredEntry.of(doc) if doc is not None and state.date(record) is not None else None
        if stored is None or stored.erased:
            raise NotFound(StoredEntry.gone)
        return stored

    async def _files_of(self, entries: Sequence[StoredEntry]) -> list[StoredFile]:
        """The files that these entries name or ever named, and no other entry does."""
        ids, state = {entry.id for entry in entries}, self._work.store.state
        lines = (await lines_about(self._work.store.disk, ids)).values()
        past = [op.v for found in lines for line in found for op in line.ops if op.e in ids and op.k != "del"]
        named = {one for said in (*(entry.doc for entry in entries), *past) for one in files_of(said) or ()}
        others = (doc for table in state.entry_tables() for doc in state.tables[table].values())
        kept = {one for doc in others if id_of(doc) not in ids for one in files_of(doc)}
        return self._with_drawn(named - kept)

    def _with_drawn(self, files: Iterable[str]) -> list[StoredFile]:
        """Files with what was drawn on them or made of them, whoever names that."""
        every = list(self._work.store.state.every(StoredFile))
        gone, fresh = set[str](), set(files)
        while fresh:
            gone |= fresh
            lines = {str(one.extra.get(STROKES)) for one in every if one.id in fresh}
            fresh = (lines | {one.id for one in every if one.derived_from in fresh}) - gone
        return [one for one in every if one.id in gone and not one.erased]

    def _links(self, entries: Sequence[StoredEntry]) -> list[StoredLink]:
        ids = {entry.id for entry in entries}
        links = self._work.store.state.every(StoredLink)
        return [link for link in links if {link.source, link.target} & ids]

    def _naming(self, entry: StoredEntry, files: Sequence[str]) -> list[Op]:
        """Have an entry name exactly these files, in this order."""
        lane = lane_of(entry.note_type)
        ops = [self._work.setting(entry, {"attachments": list(files)}, lane=lane)]
        if gone := sorted(added(entry.doc, "attachments") - set(files)):
            seen = {"attachments": seen_items(entry.doc, "attachments", gone)}
            ops.append(self._work.change("del", "entry", entry.id, {"attachments": gone}, seen, lane=lane))
        return ops

    async def _silenced(self, entry: StoredEntry, start: float, end: float) -> dict[str, Attachment]:
        """Each piece of the sound that the stretch touches, and what is to stand in its place: in the vault."""
        state, vault, began = self._work.store.state, self._work.vault, 0.0
        gap: tuple[Mapping[str, Any], ...] = ({"at": start, "kind": "erased", "missing": end - start},)
        new: dict[str, Attachment] = {}
        for piece in [state.read(StoredFile, one) for one in entry.attachments]:
            if piece is None or piece.kind != "audio" or not piece.sha256:
                continue
            handle = await vault.open(piece.sha256)
            try:
                plan = read_plan(handle)
                first = max(0, int((start - began) * plan.rate))
                last = min(plan.frames, -int((began - end) * plan.rate // 1))
                began += plan.seconds
                if first < last:
                    silent = Silenced(piece.name or "memo.wav", handle, plan, first, last)
                    kept = await vault.keep_instead(silent)
                    await self._work.keep_peaks(kept.sha256, silent.peaks)
                    was = Attachment.of(piece.doc)
                    new[was.id] = replace(
                        was, id=self._work.machine.new_id(), sha256=kept.sha256, bytes=kept.bytes,
                        extension=kept.extension, mime="audio/wav", duration=round(plan.seconds, 3),
                        gaps=(*was.gaps, *gap),
                    )  # fmt: skip
                    gap = ()
            finally:
                handle.close()
        return new

    async def _drop_unnamed(self, made: Iterable[Attachment]) -> None:
        """What was made in vain, where the disk refused the rest."""
        await let_go(self._work, {one.sha256 for one in made if one.sha256})

    # -- how it goes

    async def _go(self, doomed: _Doomed, why: Reason) -> Erased:
        work = self._work
        await work.under_way.halted()
        await sweep(work)
        await finish_erasing(work)
        at, ids = work.machine.clock().at, doomed.ids
        lines = (await lines_about(work.store.disk, ids)).values()
        said = [op.v for found in lines for line in found for op in line.ops if op.e in ids]
        stays = [op.v for op in doomed.first if op.r == "attachment"]
        docs = (*(file.doc for file in doomed.files), *said)
        files = {str(sha256) for one in docs if (sha256 := original_of(one))}
        files -= named_files(work, ids) | {str(original_of(one)) for one in stays}
        days = [work.store.state.date(entry.id) or "" for entry in doomed.of]
        ops = self._ops(doomed, {"reason": why, "at": iso(at)}, _lanes(lines))
        sizes = [found.bytes for one in files if (found := await work.vault.find(one))]
        made = Promise(
            at=iso(at), ops=ops, records=ids, files=files, memos={entry.id for entry in doomed.entries},
        )  # fmt: skip
        await promise(work, made)
        await keep(work, made)
        kinds = dict.fromkeys(one.kind for one in doomed.entries or doomed.files)
        return Erased(
            at=at, reason=why, days=tuple(sorted(set(days))), files=len(sizes), bytes=sum(sizes),
            kinds=tuple(kinds), private="team" not in ops, oldest=min(map(_written, doomed.of)),
        )  # fmt: skip

    def _ops(
        self, doomed: _Doomed, mark: Mapping[str, Any], lanes: Mapping[str, Collection[str]]
    ) -> dict[str, list[Op]]:
        """The operations by lane: each record is erased in every lane that speaks of it, or else in its own.

        A tombstone's day is chosen for good, since nothing else tells it any more.
        """
        change, ops = self._work.change, defaultdict[str, list[Op]](list)
        rest = "mine" if all(lane_of(entry.note_type) == "mine" for entry in doomed.of) else "team"
        ops[rest] += doomed.first

        def erase(one: StoredRecord, own: str, **told: Any) -> None:
            known = {*lanes.get(one.id, ())} & self._work.store.own_writers.keys()
            # What stands before it in a line says nothing without it.
            for lane in sorted(known | {own} if doomed.first or not known else known):
                ops[lane].append(change("erase", one.kind_of_record, one.id, {**mark, **told}, lane=lane))

        for entry in doomed.entries:
            day = self._work.store.state.date(entry.id)
            erase(entry, lane_of(entry.note_type), kind=kind_of(entry.doc), day_choice=day)
        for file in doomed.files:
            erase(file, rest, kind=kind_of(file.doc))
        for link in doomed.links:
            erase(link, rest)
        return {lane: some for lane, some in ops.items() if some}


def _lanes(lines: Iterable[Sequence[Line]]) -> dict[str, set[str]]:
    """The lanes in which journals speak of each record."""
    found = defaultdict[str, set[str]](set)
    for line in (line for some in lines for line in some):
        for op in line.ops:
            found[op.e].add(line.lane)
    return found


def _written(entry: StoredEntry) -> datetime:
    try:
        return parse(entry.created_at)
    except ValueError:
        return occurred(entry.doc)


def _known(reason: str) -> Reason:
    found = next((one for one in REASONS if one == reason), None)
    if found is None:
        raise NotUnderstood(Sentence("{reason} is none of {known}.", reason=reason, known=", ".join(REASONS)))
    return found
