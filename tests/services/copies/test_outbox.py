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
from fieldlog.services.copies.outbox import (
    TRIES,
    in_outbox,
    make_outgoing,
    mime_of,
    outgoing,
    prove,
    prove_by_digits,
)
from fieldlog.services.copies.sealed import first_line
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.copies.sealed.unseal import import_sealed
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


PASSPHRASE = "four words nobody guesses"


async def test_eight_digits_from_the_device_that_has_it_bring_the_number_to_nothing(
    work: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_line, "ITERATIONS", 2)
    copies = await Copies.open(work)
    await Capture(work).note("灯还没好")
    await Capture(work).file(Bytes(name="call-sheet.csv", data=b"Scene,34-2\n"))
    one = await make_outgoing(work, seal=seal_of(work.machine, PASSPHRASE))
    assert one.name == "FieldLog-2025-03-16-0800.sealed"
    assert mime_of(one.name) == "application/octet-stream"
    ((name, data),) = (await outbox(work)).items()
    assert (name, len(data)) == (one.name, one.bytes)
    await Capture(work).note("written after it left")
    laptop = Phone(FakeClock(), number=2)
    shown = (await import_sealed(laptop.machine, Bytes(name=name, data=data), PASSPHRASE)).digits
    await copies.reload()
    assert (copies.count, copies.copies) == (3, [])
    copy = await prove_by_digits(work, f" {shown[:4]} {shown[4:]}")
    await copies.reload()
    assert (copies.count, copies.copies, copy.path) == (1, [copy], one.name)
    assert (await outbox(work), await outgoing(work)) == ({}, [])


async def test_a_sealed_one_that_is_picked_again_is_a_copy_too(
    work: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_line, "ITERATIONS", 2)
    one = await make_outgoing(work, seal=seal_of(work.machine, PASSPHRASE))
    data = (await outbox(work))[one.name]
    assert (await prove(work, Bytes(name="from the cloud", data=data))).bytes == len(data)


async def test_digits_in_another_script_are_the_same_digits(work: Workspace) -> None:
    one = await make_outgoing(work)
    wide = "".join(chr(ord("０") + int(digit)) for digit in one.digits)
    assert (await prove_by_digits(work, f"{wide[:4]}　{wide[4:]}")).path == one.name


async def test_digits_can_be_wrong_five_times_and_then_the_file_itself_still_counts(work: Workspace) -> None:
    one = await make_outgoing(work)
    data = (await outbox(work))[one.name]
    wrong = f"{(int(one.digits) + 1) % 10**8:08}"
    for few in ("", "1234", "123456789", "none"):
        with pytest.raises(NotUnderstood, match="all eight digits"):
            await prove_by_digits(work, few)
    for left in range(TRIES - 1, 0, -1):
        with pytest.raises(NotUnderstood, match=f"{left} more tr"):
            await prove_by_digits(work, wrong)
    for typed in (wrong, one.digits):
        with pytest.raises(NotUnderstood, match="can't be checked any more"):
            await prove_by_digits(work, typed)
    copies = await Copies.open(work)
    assert copies.copies == []
    await prove(work, Bytes(name="b.zip", data=data))
    await copies.reload()
    assert len(copies.copies) == 1


async def test_a_new_backup_has_tries_of_its_own(work: Workspace) -> None:
    first = await make_outgoing(work)
    wrong = f"{(int(first.digits) + 1) % 10**8:08}"
    for _ in range(TRIES):
        with pytest.raises(NotUnderstood):
            await prove_by_digits(work, wrong)
    work.machine.clock.advance(minutes=5)  # type: ignore[attr-defined]
    await Capture(work).note("one")
    second = await make_outgoing(work)
    assert (await prove_by_digits(work, second.digits)).path == second.name


async def test_what_is_new_since_the_last_proven_one_leaves_alone_and_is_proven_too(work: Workspace) -> None:
    await Capture(work).note("one")
    first = await make_outgoing(work)
    assert (await make_outgoing(work, since_last=True)).lines == first.lines, "the first is not proven yet"
    await prove_by_digits(work, first.digits)
    work.machine.clock.advance(minutes=5)  # type: ignore[attr-defined]
    await Capture(work).note("two")
    second = await make_outgoing(work, since_last=True)
    assert second.lines == 1
    await prove_by_digits(work, second.digits)
    assert (await Copies.open(work)).count == 0


async def test_what_a_kill_left_half_made_in_the_outbox_goes_at_the_next_start() -> None:
    machine = Phone(FakeClock()).machine
    work = await open_study(machine, STUDY, write=True)
    await Capture(work).begin()
    one = await make_outgoing(work)
    await work.store.disk.replace("outbox/plain.0a1b.part", b"words")
    await work.close()
    again = await open_study(machine, STUDY, write=True)
    assert list(await outbox(again)) == [one.name]
    await again.close()
