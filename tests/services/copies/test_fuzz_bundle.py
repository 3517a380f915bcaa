"""A bundle that is damaged anywhere is refused or taken in as far as it is whole, its faults named."""

from __future__ import annotations

import asyncio
from pathlib import Path

from fieldlog.model.errors import FieldLogError
from fieldlog.services.archive.verify import verify_store
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.damage import Fuzz, Wound, hurt
from tests.fakes.clock import FakeClock, machine_of
from tests.fakes.made import riff, tone

PLACES = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")


async def whole(work: Workspace, folder: Path) -> bytes:
    """A bundle of a few notes and two recordings."""
    capture = Capture(work)
    for n in range(3):
        await capture.note(f"note {n} 灯还没好")
        await capture.file(Bytes(name=f"{n}.wav", data=riff(tone(90, n))))
    await make_bundle(work, folder / "all.zip")
    return (folder / "all.zip").read_bytes()


async def taken(data: bytes, project: str) -> None:
    machine = machine_of(FakeClock())
    refused = None
    try:
        done = await import_bundle(machine, Bytes(name="all.zip", data=data))
        assert all(str(problem).strip() for problem in done.problems)
        project = done.study
    except FieldLogError as why:
        refused = why
    work = await open_study(machine, project, write=True)
    assert all(str(fault).strip() for fault in await verify_store(work))
    await Capture(work).begin(zone="UTC")
    await Capture(work).note("still writing")
    await work.close()
    if refused:
        raise refused


async def test_a_damaged_bundle_is_refused_or_taken_as_far_as_it_is_whole(
    work: Workspace, tmp_path: Path, fuzz: Fuzz
) -> None:
    data, project = await whole(work, tmp_path), work.store.project
    # Most of a ZIP is packed; what tells how is a few bytes, each of them worth a look.
    told = [at + n for mark in PLACES for at in places_of(data, mark) for n in range(4, 30)]
    turned = [
        Wound(how="flip", at=(at + 0.5) / len(data), wrong=b"", much=bit).on(data)
        for at in told
        for bit in (0, 2, 3)
    ]

    def look(one: bytes) -> None:
        asyncio.run(taken(one, project))

    await asyncio.to_thread(fuzz, hurt(turned, most=1) | hurt([data]), look, reduced=40, full=5000)


async def test_a_photo_that_a_single_bit_calls_encrypted_is_taken_all_the_same(
    work: Workspace, tmp_path: Path
) -> None:
    data = await whole(work, tmp_path)
    at = next(place for place in places_of(data, PLACES[0]) if data[place + 46 :].startswith(b"media/"))
    machine = machine_of(FakeClock())
    done = await import_bundle(machine, Bytes(name="all.zip", data=data[: at + 8] + b"\1" + data[at + 9 :]))
    assert done.problems == []
    assert done.new["line"] == 7
    other = await open_study(machine, done.study, write=True)
    assert len(await other.vault.all()) == 3
    await other.close()


def places_of(data: bytes, mark: bytes) -> list[int]:
    found = [data.find(mark)]
    while found[-1] >= 0:
        found.append(data.find(mark, found[-1] + 1))
    return found[:-1]
