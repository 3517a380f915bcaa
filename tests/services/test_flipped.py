"""A byte is flipped anywhere in an archive, a bundle or a journal: it is named, and costs only what it hits."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.line import decode
from fieldlog.services.archive.restore import restore
from fieldlog.services.archive.verify import archive_faults
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_faults import faults_in
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.machine.long_work import Word
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.store import Store
from tests.fakes.made import riff, tone
from tests.services.archive.test_archive import files
from tests.services.test_damage import STUDY, device, journal

UNCOVERED: dict[str, str] = {}
"""Bytes that no hash covers: none."""

Count = Callable[[int, int], int]


async def small() -> Workspace:
    work = await open_study(device(), STUDY, write=True)
    capture = Capture(work)
    await capture.begin(title="Vertical days", zone="Asia/Shanghai")
    await capture.note("The lamps are late 灯还没好")
    await capture.note("Rain on the roof")
    await capture.note("I was afraid", Chips(note_type="PN"))
    await capture.file(Bytes(name="memo.wav", data=riff(tone(40, 1))))
    await work.store.settle(idle=True)
    return work


def flips(data: bytes, dice: Random, most: int) -> Iterator[tuple[int, bytes]]:
    """Where a bit is flipped, and what the bytes are then: at every place where there are not too many."""
    places = range(len(data)) if len(data) <= most else sorted(dice.sample(range(len(data)), most))
    for at in places:
        yield at, data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]


def hit_by(whole: bytes, at: int) -> set[str]:
    """The records that the line at this place of a log speaks of; of two where its end is hit."""
    start = whole.rfind(b"\n", 0, at) + 1
    stop = whole.find(b"\n", start)
    line = decode(whole[start : stop if stop >= 0 else len(whole)])
    return {op.e for op in line.ops}


def records(work: Workspace | Store, but: Collection[str] = ()) -> dict[str, Any]:
    store = work.store if isinstance(work, Workspace) else work
    docs = [doc for table in store.state.tables.values() for doc in table.values()]
    return {doc["id"]: doc for doc in docs if doc["id"] not in but}


async def test_a_flipped_byte_in_an_archive_is_named_and_costs_no_other_record(
    tmp_path: Path, seed: int, count: Count
) -> None:
    work = await small()
    await write_archive(work, tmp_path / "A")
    whole, shas = records(work), {one.sha256 for one in await work.vault.all()}
    archive, dice = files(tmp_path / "A"), Random(seed)
    every = [(path, at) for path, data in archive.items() for at in range(len(data))]
    chosen = every if count(0, 1) else dice.sample(every, 250)
    for path, at in chosen:
        data = archive[path]
        disk = MemoryDisk()
        for name, held in archive.items():
            await disk.replace(name, held)
        await disk.replace(path, data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :])
        assert await archive_faults(disk, Word()) or path in UNCOVERED, f"{path}, byte {at}"
        machine = device()
        await restore(machine, disk)
        again = await open_study(machine, STUDY, write=False)
        gone = hit_by(data, at) if path.startswith("log/") else set()
        assert records(again, gone) == {name: doc for name, doc in whole.items() if name not in gone}, (path, at)
        lacking = shas - {one.sha256 for one in await again.vault.all()}
        assert not lacking or "/audio/" in path or gone, (path, at)
        await again.close()
    await work.close()


async def test_a_flipped_byte_in_a_bundle_is_named_and_costs_no_other_record(
    tmp_path: Path, seed: int, count: Count
) -> None:
    work = await small()
    await make_bundle(work, tmp_path / "b.zip")
    whole, shas = records(work), {one.sha256 for one in await work.vault.all()}
    data = (tmp_path / "b.zip").read_bytes()
    lines = [
        (data.index(line), line) for lane in ("team", "mine")
        for line in (await work.store.disk.read(journal(work, lane))).split(b"\n") if line
    ]  # fmt: skip
    sound = data.index(b"RIFF")
    for at, hurt in flips(data, Random(seed), count(250, len(data))):
        assert await faults_in(io.BytesIO(hurt), "b.zip", Word()), at
        machine = device()
        await import_bundle(machine, Bytes(name="b.zip", data=hurt))
        again = await open_study(machine, STUDY, write=False)
        gone = {op.e for start, line in lines if start <= at <= start + len(line) for op in decode(line).ops}
        assert records(again, gone) == {name: doc for name, doc in whole.items() if name not in gone}, at
        lacking = shas - {one.sha256 for one in await again.vault.all()}
        assert not lacking or sound <= at < sound + 124, at
        await again.close()
    await work.close()


@pytest.mark.parametrize("lane", ["team", "mine"])
async def test_a_flipped_byte_in_a_journal_is_named_and_costs_no_other_record(
    lane: str, seed: int, count: Count
) -> None:
    work = await small()
    whole, path = records(work), journal(work, lane)
    await work.close()
    before = work.store.disk
    data = await before.read(path)
    reached = await before.read("reached.json")
    other = journal(work, "mine" if lane == "team" else "team")
    for at, hurt in flips(data, Random(seed), count(400, len(data))):
        disk = MemoryDisk()
        await disk.replace(path, hurt)
        await disk.replace(other, await before.read(other))
        await disk.replace("reached.json", reached)
        store = await Store.open(disk, STUDY, salt=lambda: "00", own=None)
        assert await store.verify(), at
        gone = hit_by(data, at)
        assert records(store, gone) == {name: doc for name, doc in whole.items() if name not in gone}, at
        await store.close()
