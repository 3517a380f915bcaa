"""Lines come in: segments are read, checked, and merged."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from fieldlog.model.branch import writer_of
from fieldlog.model.chain import Behind, Forked
from fieldlog.model.errors import DamagedLine
from fieldlog.model.line import decode, numbers_in
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.copies.bundle_in import take_lines
from fieldlog.services.imports.report import Imported
from fieldlog.services.machine.long_work import breath, several
from fieldlog.services.study.put_back.new_writers import PUT_BACK, take_new_writers
from fieldlog.services.sync.run import Run, go_on
from fieldlog.store.erasing import speaks_of
from fieldlog.sync import layout
from fieldlog.sync.layout import Segment
from fieldlog.sync.plan import Step
from fieldlog.sync.target import NotThere

ACT_LINES = 100
"""So many lines are merged as one act: a note that is being saved waits for no more."""

DAMAGED = sentence("{name} is damaged there; a device that has it puts it again.")
CUT = sentence("{name} did not come whole; it is read again next time.")
WAITS = sentence("Lines of journal {writer} from {first} on wait for those before them.")
BEHIND = sentence(
    "Lines of journal {writer} from {first} on wait for those before them; here it ends with {have}."
)
FORKED = sentence(
    "From line {n} on, journal {writer} says something else there than here, and where they part can't be read. "
    "Both stay as they are; what follows there was not taken."
)


async def go_on_anew_where_further(run: Run) -> None:
    """Take new writers where the names of segments on the target, half ones too, say that one of ours came further
    than it did here, as where our data were put back from a backup, or copied; that is told. Its lines come back
    whole, but whoever wrote them may still be writing. To be done before anything is read: what is written
    meanwhile must not get the numbers of what comes. Raises `NotSaved`."""
    ends = {writer: run.work.store.ends[writer].n for writer in run.work.store.own_writers.values()}
    there = (*run.segments.values(), *run.cut.values())
    if any(one.last > ends.get(writer_of(one.writer), one.last) for one in there):
        await take_new_writers(run.work)
        run.done.told.append(PUT_BACK)


async def take_in_lines(run: Run, steps: Iterable[Step]) -> None:
    """Read what is to be read, and merge it. What can't be is among the problems, and stops nothing else."""
    steps = list(steps)
    waiting = [step.segment for step in steps if step.kind == "wait"]
    for one in waiting:
        run.done.problems.append(Sentence(WAITS, writer=one.writer, first=one.first))
    wanted = [step.segment for step in steps if step.kind == "read"]
    run.total += sum(one.bytes for one in wanted)
    found, spoilt, turn = dict[Segment, Sequence[bytes]](), dict[Segment, bytes](), asyncio.Lock()

    async def read(segment: Segment) -> None:
        go_on(run.cancelled)
        lines = await _read(run, segment, spoilt, turn)
        if lines is not None:
            found[segment] = lines

    await several(wanted, read)
    loose = await _merge(run, found)
    run.loose = {one.name for one in loose}
    run.fresh |= {one.name for one in found} - run.loose
    run.memory.taken |= run.fresh
    await _rescue(run, spoilt)
    await _find_gone(
        run, {**spoilt, **{one: b"\n".join(found[one]) for one in loose}}, [*waiting, *run.cut.values()]
    )


async def _read(
    run: Run, segment: Segment, spoilt: dict[Segment, bytes], turn: asyncio.Lock
) -> Sequence[bytes] | None:
    """The lines of a segment; None where it is gone, or not what its name says, which is said. `spoilt` gets what
    is as long as it was. Segments are looked at in `turn`: several threads that compute keep the screens waiting.
    """
    data = b""
    for _ in range(2):
        try:
            data = b"".join([piece async for piece in run.target.read(segment.name)])
        except NotThere:
            return None
        run.moved(len(data))
        if await run.work.machine.offload(layout.is_whole, segment, data):
            break
    if len(data) != segment.bytes:
        run.done.problems.append(Sentence(CUT, name=segment.name))
        return None
    try:
        async with turn:
            lines = await run.work.machine.offload(lines_of, segment, data)
    except DamagedLine:
        run.done.problems.append(Sentence(DAMAGED, name=segment.name))
        run.spoilt.add(segment.name)
        spoilt[segment] = data
        run.memory.damaged.add(segment.name)
        return None
    run.claims.discard(segment.name)
    run.memory.damaged.discard(segment.name)
    return lines


def lines_of(segment: Segment, data: bytes) -> list[bytes]:
    """The lines in a segment's bytes. Raises `DamagedLine` where these are not what its name says, one is not
    whole, or they are not the numbers of the name, each once."""
    if not layout.is_whole(segment, data):
        raise DamagedLine(Sentence("its checksum does not fit"))
    raws, n = data.removesuffix(b"\n").split(b"\n"), segment.first
    for line in map(decode, raws):
        if line.writer != writer_of(segment.writer) or line.n != n:
            raise DamagedLine(Sentence("it belongs to another journal"))
        n = line.last + 1
    if n != segment.last + 1:
        raise DamagedLine(Sentence("it is not a whole line"))
    return raws


async def _rescue(run: Run, spoilt: Mapping[Segment, bytes]) -> None:
    """Merge the lines of spoilt segments that are whole. Where some follow nothing here, the segment stays: nobody
    else may have them."""
    for segment, data in spoilt.items():
        for raws in await run.work.machine.offload(_whole_in, segment, data):
            try:
                await _taken(run, {segment.writer: raws})
            except (Behind, Forked):
                run.loose.add(segment.name)


async def _find_gone(run: Run, held: Mapping[Segment, bytes], others: Iterable[Segment]) -> None:
    """See which segments that can't be merged, `held` or not read yet, speak of what was erased: they go. A device
    that has their lines puts them again, without those words."""
    records = frozenset(record.encode() for record in run.work.store.state.dead())
    if not records:
        return
    held = dict(held)

    async def read(segment: Segment) -> None:
        go_on(run.cancelled)
        with suppress(NotThere):
            held[segment] = b"".join([piece async for piece in run.target.read(segment.name)])

    await several(list(others), read)
    for one, data in held.items():
        if await run.work.machine.offload(speaks_of, data, records):
            run.gone.add(one.name)


def _whole_in(segment: Segment, data: bytes) -> list[list[bytes]]:
    """Lines that are whole, those together that follow each other, no more than one act takes."""
    found, head = list[list[bytes]](), ""
    for raw in data.split(b"\n"):
        with suppress(DamagedLine):
            line = decode(raw)
            if line.writer == writer_of(segment.writer):
                if not found or line.prev != head or len(found[-1]) == ACT_LINES:
                    found.append([])
                found[-1].append(raw)
                head = line.head_hash
    return found


async def _merge(run: Run, found: Mapping[Segment, Sequence[bytes]]) -> Collection[Segment]:
    """Merge lines by writer, a few as one act. Returns the segments that follow nothing here, which is said."""
    refused, act, size = set[str](), defaultdict[str, dict[bytes, None]](dict), 0
    for name, raw in _in_order(found):
        act[name][raw] = None
        size += 1
        if size == ACT_LINES:
            await _take(run, act, refused)
            act.clear()
            size = 0
    await _take(run, act, refused)
    return await _merge_alone(run, {one: raws for one, raws in found.items() if writer_of(one.writer) in refused})


def _in_order(found: Mapping[Segment, Sequence[bytes]]) -> Iterator[tuple[str, bytes]]:
    """Each line with its journal. A writer's come by their numbers, whichever journal they are of: so each comes
    behind the one that it follows."""
    by_writer = defaultdict[str, list[tuple[int, int, str, bytes]]](list)
    for one, raws in found.items():
        numbers = ((*numbers_in(raw), raw) for raw in raws)
        by_writer[writer_of(one.writer)] += [(first, -last, one.writer, raw) for first, last, raw in numbers]
    for writer in sorted(by_writer):
        for _, _, name, raw in sorted(by_writer[writer]):
            yield name, raw


async def _take(run: Run, act: Mapping[str, Mapping[bytes, None]], refused: set[str]) -> None:
    """Merge as one act; without the writers of which something is `refused`, which are added to those."""
    while copies := {name: list(raws) for name, raws in act.items() if writer_of(name) not in refused and raws}:
        try:
            await _taken(run, copies)
            return
        except (Behind, Forked) as why:
            refused.add(writer_of(why.writer))


async def _merge_alone(run: Run, found: Mapping[Segment, Sequence[bytes]]) -> Collection[Segment]:
    """Merge segment by segment what goes: one that follows nothing here hinders no other. Those are left."""
    left = sorted(found, key=lambda one: (one.first, -one.last, one.name))
    said, before = dict[str, str](), -1
    while left and len(left) != before:
        before = len(left)
        for one in list(left):
            try:
                for place in range(0, len(found[one]), ACT_LINES):
                    await _taken(run, {one.writer: found[one][place : place + ACT_LINES]})
                left.remove(one)
            except Behind as why:
                said[one.name] = Sentence(BEHIND, writer=why.writer, first=why.first, have=why.have)
            except Forked as why:
                said[one.name] = Sentence(FORKED, writer=why.writer, n=why.n)
    run.done.problems += dict.fromkeys(said[one.name] for one in left)
    return left


async def _taken(run: Run, copies: Mapping[str, Sequence[bytes]]) -> None:
    """Raises as `take_lines` does; then nothing was changed."""
    go_on(run.cancelled)
    await breath()
    done = Imported()
    await take_lines(run.work, copies, done)
    run.done.lines_in += done.new["line"]
    run.done.forked += [writer for writer in done.forked if writer not in run.done.forked]
    run.done.told += [words for words in done.problems if words not in run.done.told]
