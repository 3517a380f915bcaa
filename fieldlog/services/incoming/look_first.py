"""What a file from elsewhere would bring, told before anything comes in."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.line import decode
from fieldlog.model.op import Op
from fieldlog.model.records import StoredEntry, StoredFile
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.standing import erased
from fieldlog.model.state import State
from fieldlog.services.copies.bundle_in import how_much_is_here
from fieldlog.services.copies.bundle_read import Unpacked, must_go_on_from, unpack
from fieldlog.services.copies.sealed.unseal import is_sealed, unsealed
from fieldlog.services.imports.imports import month_of, ops_of_month
from fieldlog.services.machine.long_work import Asked, Tell, Word, beside, never, tell_nobody
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import Readable
from fieldlog.services.study.studies import begun, open_study
from fieldlog.services.study.workspace import Workspace

NEITHER = sentence("{name} is neither a backup (.zip, .sealed) nor a month file (.json). Nothing was changed.")
GONE = sentence("{name} can't be read any more; pick it again.")


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a file would bring into a study, as far as it is whole; nothing has come in yet.

    `here` says that the study is on this device, `brings` that anything in the file is not, or is damaged here.
    `entries` and `files` are new, `files` by kind: photo, audio and others. `changed` entries are here and get
    something new, `known` ones get nothing, `erased` records go; `others` are new lines that speak of neither
    entries nor files: people, days, scenes. `digits` prove a bundle all of which is here; "" for none. `faults`
    are sentences.
    """

    study: str
    title: str
    here: bool
    brings: bool
    entries: int
    changed: int = 0
    known: int = 0
    erased: int = 0
    others: int = 0
    digits: str = ""
    files: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


async def look_into(
    machine: Machine, source: Readable, *, passphrase: str = "", here: Workspace | None = None,
    tell: Tell = tell_nobody, cancelled: Asked = never,
) -> Look:  # fmt: skip
    """Look at a bundle, a sealed one with its passphrase, or a month file, by what its name ends in. `here` is the
    study that is open, if any.

    Raises `NotUnderstood` for what is neither, or too damaged to be read, `WrongPassphrase`, `Behind` where a
    bundle goes on from lines that are not here, `Cancelled`.
    """
    name = source.name.lower()
    if await is_sealed(source):
        async with unsealed(
            machine, source, passphrase, lambda _, done, total: tell(done, total), cancelled=cancelled
        ) as plain:
            bundle = await _unpacked(plain)
            bundle.faults[:0] = plain.faults
    elif name.endswith(".json"):
        return await _of_month(machine, source, here)
    elif not name.endswith(".zip"):
        raise NotUnderstood(Sentence(NEITHER, name=source.name))
    else:
        bundle = await _unpacked(source)
    async with _study(machine, bundle.project, here) as work:
        must_go_on_from(bundle, work.store.ends if work else {})
        ends = {writer: end.n for writer, end in work.store.ends.items()} if work else {}
        read = partial(_read, lines=bundle.lines, ends=ends)
        coming = await beside(machine.offload, read, tell, cancelled)
        return await _compared(bundle, coming, work, cancelled)


async def _unpacked(source: Readable) -> Unpacked:
    try:
        file = await source.opened()
    except OSError as why:
        raise NotUnderstood(Sentence(GONE, name=source.name)) from why
    with file:
        return await unpack(file, source.name)


@dataclass(kw_only=True)
class _Coming:
    """What the lines of a bundle say, folded; the entries of which lines speak that are not here, and the records
    that these erase."""

    state: State
    spoken: set[str]
    erased: set[str]
    others: int


def _read(word: Word, lines: Mapping[str, Sequence[bytes]], ends: Mapping[str, int]) -> _Coming:
    word.total = sum(len(raw) for raws in lines.values() for raw in raws)
    ops, spoken, erases, others = list[Op](), set[str](), set[str](), 0
    for writer, raws in lines.items():
        for raw in raws:
            line = decode(raw)
            ops += line.ops
            word.moved(len(raw))
            if line.last > ends.get(writer, 0):
                erases.update(op.e for op in line.ops if op.k == "erase")
                spoken.update(op.e for op in line.ops if op.r == "entry")
                others += any(op.k != "erase" for op in line.ops) and not any(
                    op.r in ("entry", "attachment") for op in line.ops
                )
    state = State()
    state.apply(ops)
    return _Coming(state=state, spoken=spoken - erases, erased=erases, others=others)


async def _compared(bundle: Unpacked, coming: _Coming, work: Workspace | None, cancelled: Asked) -> Look:
    here = work.store.state if work else State()
    said = {one.id for one in coming.state.each(StoredEntry)}
    there = {one for one in said | coming.spoken if here.raw(one) is not None}
    changed = coming.spoken & there
    going = [one for one in coming.erased if (doc := here.raw(one)) and not erased(doc)]
    files = Counter[str]()
    for one in coming.state.each(StoredFile):
        sha256 = one.sha256
        if sha256 and sha256 in bundle.media and not (work and await work.vault.has(sha256)):
            files[one.kind] += 1
    all_here, digits = False, ""
    if work and not (said - there or changed or going or coming.others or files):
        all_here, digits = await how_much_is_here(work, bundle, cancelled)
    return Look(
        study=bundle.project, title=coming.state.about.title or here.about.title, here=work is not None,
        brings=not all_here, entries=len(said - there), changed=len(changed), known=len((said & there) - changed),
        erased=len(going), others=coming.others, digits=digits, files=files, faults=tuple(bundle.faults),
    )  # fmt: skip


async def _of_month(machine: Machine, source: Readable, here: Workspace | None) -> Look:
    """Of a month file; what lies beside it stays where it is, so it brings no files."""
    month = await month_of(machine, source, here=here)
    async with _study(machine, month.study.id, here) as work:
        ops = await ops_of_month(work, month) if work else [one.created() for one in month.records()]
    new = sum(op.r == "entry" and op.k == "new" for op in ops)
    changed = sum(op.r == "entry" for op in ops) - new
    there = sum(one.record.kind_of_record == "entry" for one in month.records())
    return Look(
        study=month.study.id, title=month.study.title, here=work is not None, brings=bool(ops), entries=new,
        changed=changed, known=there - new - changed,
        others=sum(op.r not in ("entry", "attachment") for op in ops),
    )  # fmt: skip


@asynccontextmanager
async def _study(machine: Machine, study: str, here: Workspace | None) -> AsyncIterator[Workspace | None]:
    """The study as it stands on this device, to be read; None where it is not here."""
    if here is not None and here.store.project == study:
        yield here
        return
    if study not in await begun(machine):
        yield None
        return
    try:
        work = await open_study(machine, study, write=False)
    except NotFound:
        yield None
        return
    try:
        yield work
    finally:
        await work.close()
