"""Lines go out: what is not there is put, what says less than ours is replaced, heads say how far."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress

from fieldlog.services.machine.long_work import Asked, apart, breath, several
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.run import Run, go_on
from fieldlog.store import journal as journals
from fieldlog.store.journal import FOLDER, Files
from fieldlog.store.passing import Passing, is_sound
from fieldlog.store.reached import Reached
from fieldlog.sync.layout import Head, hash_of_names, head_name, head_of, is_whole
from fieldlog.sync.plan import NEW_HERE, SPOILT, Ours, Span, Step, Theirs, plan
from fieldlog.sync.target import NotThere


async def standing(work: Workspace) -> dict[str, str]:
    """By writer, what tells whether its journal here is what it was: its end, its files and their lengths."""
    disk, found = work.store.disk, dict[str, str]()
    for writer in await journals.writers(disk):
        files = [(one.name, one.bytes) for one in await disk.list(f"{FOLDER}/{writer}") if one.bytes]
        end = work.store.ends.get(writer)
        if files:
            told = f"{files} {end.n if end else 0} {end.head if end else ''}"
            found[writer] = hashlib.sha256(told.encode()).hexdigest()[:16]
    return found


def names_there(run: Run) -> dict[str, str]:
    """By writer, what tells whether its segments there are what they were."""
    by_writer: dict[str, list[str]] = {}
    for one in run.segments.values():
        by_writer.setdefault(one.writer, []).append(one.name)
    for one in run.cut.values():
        by_writer.setdefault(one.writer, []).append(f"{one.name} cut")
    return {
        writer: hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]
        for writer, names in by_writer.items()
    }


def told_by(ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """By writer both in one: what tells whether anything has changed, here or there."""
    return {writer: f"{ours.get(writer, '')} {theirs.get(writer, '')}" for writer in ours.keys() | theirs.keys()}


async def ours_of(work: Workspace, writer: str, reached: Reached | None) -> Ours:
    """A writer's lines as they leave this device: of damaged ones their lost forms."""
    disk, files = work.store.disk, list[tuple[int, bytes]]()
    async for data in journals.chunks(disk, writer, work.store.ends.get(writer)):
        files.append((len(files) + 1, data))
        await breath()
    return await apart(work.machine.offload, lambda: _laid(writer, work.store.project, files, reached))


async def _laid(writer: str, project: str, files: Files, reached: Reached | None) -> Ours:
    if is_sound(files, reached):
        raws = [raw for _, data in files for raw in data.removesuffix(b"\n").split(b"\n") if raw]
        return Ours.of(writer, ((n, n, raw) for n, raw in enumerate(raws, 1)))
    passing, lines, poor = Passing(writer=writer, project=project, reached=reached), [], list[Span]()
    for some in passing.lines(files):
        lines += [(line.n, line.last, line.raw) for line in some]
        poor += [(line.n, line.last) for line in some if line.form in ("lost", "headless")]
        await breath()
    # Where a branch that is gone began is not known, so no line stands for it.
    poor += ((one.first, one.last) for one in passing.lost)
    return Ours.of(writer, lines, poor)


async def all_of_ours(work: Workspace, writers: Collection[str]) -> dict[str, Ours]:
    reached = await work.store.come()
    return {writer: await ours_of(work, writer, reached.get(writer)) for writer in sorted(writers)}


async def send_lines(run: Run, writers: Collection[str]) -> None:
    """Let the target say of these writers what ours say. Raises as the target does."""

    async def verb(asked: Asked) -> None:
        await run.work.store.keep_reached()
        ours = await all_of_ours(run.work, writers)
        steps = await _planned(run, ours)
        puts, removes = ([one for one in steps if one.kind == kind] for kind in ("put", "remove"))
        run.unread = {one.segment.writer for one in steps if one.kind in ("read", "wait")}
        run.unread |= {run.segments[name].writer for name in run.spoilt & run.segments.keys()}
        run.total += sum(one.segment.bytes for one in puts)
        if puts or removes:
            run.memory.due |= {one.segment.writer for one in (*puts, *removes)}
            await run.memory.keep()
        await several(puts, lambda step: _put(run, ours, step, asked))
        await several(removes, lambda step: _remove(run, step, asked))

    await run.writing(verb)


async def _planned(run: Run, ours: Mapping[str, Ours]) -> list[Step]:
    segments = [one for one in run.segments.values() if one.writer in ours]
    theirs = Theirs(
        segments=segments, cut=[one for one in run.cut.values() if one.writer in ours],
        taken=frozenset(run.memory.taken), fresh=frozenset(run.fresh), loose=frozenset(run.loose),
        gone=frozenset(run.gone),
        damaged=frozenset(run.spoilt | run.claims),
    )  # fmt: skip
    return await run.work.machine.offload(plan, ours, theirs)


async def _put(run: Run, ours: Mapping[str, Ours], step: Step, asked: Asked) -> None:
    go_on(asked)
    one = step.segment
    data = ours[one.writer].cut(one.first, one.last)
    assert data is not None, one
    if not await _is_there(run, step):
        await run.target.put(one.name, data)
    run.segments[one.name] = one
    run.cut.pop(one.name, None)
    run.memory.taken.add(one.name)
    for known in (run.memory.damaged, run.spoilt, run.claims):
        known.discard(one.name)
    run.done.lines_out += one.last - one.first + 1 if step.why == NEW_HERE else 0
    run.moved(len(data))


async def _is_there(run: Run, step: Step) -> bool:
    """Whether the target has it whole, whatever it listed. Then it is left alone: where the line breaks, half of
    what is put may stand in the place of the whole, and nobody knows who else has those lines."""
    one = step.segment
    if await run.target.size(one.name) != one.bytes:
        return False
    if step.why != SPOILT:
        return True
    with suppress(NotThere):
        return is_whole(one, b"".join([piece async for piece in run.target.read(one.name)]))
    return False


async def _remove(run: Run, step: Step, asked: Asked) -> None:
    go_on(asked)
    await run.target.remove(step.segment.name)
    run.segments.pop(step.segment.name, None)
    run.cut.pop(step.segment.name, None)
    run.done.removed += 1


async def put_heads(run: Run) -> None:
    """Write the heads that are due: of writers whose segments changed, and ours where we have something to say."""
    work, memory, own = run.work, run.memory, run.own
    if memory.damaged != memory.told:
        memory.due.add(own)
    reached = await work.store.come()
    for writer in sorted(memory.due):
        at = reached.get(writer) or Reached(lane="team" if writer == own else "", n=0, head="")
        head = Head(
            lane=at.lane, n=at.n, head=at.head, device=work.device.id, at=work.machine.clock().text(),
            names=hash_of_names(run.names_of(writer)),
            damaged=tuple(sorted(memory.damaged)) if writer == own else (),
        )  # fmt: skip
        await run.target.put(head_name(writer), head_of(head))
        run.wrote.add(head_name(writer))
        memory.due.discard(writer)
        if writer == own:
            memory.told = set(memory.damaged)
