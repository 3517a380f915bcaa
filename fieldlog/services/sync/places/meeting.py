"""A place is met: what would happen is foreseen, or it is exchanged with, and the archive follows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fieldlog.model.errors import FieldLogError, NotUnderstood
from fieldlog.model.sentence import sentence
from fieldlog.services.archive.removal import lies_there
from fieldlog.services.archive.write import Archived, write_archive
from fieldlog.services.copies.ledger import read_ledger
from fieldlog.services.machine.long_work import Asked, Tell, apart, never, tell_nobody
from fieldlog.services.machine.machine import Machine, folder_disk
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.addresses import known_by, reached
from fieldlog.services.sync.exchange import Foreseen, exchange, foresee, join
from fieldlog.services.sync.hubs.known import known_hub
from fieldlog.services.sync.over_network import is_hub, is_over_network
from fieldlog.services.sync.places.outcome import Met, ReadBack, Step
from fieldlog.services.sync.places.places import Place, keep_place, met
from fieldlog.services.sync.readback import prove
from fieldlog.services.sync.run import Exchanged
from fieldlog.services.sync.secrets import Secrets
from fieldlog.sync.layout import FORMAT

NO_FOLDERS = sentence(
    "A browser on a phone has no folders. Give the address of a WebDAV or S3 server: webdavs://… or s3://…"
)


async def follow(work: Workspace, *, tell: Tell = tell_nobody, cancelled: Asked = never) -> Archived | None:
    """Write the archive of this device again where days changed; None where there is none that can be found.
    Raises as `write_archive` does."""
    for row in (await read_ledger(work)).newest("archive"):
        if lies_there(row, within=work.machine.place):
            return await write_archive(work, Path(row.path), tell, cancelled=cancelled)
    return None


async def foreseen(work: Workspace, address: str, secrets: Secrets) -> Foreseen:
    """What an exchange with a place would do. Raises as `meet` does."""
    async with reached(work.machine, there(work.machine, address), secrets) as target:
        return await foresee(work, target, known_by(address))


async def meet(
    work: Workspace, address: str, secrets: Secrets, *, tell: Tell = tell_nobody, cancelled: Asked = never,
    step: Callable[[Step], None] = lambda _: None, refill: bool = False,
) -> Met:  # fmt: skip
    """Exchange with a place, and let the archive follow. `step` is told of each that begins after the first.

    Raises as `open_target` and `exchange` do. What keeps the archive from following is among the problems.
    """
    where = there(work.machine, address)
    async with reached(work.machine, where, secrets) as target:
        done = await exchange(
            work,
            target,
            known_by(where),
            tell=tell,
            cancelled=cancelled,
            refill=refill,
            words_there=lambda: step("originals"),
        )
    await met(work.store.disk, known_by(where), work.machine.clock().at)
    if done.idle:
        return Met(done=done)
    step("archive")
    try:
        return Met(done=done, written=await follow(work, cancelled=cancelled))
    except FieldLogError as why:
        done.problems.append(why.args[0])
        return Met(done=done)


async def join_there(
    machine: Machine, address: str, secrets: Secrets, *, tell: Tell = tell_nobody, cancelled: Asked = never
) -> Exchanged:  # fmt: skip
    """Take the study in that lies at a place, which is one of this device's places from then on. Raises as `meet`
    does, and `NotFound` where there is none."""
    where = there(machine, address)
    async with reached(machine, where, secrets) as target:
        done = await join(machine, target, known_by(where), tell=tell, cancelled=cancelled)
    work = await open_study(machine, write=True)
    try:
        await keep_place(work.store.disk, Place(address=known_by(where), met=machine.clock().at))
    finally:
        await work.close()
    return done


async def read_place_back(
    work: Workspace, address: str, secrets: Secrets, *, tell: Tell = tell_nobody, cancelled: Asked = never
) -> ReadBack:  # fmt: skip
    """Read everything back and hash it, here and at a place, and say so there. Raises as `meet` does."""
    where = there(work.machine, address)
    async with reached(work.machine, where, secrets) as target:
        faults = await prove(work, target, known_by(where), tell=tell, cancelled=cancelled)
    return ReadBack(faults=tuple(faults))


async def answers(work: Workspace, address: str) -> bool:
    """Whether this is a folder that is here now, and in which a study was exchanged before: one question. Of a hub
    that this device is paired with nothing is asked: the exchange itself begins with one question."""
    machine = work.machine
    if is_hub(address):
        return await known_hub(machine, address) is not None
    if is_over_network(address) or has_no_folders(machine):
        return False
    try:
        return await apart(machine.offload, lambda: folder_disk(Path(address)).size(FORMAT)) is not None
    except (FieldLogError, OSError):
        return False


def has_no_folders(machine: Machine) -> bool:
    """Whether this is a browser's Python, to which a folder of the machine means nothing."""
    return machine.http is not None


def there(machine: Machine, address: str) -> str:
    """The address as it was meant. Raises `NotUnderstood` for none, and for a folder where there are none."""
    plain = address.strip()
    if not plain:
        raise NotUnderstood("Say where: a folder, or the address of a server.")
    if "://" in plain:
        return plain
    if has_no_folders(machine):
        raise NotUnderstood(NO_FOLDERS)
    return str(Path(plain).expanduser())
