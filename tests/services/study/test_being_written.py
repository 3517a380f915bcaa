"""Erasing for good while a bundle or an archive is being written: what comes of it holds nothing of it."""

from __future__ import annotations

import asyncio
import errno
import io
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from fieldlog.disk import posix
from fieldlog.disk.syscalls import flush_folder
from fieldlog.model.errors import Cancelled, NotSaved, WrongPlace
from fieldlog.services.archive.verify import verify_archive
from fieldlog.services.archive.write import write_archive
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_parts import PART
from fieldlog.services.copies.ledger import read_ledger, remember_begun
from fieldlog.services.copies.outbox import make_outgoing
from fieldlog.services.desk import Desk
from fieldlog.services.erase.elsewhere import elsewhere
from fieldlog.services.erase.erase import Erased, Erasing
from fieldlog.services.machine.long_work import LOOKS_EVERY_SECONDS, Word
from fieldlog.services.machine.threads import in_thread
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.erased import CHINESE, EARLIER, ENGLISH, STAYS, World, everything, hits
from tests.fakes.phone import Phone

T = TypeVar("T")


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file, and what a bundle holds member by member."""
    found = {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    for path in folder.rglob("*.zip"):
        with zipfile.ZipFile(path) as bag:
            found |= {f"{path.name}/{name}": bag.read(name) for name in bag.namelist()}
    return found


class Held:
    """An `Offload` whose first work waits in its thread until it is let go on, and the later ones do not."""

    def __init__(self) -> None:
        self.begun, self._go = asyncio.Event(), threading.Event()
        self._words: list[Word] = []

    async def __call__(self, verb: Callable[..., T], /, *frozen: object) -> T:
        if self.begun.is_set():
            return await in_thread(verb, *frozen)
        self._words += [one for one in frozen if isinstance(one, Word)]
        self.begun.set()

        def held() -> T:
            self._go.wait(20)
            return verb(*frozen)

        return await in_thread(held)

    def go_on(self) -> None:
        self._go.set()

    def hears_the_wish_to_stop(self) -> None:
        for word in self._words:
            word.stop = True


def while_its_name_is_flushed(monkeypatch: pytest.MonkeyPatch, path: Path, happens: Callable[[], object]) -> None:
    """Something happens when a file has its name, and the folder is flushed."""

    def flush(folder: Path) -> None:
        flush_folder(folder)
        if path.exists() and folder == path.parent:
            happens()

    monkeypatch.setattr(posix, "flush_folder", flush)


def open_(desk: Desk) -> Workspace:
    assert desk.work
    return desk.work


def gone(world: World) -> list[str | bytes]:
    return [ENGLISH, CHINESE, *EARLIER, world.picture[5000:5064], world.block(1.2)]


async def erase(work: Workspace, world: World) -> Erased:
    return await Erasing(work).erase([world.note, world.photo, world.memo], reason="asked-to")


def held_back(desk: Desk) -> tuple[Workspace, Held]:
    work, held = open_(desk), Held()
    work.machine = replace(work.machine, offload=held)
    return work, held


async def told_to_begin_anew(work: Workspace) -> None:
    for _ in range(1000):
        if any(run.anew for run in work.under_way._runs):
            return
        await asyncio.sleep(0)
    pytest.fail("nothing under way was told")


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("after", range(0, 26))
async def test_a_bundle_that_is_being_written_begins_anew_without_it(
    desk: Desk, world: World, tmp_path: Path, after: int
) -> None:
    work, path = open_(desk), tmp_path / "copy.zip"
    making = asyncio.ensure_future(make_bundle(work, path))
    await turns(after)
    erased = await erase(work, world)
    named = [Path(one.path).name for one in (await elsewhere(work, erased)).copies]
    await making
    assert hits(files_in(tmp_path), STAYS) != {}
    assert hits(files_in(tmp_path), *gone(world)) == {} or named == ["copy.zip"]
    assert not (await read_ledger(work)).unfinished


@pytest.mark.parametrize("wait_seconds", [0.0, 4 * LOOKS_EVERY_SECONDS], ids=["was finished just then", "stops"])
async def test_nothing_is_erased_before_what_is_under_way_is_over_and_that_is_made_anew(
    desk: Desk, world: World, tmp_path: Path, wait_seconds: float
) -> None:
    work, held = held_back(desk)
    making = asyncio.ensure_future(make_bundle(work, tmp_path / "copy.zip"))
    await held.begun.wait()
    erasing = asyncio.ensure_future(erase(work, world))
    await asyncio.sleep(wait_seconds)
    assert not erasing.done()
    held.go_on()
    await asyncio.gather(making, erasing)
    assert hits(files_in(tmp_path), *gone(world)) == {}
    assert hits(files_in(tmp_path), STAYS) != {}


async def test_one_that_was_finished_just_then_is_not_left_where_a_person_stops_what_follows(
    desk: Desk, world: World, tmp_path: Path
) -> None:
    work, held = held_back(desk)

    def erased() -> bool:
        return "_erased" in (work.store.state.get(world.note) or {})

    making = asyncio.ensure_future(make_bundle(work, tmp_path / "copy.zip", cancelled=erased))
    await held.begun.wait()
    erasing = asyncio.ensure_future(erase(work, world))
    await told_to_begin_anew(work)
    held.go_on()
    with pytest.raises(Cancelled):
        await making
    await erasing
    assert list(tmp_path.iterdir()) == []


async def test_one_that_has_its_name_when_a_person_stops_it_is_not_left_where_something_is_erased(
    desk: Desk, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, held = held_back(desk)
    stopped = False
    while_its_name_is_flushed(monkeypatch, tmp_path / "copy.zip", held.hears_the_wish_to_stop)
    making = asyncio.ensure_future(make_bundle(work, tmp_path / "copy.zip", cancelled=lambda: stopped))
    await held.begun.wait()
    erasing = asyncio.ensure_future(erase(work, world))
    await told_to_begin_anew(work)
    stopped = True
    held.go_on()
    with pytest.raises(Cancelled):
        await making
    erased = await erasing
    assert list(tmp_path.iterdir()) == []
    assert (await elsewhere(work, erased)).copies == ()


async def test_one_that_has_its_name_when_a_person_stops_it_is_made_and_is_named_later(
    desk: Desk, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, held = held_back(desk)
    held.go_on()
    while_its_name_is_flushed(monkeypatch, tmp_path / "copy.zip", held.hears_the_wish_to_stop)
    made = await make_bundle(work, tmp_path / "copy.zip")
    named = [one.path for one in (await elsewhere(work, await erase(work, world))).copies]
    assert named == [made.path] == [str(path) for path in tmp_path.iterdir()]


async def test_one_whose_name_the_disk_refuses_to_keep_is_not_left(
    desk: Desk, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = open_(desk)

    def refuse() -> None:
        raise OSError(errno.EIO, "no")

    while_its_name_is_flushed(monkeypatch, tmp_path / "copy.zip", refuse)
    with pytest.raises(NotSaved):
        await make_bundle(work, tmp_path / "copy.zip")
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
    assert (await elsewhere(work, await erase(work, world))).copies == ()


async def test_one_that_has_its_name_when_the_app_is_closed_is_not_left(
    desk: Desk, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, held = held_back(desk)
    loop, flushing, closed = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def wait() -> None:
        loop.call_soon_threadsafe(flushing.set)
        closed.wait(20)

    while_its_name_is_flushed(monkeypatch, tmp_path / "copy.zip", wait)
    making = asyncio.ensure_future(make_bundle(work, tmp_path / "copy.zip"))
    held.go_on()
    await flushing.wait()
    making.cancel()
    await turns(3)
    closed.set()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert list(tmp_path.iterdir()) == []
    assert (await elsewhere(work, await erase(work, world))).copies == ()


@pytest.mark.parametrize("wait_seconds", [0.0, 4 * LOOKS_EVERY_SECONDS])
async def test_an_archive_that_is_being_written_begins_anew_without_it(
    desk: Desk, world: World, tmp_path: Path, wait_seconds: float
) -> None:
    work, held = held_back(desk)
    writing = asyncio.ensure_future(write_archive(work, tmp_path / "archive"))
    await held.begun.wait()
    erasing = asyncio.ensure_future(erase(work, world))
    await asyncio.sleep(wait_seconds)
    held.go_on()
    written, _ = await asyncio.gather(writing, erasing)
    assert written.finished
    assert hits(files_in(tmp_path), *gone(world)) == {}
    assert hits(files_in(tmp_path), STAYS) != {}
    assert await verify_archive(tmp_path / "archive") == []


async def test_two_things_under_way_both_begin_anew(desk: Desk, world: World, tmp_path: Path) -> None:
    work = open_(desk)
    making = [asyncio.ensure_future(make_bundle(work, tmp_path / f"{n}.zip")) for n in range(2)]
    await turns(6)
    assert not any(one.done() for one in making)
    await asyncio.gather(erase(work, world), *making)
    assert hits(files_in(tmp_path), *gone(world)) == {}
    assert len(list(tmp_path.glob("*.zip"))) == 2


async def test_who_stops_it_meanwhile_gets_nothing(desk: Desk, world: World, tmp_path: Path) -> None:
    work, stopped = open_(desk), False
    making = asyncio.ensure_future(make_bundle(work, tmp_path / "copy.zip", cancelled=lambda: stopped))
    await turns(6)
    erasing = asyncio.ensure_future(erase(work, world))
    await asyncio.sleep(0)
    stopped = True
    with pytest.raises(Cancelled):
        await making
    await erasing
    assert list(tmp_path.iterdir()) == []


async def test_what_was_to_leave_the_phone_and_is_being_made_begins_anew_too(
    phone: Phone, desk: Desk, world: World
) -> None:
    work = open_(desk)
    making = asyncio.ensure_future(make_outgoing(work))
    await turns(6)
    assert not making.done()
    await erase(work, world)
    made = await making
    data = await everything(phone.disk)
    bundles = [data[path] for path in data if path.endswith(made.name)]
    assert len(bundles) == 1
    with zipfile.ZipFile(io.BytesIO(bundles[0])) as bag:
        assert hits({name: bag.read(name) for name in bag.namelist()}, *gone(world)) == {}


async def test_an_archive_that_was_stopped_half_way_is_named(
    phone: Phone, desk: Desk, world: World, tmp_path: Path
) -> None:
    work, clock = open_(desk), phone.clock
    assert isinstance(clock, FakeClock)
    written = await write_archive(work, tmp_path / "archive", cancelled=lambda: True)
    assert not written.finished
    clock.advance(minutes=5)
    found = await elsewhere(work, await erase(work, world))
    assert [one.path for one in found.copies] == [str(tmp_path / "archive")]
    await write_archive(work, tmp_path / "archive")
    clock.advance(minutes=5)
    found = await elsewhere(work, await Erasing(work).erase([world.sent], reason="asked-to"))
    assert (found.copies, found.archives) == ((), (str(tmp_path / "archive"),))


async def test_a_folder_that_is_anothers_is_not_named(desk: Desk, world: World, tmp_path: Path) -> None:
    work = open_(desk)
    (tmp_path / "holiday.txt").write_text("sun")
    with pytest.raises(WrongPlace):
        await write_archive(work, tmp_path)
    assert (await elsewhere(work, await erase(work, world))).copies == ()


async def test_a_bundle_in_the_making_when_the_app_was_killed_goes_too_or_is_named(
    phone: Phone, desk: Desk, world: World, tmp_path: Path
) -> None:
    work, clock = open_(desk), phone.clock
    assert isinstance(clock, FakeClock)
    part, away = tmp_path / f"copy.zip.1{PART}", tmp_path / "stick" / f"copy.zip.2{PART}"
    part.write_text(CHINESE, encoding="utf-8")
    for path in (part, away):
        await remember_begun(work, "bundle", str(path.with_name("copy.zip")), str(path))
    clock.advance(minutes=5)
    found = await elsewhere(work, await erase(work, world))
    assert not part.exists()
    assert {one.path for one in found.copies} == {str(away), str(away.with_name("copy.zip"))}
