"""Everything on a target is read back and hashed. Each fault is named; the next run mends what it can."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from fieldlog.model.branch import writer_of
from fieldlog.model.errors import DamagedLine, NotUnderstood
from fieldlog.model.line import decode
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.archive.verify import verify_store
from fieldlog.services.held.read_here import change_read_here
from fieldlog.services.machine.long_work import Asked, Tell, never, several, tell_nobody
from fieldlog.services.rows.losses import missing_words
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.addresses import name_of_place, stands_alone
from fieldlog.services.sync.exchange import exchange
from fieldlog.services.sync.lines_in import lines_of
from fieldlog.services.sync.lines_out import all_of_ours
from fieldlog.services.sync.originals.named import named_originals
from fieldlog.services.sync.remembered import Remembered, key_of
from fieldlog.services.sync.run import Run, go_on
from fieldlog.sync import layout
from fieldlog.sync.layout import (
    FORMAT,
    LOG,
    MEDIA,
    Segment,
    index_name,
    media_name,
    part_name,
    parts_in,
    project_in,
    read_index,
    segment_of,
)
from fieldlog.sync.plan import Ours, Span, uncovered
from fieldlog.sync.receipt import Holding, Stretch, short, stretches_of
from fieldlog.sync.target import NotThere, Target

NO_FORMAT = sentence("{FORMAT} is missing there, or can't be read.")
SPOILT = sentence("{name} is not what its name says.")
HALF = sentence("{name} is not as long as it was.")
NOT_THERE = sentence("Lines {first} to {last} of journal {writer} are not there.")
ON_THE_WAY = sentence("The file {name} is not on the target yet: {entry} names it.")


async def prove(
    work: Workspace, target: Target, address: str, *, tell: Tell = tell_nobody, cancelled: Asked = never
) -> list[str]:
    """Read everything back, here and there, and publish what was found right: every fault as a sentence. Raises as
    `exchange` does, and `Cancelled`."""
    faults = await verify_store(work, tell, cancelled=cancelled)
    faults += await read_back(work, target, address, tell=tell, cancelled=cancelled)
    done = await exchange(work, target, address, tell=tell, cancelled=cancelled)
    return [*faults, *(words for words in done.problems if words not in faults)]


async def read_back(
    work: Workspace, target: Target, address: str, *, tell: Tell = tell_nobody, cancelled: Asked = never
) -> list[str]:
    """Every fault as a sentence: what is damaged there, and what of ours is missing. Raises as `exchange` does."""
    memory = await Remembered.of(work.store.disk, address)
    looking = _Looking(Run(work=work, target=target, memory=memory, tell=tell, cancelled=cancelled))
    try:
        project_in(await looking.data_of(FORMAT))
    except (NotThere, NotUnderstood):
        looking.faults.append(Sentence(NO_FORMAT, FORMAT=FORMAT))
    await looking.at_lines()
    await looking.at_originals()
    memory.damaged |= looking.spoilt
    if looking.faults:
        memory.complete = False
        memory.settled.clear()
    await memory.keep()
    if await stands_alone(work.machine, address):
        holding = looking.holding(name_of_place(address))
        await change_read_here(work, lambda here: here.places.update({key_of(address): holding}))
    return sorted(looking.faults)


def _heads_in(segment: Segment, data: bytes) -> dict[str, bool]:
    """The hashes of the heads of a segment's lines, and whether each has its words. Raises as `lines_of` does."""
    return {line.head_hash: line.form == "whole" for line in map(decode, lines_of(segment, data))}


def _stretches(writer: str, ours: Ours, whole: Collection[str]) -> list[Stretch]:
    """The stretches of our lines that lie there with their words."""
    lines = (decode(raw) for raw in ours.data.split(b"\n") if raw)
    return stretches_of(writer, (line for line in lines if line.head_hash in whole))


def _missing(ours: Ours, heads: Collection[str], spoilt: Sequence[Segment]) -> list[Span]:
    """The numbers of our lines that are not there, under whichever name, nor may stand in what is spoilt. Numbers
    alone prove nothing: another device may have given them, too."""
    lines = (decode(raw) for raw in ours.data.split(b"\n") if raw)
    there = [(line.n, line.last) for line in lines if line.head_hash in heads]
    return uncovered(ours.first, ours.last, [*there, *((one.first, one.last) for one in spoilt)])


class _Looking:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.faults: list[str] = []
        self.spoilt, self.heads, self.whole = set[str](), set[str](), set[str]()
        self.sizes: dict[str, int] = {}
        self.stretches: list[Stretch] = []
        self.originals: set[str] = set()

    def holding(self, name: str) -> Holding:
        """What was found right."""
        at = self.run.work.machine.clock()
        return Holding(
            at=at.text(), name=name, stretches=tuple(self.stretches),
            originals={short(sha256): at.at.date().isoformat() for sha256 in self.originals},
        )  # fmt: skip

    async def data_of(self, name: str) -> bytes:
        go_on(self.run.cancelled)
        data = b"".join([piece async for piece in self.run.target.read(name)])
        self.run.moved(len(data))
        return data

    async def at_lines(self) -> None:
        run = self.run
        items = await run.target.list(LOG)
        segments = [one for item in items if (one := segment_of(item))]
        self.sizes = {item.name: item.bytes for item in await run.target.list(MEDIA)}
        run.total = sum(one.bytes for one in segments) + sum(self.sizes.values())

        async def look(segment: Segment) -> None:
            try:
                data = await self.data_of(segment.name)
                heads = await run.work.machine.offload(_heads_in, segment, data)
                self.heads |= heads.keys()
                self.whole |= {head for head, whole in heads.items() if whole}
            except NotThere:
                return
            except DamagedLine:
                self._spoilt(segment.name)

        await several(segments, look)
        for name, ours in (await all_of_ours(run.work, run.work.store.ends.keys())).items():
            spoilt = [one for one in segments if one.writer == name and one.name in self.spoilt]
            for first, last in await run.work.machine.offload(_missing, ours, self.heads, spoilt):
                self.faults.append(Sentence(NOT_THERE, first=first, last=last, writer=name))
            self.stretches += await run.work.machine.offload(_stretches, writer_of(name), ours, self.whole)

    async def at_originals(self) -> None:
        media, named = self.run.memory.media, named_originals(self.run.work)
        here = {one.sha256 for one in await self.run.work.vault.all()}
        missing = list[str]()

        async def look(sha256: str) -> None:
            one = named[sha256]
            whole = await self._original(sha256, media_name(sha256, one.extension))
            if whole is None:
                missing.append(sha256)
            elif whole:
                self.originals.add(sha256)
            if not whole and sha256 in media:
                media[sha256].there = media[sha256].begun = False
            elif whole and sha256 in media and sha256 in here:
                media[sha256].there = True

        await several(sorted(named), look)
        self.faults += missing_words(self.run.work.store.state, sorted(missing), ON_THE_WAY)

    async def _original(self, sha256: str, name: str) -> bool | None:
        """Whether it is whole there; None where it is not there."""
        if name in self.sizes:
            data = await self.data_of(name)
            return True if hashlib.sha256(data).hexdigest() == sha256 else self._spoilt(name)
        if index_name(name) not in self.sizes:
            return None
        index = read_index(await self.data_of(index_name(name)))
        if index is None:
            return self._spoilt(index_name(name))
        size, parts = index
        whole = hashlib.sha256()
        for k in range(parts_in(size)):
            if self.sizes.get(part_name(name, k)) != min(layout.PART_BYTES, size - k * layout.PART_BYTES):
                return self._spoilt(part_name(name, k), HALF)
            data = await self.data_of(part_name(name, k))
            whole.update(data)
            if hashlib.sha256(data).hexdigest() != parts[k]:
                return self._spoilt(part_name(name, k))
        return True if whole.hexdigest() == sha256 else self._spoilt(index_name(name))

    def _spoilt(self, name: str, words: str = SPOILT) -> bool:
        self.spoilt.add(name)
        self.faults.append(Sentence(words, name=name))
        return False
