"""A copy that leaves a phone: whole before it goes, a copy only when it comes back the same."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from fieldlog.model.errors import Cancelled, DiskFull, NotUnderstood
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.copies.only_here import Copies
from fieldlog.services.copies.outbox import in_outbox, make_outgoing, outgoing, prove
from fieldlog.services.erase.elsewhere import elsewhere
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.machine import in_turn
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone

STUDY = "01950000-0000-7000-8000-000000000001"


@pytest.fixture
async def work() -> AsyncIterator[Workspace]:
    """A study on a phone, whose long work is done in turns with its screens."""
    phone = Phone(FakeClock())
    phone.machine = replace(phone.machine, offload=in_turn)
    opened = await open_study(phone.machine, STUDY, write=True)
    await Capture(opened).begin()
    yield opened
    await opened.close()


async def outbox(work: Workspace) -> dict[str, bytes]:
    disk = work.store.disk
    return {one.name: await disk.read(f"outbox/{one.name}") for one in await disk.list("outbox")}


async def test_what_leaves_is_no_copy_until_it_was_picked_again_whole(work: Workspace) -> None:
    copies = await Copies.open(work)
    await Capture(work).note("灯还没好")
    one = await make_outgoing(work)
    ((name, data),) = (await outbox(work)).items()
    assert (one.name, one.bytes) == (name, len(data))
    assert await in_outbox(work) == one
    await copies.reload()
    assert (copies.count, copies.copies) == (1, [])
    copy = await prove(work, Bytes(name="from the stick.zip", data=data))
    await copies.reload()
    assert (copies.count, copies.copies) == (0, [copy])
    assert (copy.path, copy.lines, copy.bytes) == ("from the stick.zip", one.lines, len(data))
    assert (await outbox(work), await outgoing(work)) == ({}, [])


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0", lambda _: b""])
async def test_a_file_that_did_not_arrive_whole_proves_nothing(work: Workspace, change: Any) -> None:
    await Capture(work).note("one")
    one = await make_outgoing(work)
    with pytest.raises(NotUnderstood, match="hand it over again"):
        await prove(work, Bytes(name="cut.zip", data=change((await outbox(work))[one.name])))
    copies = await Copies.open(work)
    assert (copies.count, copies.copies) == (1, [])
    assert await in_outbox(work) == one


async def test_ordinary_tools_open_it_and_another_device_takes_it_in(work: Workspace) -> None:
    await Capture(work).note("灯还没好")
    await Capture(work).file(Bytes(name="call-sheet.csv", data=b"Scene,34-2\n"))
    one = await make_outgoing(work)
    data = (await outbox(work))[one.name]
    with zipfile.ZipFile(io.BytesIO(data)) as bag:
        assert bag.testzip() is None
        kinds = {name.split("/")[0] for name in bag.namelist()}
        assert kinds == {"format.json", "log", "media"}
    laptop = Phone(FakeClock(), number=2)
    assert (await import_bundle(laptop.machine, Bytes(name=one.name, data=data))).problems == []
    there = await open_study(laptop.machine, STUDY, write=False)
    assert there.store.state.tables == work.store.state.tables
    assert len(await there.vault.all()) == 1


async def test_it_holds_what_a_bundle_of_the_laptop_holds(work: Workspace, tmp_path: Any) -> None:
    await Capture(work).file(Bytes(name="call-sheet.csv", data=b"Scene,34-2\n"), text="for tomorrow")
    one = await make_outgoing(work)
    await make_bundle(work, tmp_path / "same.zip")
    assert (tmp_path / "same.zip").read_bytes() == (await outbox(work))[one.name]


async def test_a_stop_leaves_nothing_in_the_outbox(work: Workspace) -> None:
    await Capture(work).note("one")
    with pytest.raises(Cancelled):
        await make_outgoing(work, cancelled=lambda: True)
    assert (await outbox(work), await outgoing(work)) == ({}, [])


async def test_where_there_is_no_room_for_it_nothing_is_left_and_notes_still_are_taken() -> None:
    phone = Phone(FakeClock())
    opened = await open_study(phone.machine, STUDY, write=True)
    capture = Capture(opened)
    await capture.begin()
    await capture.file(Bytes(name="long.bin", data=bytes(range(256)) * 400))
    await phone.room_for(50_000)
    with pytest.raises(DiskFull):
        await make_outgoing(opened)
    assert await outbox(opened) == {}
    await capture.note("still here")
    await opened.close()


async def test_the_screens_have_their_turn_and_are_told_how_far_it_is(work: Workspace) -> None:
    for n in range(3):
        await Capture(work).file(Bytes(name=f"{n}.bin", data=bytes([n]) * 1_000_000))
    turns, told = 0, list[tuple[int, int]]()
    making = asyncio.ensure_future(make_outgoing(work, tell=lambda *at: told.append(at)))
    while not making.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 20
    assert told[-1][0] == told[-1][1] > 6_000_000


async def test_an_original_that_somebody_looks_at_is_waited_for(work: Workspace) -> None:
    _, taken = await Capture(work).file(Bytes(name="a.bin", data=b"abc" * 1000))
    assert taken.kept
    handle = await work.vault.open(taken.kept.sha256)
    making = asyncio.ensure_future(make_outgoing(work))
    asyncio.get_running_loop().call_later(0.15, handle.close)
    assert (await making).lines > 0


async def test_the_one_made_before_makes_room_and_can_still_be_proven(
    work: Workspace,
) -> None:
    await Capture(work).note("one")
    first = await make_outgoing(work)
    data = (await outbox(work))[first.name]
    work.machine.clock.advance(minutes=5)  # type: ignore[attr-defined]
    await Capture(work).note("two")
    second = await make_outgoing(work)
    assert list(await outbox(work)) == [second.name]
    assert [one.name for one in await outgoing(work)] == [second.name, first.name]
    newer = (await outbox(work))[second.name]
    await prove(work, Bytes(name="second.zip", data=newer))
    await prove(work, Bytes(name="first.zip", data=data))
    copies = await Copies.open(work)
    assert copies.count == 0, "an older copy that is proven later takes nothing back"


async def test_what_is_erased_for_good_is_not_left_in_the_outbox_and_is_said_to_have_left(work: Workspace) -> None:
    entry = await Capture(work).note("车上说的那些别用了")
    one = await make_outgoing(work)
    erased = await Erasing(work).erase([entry.id], reason="asked-to")
    assert await outbox(work) == {}
    assert [copy.path for copy in (await elsewhere(work, erased)).copies] == [one.name]
