"""Receipts come and go: this device's own is put where it says something new, others' are kept here.

    sync/proof/<device>.json    {"heard":…,"order":7,"data":…}    the newest receipt of another, as it was read

What a device says counts for nothing once it has another name. Where something stands under our own name that we
never put, or somebody says to have had our name, this device was put back from a backup, or copied: it takes a new
name, and reads everything back anew.

Of those that had one name once, only who was heard of last counts: put back twice, a device may not know any more
under which name it spoke in between, and nobody can tell that from a copy that lives.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from fieldlog.model import gate
from fieldlog.model.errors import NotSaved
from fieldlog.model.moment import parse
from fieldlog.services.held.look_here import look_here
from fieldlog.services.held.read_here import ReadHere, change_read_here, read_here
from fieldlog.services.study.kept import Form, read_kept, write_kept
from fieldlog.services.study.put_back.new_writers import PUT_BACK, take_new_writers
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.proof.gone import gone
from fieldlog.services.sync.remembered import key_of
from fieldlog.services.sync.run import Run
from fieldlog.sync.layout import PROOF, medium_of, segment_named
from fieldlog.sync.receipt import (
    LAPTOP,
    PHONE,
    Receipt,
    is_proof,
    proof_name,
    read_receipt,
    receipt_of,
    short,
    without,
)
from fieldlog.sync.target import NotThere

FOLDER = "sync/proof"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A receipt of another device, when it was heard of first, by our clock, and in which order."""

    receipt: Receipt
    at: datetime
    order: int

    @property
    def names(self) -> set[str]:
        return {self.receipt.device, *self.receipt.former}


async def others(work: Workspace) -> list[Heard]:
    """The newest receipts of other devices that count, the last one first. Those of a device that is gone
    don't."""
    found, taken, away = list[Heard](), set(work.device.ids), await gone(work)
    for heard in await _all(work):
        left = away.get(heard.receipt.device)
        if not heard.names & taken and (left is None or heard.at > left):
            found.append(heard)
        # Whoever was heard of before under one of these names is the same, or a copy.
        taken |= heard.names
    return found


async def _all(work: Workspace) -> list[Heard]:
    names = [one.name.removesuffix(".json") for one in await work.store.disk.list(FOLDER)]
    found = [await _heard(work, name) for name in names if gate.identifier(name) is None]
    return sorted((heard for heard in found if heard), key=lambda heard: -heard.order)


async def _heard(work: Workspace, device: str) -> Heard | None:
    kept = await read_kept(work.store.disk, _form(device))
    receipt = read_receipt(kept.get("data", "").encode())
    if receipt is None or not kept.get("heard"):
        return None
    return Heard(receipt=receipt, at=parse(kept["heard"]), order=kept.get("order", 0))


def _form(device: str) -> Form:
    whole = {"heard": gate.instant, "order": gate.amount, "data": gate.text}
    return Form(path=f"{FOLDER}/{device}.json", whole=whole, each={})


# -- they come


async def meet_receipts(run: Run) -> None:
    """Read the receipts that are new there. Raises as the target does."""
    work, memory = run.work, run.memory
    here, own, seen, foreign = await read_here(work), proof_name(work.device.id), list(memory.proofs), False
    listed = [item for item in await run.target.list(PROOF) if is_proof(item.name)]
    for item in listed:
        if item in memory.proofs:
            continue
        data = await _read(run, item.name)
        receipt = read_receipt(data)
        if receipt is None or proof_name(receipt.device) != item.name:
            continue
        seen.append(item)
        if item.name == own:
            # What we put longer ago than we remember is ours.
            foreign = receipt.seq > here.seq - len(here.sent) and _hash(data) not in here.sent
            if here.sent[-1:] == [_hash(data)]:
                memory.proof = here.key
        else:
            await _keep(work, receipt, data)
    memory.proofs = [item for item in seen if item in listed]
    if own not in {item.name for item in memory.proofs}:
        memory.proof = ""
    if foreign or any(work.device.id in heard.receipt.former for heard in await _all(work)):
        await take_new_writers(work)
        memory.proof = ""
        run.done.told.append(PUT_BACK)


async def _read(run: Run, name: str) -> bytes:
    with suppress(NotThere):
        return b"".join([piece async for piece in run.target.read(name)])
    return b""


async def _keep(work: Workspace, receipt: Receipt, data: bytes) -> None:
    known, last = await _heard(work, receipt.device), max([one.order for one in await _all(work)], default=0)
    if known is None or known.receipt.seq < receipt.seq:
        told = {"heard": work.machine.clock().text(), "order": last + 1, "data": data.decode()}
        await work.room.needed(lambda: write_kept(work.store.disk, _form(receipt.device), told))


# -- ours goes


async def is_told(run: Run) -> bool:
    """Whether what we have to say stands there, as far as we know."""
    return _key(_said(run.work, await read_here(run.work))) == run.memory.proof


async def publish_receipt(run: Run) -> None:
    """Read back what was not yet, and put our receipt where it says something new. Raises as the target does, and
    `Cancelled`."""
    work, moved = run.work, run.done.bytes

    def tell(done: int, total: int) -> None:
        run.tell(moved + done, max(run.total, moved) + total)

    with suppress(NotSaved):
        await look_here(work, hashed=run.hashed, tell=tell, cancelled=run.cancelled)
        here = await change_read_here(work, lambda here: _sign(run, here))
        said = _said(work, here)
        if run.memory.proof != here.key:
            await run.target.put(proof_name(work.device.id), receipt_of(replace(said, seq=here.seq)))
            run.memory.proof = here.key
            # Others look there only where a head has changed.
            run.memory.due.add(run.own)


def _sign(run: Run, here: ReadHere) -> None:
    """What is to be published gets its number, before it leaves."""
    _doubt(run, here)
    said = _said(run.work, here)
    if here.key != _key(said):
        here.key, here.seq = _key(said), here.seq + 1
        here.sent.append(_hash(receipt_of(replace(said, seq=here.seq))))


def _doubt(run: Run, here: ReadHere) -> None:
    """What this run found missing or damaged at the place counts no more."""
    key, memory = key_of(run.memory.address), run.memory
    if key in here.places:
        gone = {short(sha256) for sha256, one in memory.media.items() if not one.there}
        spoilt = memory.damaged | run.spoilt | run.cut.keys()
        gone |= {short(medium.sha256) for name in spoilt if (medium := medium_of(name))}
        writers = {segment.writer for name in spoilt if (segment := segment_named(name))}
        here.places[key] = without(here.places[key], gone, writers)


def _said(work: Workspace, here: ReadHere) -> Receipt:
    return Receipt(
        device=work.device.id, form=LAPTOP if work.machine.keeps else PHONE, name=work.device.label,
        former=tuple(work.device.former), own=here.own(), places=here.places,
    )  # fmt: skip


def _key(said: Receipt) -> str:
    return _hash(receipt_of(said))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


async def forget_place(work: Workspace, address: str) -> None:
    """A place lost what was there: what was read back of it counts no more."""

    def change(here: ReadHere) -> None:
        here.places.pop(key_of(address), None)

    await change_read_here(work, change)
