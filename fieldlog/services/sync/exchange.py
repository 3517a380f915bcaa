"""The exchange with a target: a run may be stopped anywhere, and the next goes on.

Lines come before originals, reading before sending, and nothing is ever taken for deleted because it is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldlog.model.branch import writer_of
from fieldlog.model.errors import NotFound, NotUnderstood, WrongPlace
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.held.freed import let_be, wanted_again
from fieldlog.services.machine.long_work import Asked, Tell, apart, never, tell_nobody
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.studies import study_to_fill
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.lines_in import go_on_anew_where_further, take_in_lines
from fieldlog.services.sync.lines_out import (
    all_of_ours,
    names_there,
    put_heads,
    send_lines,
    standing,
    told_by,
)
from fieldlog.services.sync.originals.both import exchange_originals
from fieldlog.services.sync.originals.named import named_originals, remember_named, remove_erased, sweep_incoming
from fieldlog.services.sync.proof.receipts import forget_place, is_told, meet_receipts, publish_receipt
from fieldlog.services.sync.remembered import Remembered
from fieldlog.services.sync.run import Exchanged, Run
from fieldlog.sync.layout import (
    FORMAT,
    HEAD,
    LOG,
    Head,
    NewerThere,
    format_of,
    head_name,
    medium_of,
    project_in,
    read_head,
    segment_named,
    segment_of,
)
from fieldlog.sync.plan import Step, Theirs, plan
from fieldlog.sync.target import Item, NotThere, Target

WIPED = sentence(
    "What this device put there before is not there any more: {address} was emptied, is not connected, or is "
    "another place. Choose the right one, or say that it is to be filled again; nothing was changed."
)
ANOTHERS = sentence("{address} holds another study. Choose another place for this one; nothing was changed.")
NOTHING = sentence("There is no study at {address} that could be joined.")


class Wiped(WrongPlace):
    """The target does not know of a study that was exchanged with it before."""

    def __init__(self, address: str) -> None:
        super().__init__(Sentence(WIPED, address=address))
        self.address = address


async def exchange(
    work: Workspace, target: Target, address: str, *, tell: Tell = tell_nobody, cancelled: Asked = never,
    whole: bool = False, refill: bool = False, words_there: Callable[[], None] = lambda: None,
) -> Exchanged:  # fmt: skip
    """Let a target and this device hold the same, both lanes, telling bytes. `address` is how the target is known
    here (`known_by`), without a password: what is remembered of it goes by that.

    With `whole` nothing that was remembered is relied on; `refill` fills a target anew that lost what was there.
    `words_there` is called once every line is exchanged, before the first original.
    Another exchange of this study is waited for. Raises `Wiped`, `WrongPlace` for another study's, `NotUnderstood`
    for a newer FieldLog's, `Cancelled`, `NotSaved`, `Unreachable`, `TargetRefused`. Whatever it raises, what was
    done by then is done.
    """
    async with work.exchanging:
        run = await _begun(work, target, address, tell, cancelled)
        return await _exchanged(run, address, whole=whole, refill=refill, words_there=words_there)


async def _exchanged(
    run: Run, address: str, *, whole: bool, refill: bool, words_there: Callable[[], None]
) -> Exchanged:
    work = run.work
    now, ours = work.machine.clock().at, await standing(work)
    idle = not whole and not refill and run.memory.is_idle(run.heads, ours, now)
    if idle and await is_told(run) and not await wanted_again(work):
        return Exchanged(idle=True)
    stopped = run.memory.begin()
    try:
        await _must_be_ours(run, address, refill=refill)
    except Wiped:
        await forget_place(work, address)
        raise
    if whole or refill:
        run.memory.forget()
    if refill:
        await forget_place(work, address)
    if run.memory.damaged and run.memory.is_due(now):
        # Who was to put it again may have been told wrongly that it is there.
        run.memory.told.clear()
    # What lines from elsewhere erase nothing here names any more then.
    remember_named(run)
    await run.memory.keep()
    await _look(run)
    await go_on_anew_where_further(run)
    await _exchange_lines(run)
    await meet_receipts(run)
    await put_heads(run)
    remember_named(run)
    await sweep_incoming(work, run.memory.media)
    await run.memory.keep()
    await remove_erased(run)
    words_there()
    await exchange_originals(run)
    await publish_receipt(run)
    if run.done.media_out or stopped:
        # Others look again only where a head has changed.
        run.memory.due.add(run.own)
    await put_heads(run)
    await _end(run)
    await work.store.settle()
    return run.done


async def join(
    machine: Machine, target: Target, address: str, *, tell: Tell = tell_nobody, cancelled: Asked = never
) -> Exchanged:  # fmt: skip
    """Take the study in that lies on a target; it becomes this device's current one. Raises as `exchange` does,
    and `NotFound` where there is none."""
    try:
        project = project_in(await _read(target, FORMAT))
    except NotThere as why:
        raise NotFound(Sentence(NOTHING, address=address)) from why
    async with study_to_fill(machine, project) as work:
        return await exchange(work, target, address, tell=tell, cancelled=cancelled)


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What a run would do, as far as can be told without reading: `steps` with lines, and how many originals would
    go out and come in. Nothing was changed."""

    steps: tuple[Step, ...]
    media_out: int
    media_in: int


async def foresee(work: Workspace, target: Target, address: str) -> Foreseen:
    """Raises as `exchange` does."""
    run = await _begun(work, target, address, tell_nobody, never)
    try:
        if project_in(await _read(target, FORMAT)) != work.store.project:
            raise WrongPlace(Sentence(ANOTHERS, address=address))
    except NotThere:
        if run.memory.exchanged:
            raise Wiped(address) from None
    await _look(run)
    ours = await all_of_ours(work, await standing(work))
    theirs = Theirs(
        segments=run.segments.values(), cut=run.cut.values(), taken=frozenset(run.memory.taken),
        damaged=frozenset(run.claims),
    )  # fmt: skip
    steps = await work.machine.offload(plan, ours, theirs)
    here = {one.sha256 for one in await apart(work.machine.offload, work.vault.all)}
    named = named_originals(work)
    there = {sha256 for sha256, one in run.memory.media.items() if one.there}
    return Foreseen(
        steps=tuple(steps),
        media_out=len((named.keys() & here) - there),
        media_in=len(named.keys() - here - await let_be(work)),
    )


# -- the steps of a run


async def _begun(work: Workspace, target: Target, address: str, tell: Tell, cancelled: Asked) -> Run:
    memory = await Remembered.of(work.store.disk, address)
    run = Run(work=work, target=target, memory=memory, tell=tell, cancelled=cancelled)
    run.heads = await target.list(HEAD)
    run.unsure = not memory.exchanged and any(item.name == head_name(run.own) for item in run.heads)
    return run


async def _must_be_ours(run: Run, address: str, *, refill: bool) -> None:
    """The target is this study's, or made so. Raises `Wiped` and `WrongPlace`."""
    ours = run.work.store.project
    there = await _study_there(run, address, refill=refill)
    if there is None:
        await run.target.put(FORMAT, format_of(ours))
        there = project_in(await _read(run.target, FORMAT))
    if there != ours:
        raise WrongPlace(Sentence(ANOTHERS, address=address))
    run.memory.exchanged = True


async def _study_there(run: Run, address: str, *, refill: bool) -> str | None:
    """Which study's it is; None where it is still to be said."""
    try:
        return project_in(await _read(run.target, FORMAT))
    except NotThere:
        if run.memory.exchanged and not refill:
            raise Wiped(address) from None
        run.memory.forget()
    except NewerThere:
        raise
    except NotUnderstood:
        # What is known to be ours is made whole; so is what was begun, and nothing came after it.
        if not run.memory.exchanged and await run.target.list(LOG):
            raise
    return None


async def _look(run: Run) -> None:
    """What lies there, and what other devices found damaged."""
    aside = list[str]()
    for item in await run.target.list(LOG):
        if segment := segment_of(item):
            run.segments[item.name] = segment
        elif segment := segment_named(item.name):
            run.cut[item.name] = segment
        else:
            aside.append(item.name)
    run.done.set_aside = tuple(aside)
    run.claims = set(run.memory.damaged)
    for item in run.heads:
        if not run.memory.is_as_it_was(item):
            head = await _head(run.target, item)
            run.claims |= set(head.damaged) if head else set()
    for medium in map(medium_of, run.claims):
        if medium and (one := run.memory.media.get(medium.sha256)):
            one.there, one.begun = False, True


async def _head(target: Target, item: Item) -> Head | None:
    try:
        return read_head(await _read(target, item.name))
    except NotThere:
        return None


async def _exchange_lines(run: Run) -> None:
    writers = await _touched(run)
    ours = await all_of_ours(run.work, writers)
    segments = [one for one in run.segments.values() if one.writer in writers]
    theirs = Theirs(segments=segments, taken=frozenset(run.memory.taken))
    steps = await run.work.machine.offload(plan, ours, theirs)
    del ours
    await take_in_lines(run, steps)
    # What was merged may lie in branches now, and we may have gone on in writers of our own that are new.
    writers |= await _touched(run)
    await send_lines(run, writers)
    await _settle(run, writers)


async def _touched(run: Run) -> set[str]:
    """The journals that here, or in their segments there, are not what they were after the last run, with all
    others of their writers."""
    ours, theirs = await standing(run.work), names_there(run)
    claimed = {one.writer for name, one in run.segments.items() if name in run.claims}
    told = told_by(ours, theirs)
    due = run.memory.is_due(run.work.machine.clock().at)
    found = {name for name in told if due or run.memory.settled.get(name) != told[name]} | claimed
    writers = {writer_of(name) for name in found}
    return {name for name in told if writer_of(name) in writers}


async def _settle(run: Run, writers: set[str]) -> None:
    told = told_by(await standing(run.work), names_there(run))
    for writer in writers & told.keys():
        said = told[writer]
        run.memory.settled[writer] = f"{said.partition(' ')[0]} -" if writer in run.unread else said
    run.memory.settled = {writer: said for writer, said in run.memory.settled.items() if writer in told}


async def _end(run: Run) -> None:
    """What was seen is remembered, so that the next run need not look where nothing changed."""
    memory = run.memory
    heads = {item.name: item for item in run.heads}
    if run.wrote:
        heads |= {item.name: item for item in await run.target.list(HEAD) if item.name in run.wrote}
    memory.heads = sorted(heads.values(), key=lambda item: item.name)
    memory.taken &= run.segments.keys()
    memory.damaged = {
        name for name in memory.damaged
        if name in run.segments or ((medium := medium_of(name)) and medium.sha256 in memory.media)
    }  # fmt: skip
    memory.complete = True
    memory.looked_at = run.work.machine.clock().at
    await memory.keep()


async def _read(target: Target, name: str) -> bytes:
    return b"".join([piece async for piece in target.read(name)])
