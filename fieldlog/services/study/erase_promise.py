"""What is to be erased, promised before anything is touched and carried out whatever stops the app in between.

The promise lies in a file of its own until the last byte is gone. `finish_erasing` keeps one that was left over;
it comes first when a study is opened, before anything else could take up what is to go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from fieldlog.model import gate
from fieldlog.model.errors import DiskFull, FieldLogError, NotSaved, NotUnderstood, StoreBusy
from fieldlog.model.line import decode
from fieldlog.model.op import Op, op_from_json
from fieldlog.model.readable import check
from fieldlog.model.records import id_of, original_of
from fieldlog.model.sentence import sentence
from fieldlog.model.standing import erased, tombstone
from fieldlog.model.state import ASIDE
from fieldlog.services.study.kept import Form, made_of, read_kept, write_kept
from fieldlog.store.erasing import erasings_of, speaks_of

if TYPE_CHECKING:
    from fieldlog.services.machine.machine import Machine
    from fieldlog.services.study.workspace import Workspace

FILE = "erasing.json"
ERASING = Form(
    path=FILE,
    whole={"at": gate.instant, "ops": gate.mapped(gate.listed(gate.mapping))},
    must=("at", "ops"),
    each={"records": (list, gate.text), "files": (list, gate.sha256), "memos": (list, gate.text)},
)
RECORDINGS = "recording"
OUTBOX = "outbox"
"""Bundles made to leave a phone lie here until they are proven."""
INCOMING = "sync/incoming"
"""Originals that are being fetched from elsewhere lie here, each called by its hash, until they are whole."""

HUB_PARTS = "hub/.parts"
"""What other devices are sending to this laptop's hub lies here, in parts of which nobody knows what they hold."""

ARRIVED = "arrived"
"""Files that were brought by a browser lie here, in the data root, until a person says what is to come of them."""

UNSEALED, UNSEALED_LOCK = "unsealed.part", "unsealed.lock"
"""At the root of the data folder: a sealed bundle that comes in, opened, until it is in."""

_ERASES = b'"k":"erase"'


class NotErased(FieldLogError):
    """Erasing was begun and is not finished yet."""

    def __init__(self, why: FieldLogError) -> None:
        super().__init__(
            sentence(
                "It can't be seen any more, but its last bytes are still on this device. Free some space and open "
                "FieldLog again: then they go."
            )
            if isinstance(why, DiskFull)
            else sentence(
                "It can't be seen any more, but its last bytes are still in use here. Open FieldLog again: then "
                "they go."
            )
        )
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What is left to do. `ops` are operations by lane, `records` whose words go once they have a tombstone,
    `files` the hashes of originals that go unless a record still names them, `memos` recordings of which
    nothing is to be left outside the vault. `at` is an ISO text."""

    at: str
    ops: Mapping[str, Sequence[Op]] = field(default_factory=dict)
    records: Collection[str] = ()
    files: Collection[str] = ()
    memos: Collection[str] = ()

    def told(self) -> dict[str, Any]:
        """As JSON keeps it."""
        ops = {lane: [op.as_json() for op in some] for lane, some in self.ops.items()}
        plain = {name: sorted(getattr(self, name)) for name in ("records", "files", "memos")}
        return {"at": self.at, "ops": ops, **plain}

    @classmethod
    def of(cls, said: Mapping[str, Any], at: str) -> Promise:
        """From what JSON kept, as far as it can be read; `at` where that says no time."""
        lines = {lane: [op for one in some if (op := _op(one))] for lane, some in said.get("ops", {}).items()}
        ops = {lane: line for lane, line in lines.items() if any(op.k == "erase" for op in line)}
        return made_of(cls, {"at": at, **said, "ops": ops})


def _op(said: Any) -> Op | None:
    """An operation that can be saved; None for anything else."""
    op = op_from_json(said)
    try:
        if op is not None:
            check(op)
    except NotUnderstood:
        return None
    return op


async def promise(work: Workspace, made: Promise) -> None:
    """Promise it durably, once nothing that may hold it is being written. Raises `NotSaved`; then nothing is
    promised."""
    await work.under_way.halted()
    await work.room.needed(lambda: write_kept(work.store.disk, ERASING, made.told()))


async def keep(work: Workspace, made: Promise) -> None:
    """Carry out what was promised; may be stopped anywhere and called again.

    Raises `NotSaved` where nothing was erased, and the promise is taken back; `NotErased` where something was.
    """
    done = False
    for lane, ops in made.ops.items():
        try:
            await _save(work, ops, lane)
        except NotSaved as refusal:
            if done:
                raise NotErased(refusal) from refusal
            await work.store.disk.remove(FILE)
            raise
        done = True
    try:
        await work.room.needed(partial(_empty, work, made))
    except FieldLogError as refusal:
        raise NotErased(refusal) from refusal


async def finish_erasing(work: Workspace) -> bool:
    """Keep a promise that was left over; whether there was one. Raises as `keep` does."""
    if await work.store.disk.size(FILE) is None:
        return False
    said = await read_kept(work.store.disk, ERASING)
    made = Promise.of(said, work.machine.clock().text())
    if not said.keys() >= set(ERASING.must):
        # What was to go can't be read any more; what has a tombstone was.
        made = replace(made, records={*made.records, *work.store.state.dead()})
    await keep(work, made)
    return True


async def finish_at_opening(work: Workspace) -> None:
    """Keep what was promised, unless the disk refuses: then the study is opened all the same."""
    with suppress(NotSaved, NotErased):
        await finish_erasing(work)


def foretold(work: Workspace, raws: Iterable[bytes]) -> Promise | None:
    """What lines from elsewhere will have to be erased here when they are merged, None where nothing.

    What they erase goes here, too; what was erased here does not come back with them. To be asked before they
    are merged, since then the records do not tell any more which files were theirs.
    """
    state, raws = work.store.state, list(raws)
    dead = work.store.state.dead()
    dead |= {op.e for raw in raws if _ERASES in raw for op in decode(raw).ops if op.k == "erase"}
    wanted = {record.encode() for record in dead}
    said = [op for raw in raws if speaks_of(raw, wanted) for op in decode(raw).ops if op.e in dead]
    said += [op for line in work.store.withdrawn for op in line.ops if op.e in dead]
    live = [doc for record in dead if (doc := state.raw(record)) and not erased(doc)]
    gone = {op.e for op in said} | set(map(id_of, live))
    if not gone:
        return None
    files = {str(sha256) for one in (*live, *(op.v for op in said)) if (sha256 := original_of(one))}
    return Promise(at=work.machine.clock().text(), records=gone, files=files)


@dataclass
class Coming:
    """Lines from elsewhere whose media come before them: which of these nobody may see again.

    `names` leads from a file's hash to the attachments that name it, `erased` are records that go with the lines.
    """

    names: dict[str, set[str]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, raws: Iterable[bytes]) -> Coming:
        coming = cls()
        for op in (op for raw in raws if _ERASES in raw or b'"sha256"' in raw for op in decode(raw).ops):
            if op.k == "erase":
                coming.erased.add(op.e)
            elif sha256 := original_of(op.v):
                coming.names.setdefault(str(sha256), set()).add(op.e)
        return coming

    def unwanted(self, work: Workspace, sha256: str) -> bool:
        """Whether a file is only of what was erased, here or there: then it is not taken in, not for a moment."""
        raw, records = work.store.state.raw, self.names.get(sha256, set())
        dead = [one for one in records if one in self.erased or erased(raw(one) or {})]
        return bool(records) and len(dead) == len(records) and sha256 not in named_files(work, self.erased)


def named_files(work: Workspace, without: Collection[str] = ()) -> set[str]:
    """The hashes that the study's attachments name, hidden ones too, but for some records."""
    tables = work.store.state.tables
    docs = [doc for name in ("attachments", f"{ASIDE}attachment") for doc in tables.get(name, {}).values()]
    return {str(sha256) for doc in docs if (sha256 := original_of(doc)) and id_of(doc) not in without}


async def let_go(work: Workspace, files: Collection[str]) -> None:
    """Erase of these originals, by their hashes, what no record names, and what has come of them so far."""
    if files:
        async with work.naming:
            for sha256 in set(files) - named_files(work):
                await work.vault.erase(sha256)
                await work.store.disk.remove(f"{INCOMING}/{sha256}")


async def save_living(work: Workspace, waiting: Mapping[str, list[Sequence[Op]]]) -> None:
    """Save lines by lane and empty them. What speaks of a record that was erased meanwhile is left out, and its
    file goes, unless something else names that."""
    async with work.erasing:
        for lane, lines in waiting.items():
            living = [ops for ops in lines if not any(_is_erased(work, op) for op in ops)]
            if living:
                await work.save(*living, lane=lane)
            dropped = [op for ops in lines if ops not in living for op in ops]
            await let_go(work, {str(sha256) for op in dropped if (sha256 := original_of(op.v))})
            lines.clear()


def _is_erased(work: Workspace, op: Op) -> bool:
    return erased(work.store.state.raw(op.e) or {})


async def _save(work: Workspace, ops: Sequence[Op], lane: str) -> None:
    """Save a line, unless it is in the journal already: it is there whole or not at all."""
    first = next(op for op in ops if op.k == "erase")
    # Another lane may have erased it already.
    if not _is_erased(work, first) or first.u not in (await erasings_of(work.store.disk)).by_u:
        await work.save(ops, lane=lane)


async def empty_outbox(work: Workspace) -> None:
    """Remove the bundles that were made to leave, whether or not they did."""
    for found in await work.store.disk.list(OUTBOX):
        await work.store.disk.remove(f"{OUTBOX}/{found.name}")


async def empty_arrived(machine: Machine) -> None:
    """Remove what a browser brought and nobody has said a word about: whoever brought it has it still."""
    disk = machine.disk_at("")
    for found in await disk.list(ARRIVED):
        # Somebody may be reading one this moment; it goes when they are done, or at the next start.
        with suppress(FieldLogError):
            await disk.remove(f"{ARRIVED}/{found.name}")


async def empty_hub_parts(work: Workspace) -> None:
    """Let go what was half sent to the hub: it may hold what is to go. Whoever sent it begins that file anew."""
    for found in await work.store.disk.list(HUB_PARTS):
        with suppress(StoreBusy):  # on a disk that keeps open files: who writes it now ends with it
            await work.store.disk.remove(f"{HUB_PARTS}/{found.name}")


async def _empty(work: Workspace, made: Promise) -> None:
    """Everything behind the tombstones. What needs no room comes first, since it makes some."""
    disk, store = work.store.disk, work.store
    await empty_outbox(work)
    await empty_arrived(work.machine)
    await empty_hub_parts(work)
    await work.half_written.erase(made.records)
    for found in await disk.list(RECORDINGS):
        if found.name.split(".")[0] in made.memos:
            await disk.remove(f"{RECORDINGS}/{found.name}")
    await let_go(work, made.files)
    marks = {record: tombstone(store.state.raw(record) or {}) for record in made.records}
    gone = {record: mark for record, mark in marks.items() if mark}
    if gone:
        by = min(str(mark["u"]) for mark in gone.values())
        await store.erase_bodies(gone, by=by, at=made.at)
    await disk.remove(FILE)
