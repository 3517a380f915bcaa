"""Long work beside the event loop: the loop goes on, the work is told to stop, and nothing is left running."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldlog.model.errors import Cancelled
from fieldlog.services.archive.verify import verify_archive, verify_store
from fieldlog.services.archive.write import write_archive
from fieldlog.services.archive.zipped import write_zip
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.long_work import Word, apart, beside, driven, never, several, tell_nobody
from fieldlog.services.machine.machine import Machine, in_place, laptop
from fieldlog.services.machine.threads import FEW, Workshop, beginning_at_once, in_thread
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.month.scaled import BASE


async def test_the_loop_goes_on_while_a_thread_works() -> None:
    from_the_loop = threading.Event()
    working = asyncio.ensure_future(in_thread(from_the_loop.wait, 20))
    await asyncio.sleep(0)
    from_the_loop.set()
    assert await working


async def test_who_is_cancelled_waits_for_the_thread_to_end() -> None:
    begun, let_go, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        let_go.wait(20)
        ended.set()

    working = asyncio.ensure_future(in_thread(work))
    await asyncio.get_running_loop().run_in_executor(None, begun.wait, 20)
    working.cancel()
    await asyncio.sleep(0)
    assert not working.done()
    let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert ended.is_set()


async def test_work_tells_how_far_it_is_and_hears_the_wish_to_stop() -> None:
    told: list[tuple[int, int]] = []

    def work(word: Word) -> None:
        word.total = 10
        word.moved(4)
        while True:
            word.moved(0)

    with pytest.raises(Cancelled):
        await beside(in_thread, work, lambda *at: told.append(at), lambda: bool(told))
    assert set(told) == {(4, 10)}


async def test_what_the_work_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        await beside(in_thread, lambda word: word.done // word.total, tell_nobody, never)


def test_a_coroutine_that_waits_for_its_turn_only_is_driven_to_its_end() -> None:
    async def count(to: int) -> int:
        for _ in range(to):
            await asyncio.sleep(0)
        return to

    assert driven(count(3)) == 3


class Stopping(Word):
    """A word in which a stop is asked for once so many bytes have gone through."""

    def __init__(self, after: int) -> None:
        self._after = after
        super().__init__(stop=after == 0)

    def __setattr__(self, name: str, value: int) -> None:
        super().__setattr__(name, value)
        if name == "done" and value >= self._after:
            self.stop = True


def stopping(machine: Machine, after: int) -> Machine:
    async def offload(work: Any, /, *_: object) -> Any:
        return work(Stopping(after))

    return replace(machine, offload=offload)


@pytest.fixture
async def month(tmp_path: Path) -> Workspace:
    await import_month(laptop(tmp_path / "data"), BASE)
    return await open_study(laptop(tmp_path / "data"), write=False)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_a_stopped_archive_is_not_finished_and_the_next_writing_goes_on(
    month: Workspace, tmp_path: Path
) -> None:
    whole = await write_archive(month, tmp_path / "whole")
    month.machine = stopping(laptop(tmp_path / "data"), 20_000)
    stopped = await write_archive(month, tmp_path / "stopped")
    assert not stopped.finished
    assert 0 < len(stopped.days_written) < len(whole.days_written)
    month.machine = laptop(tmp_path / "data")
    again = await write_archive(month, tmp_path / "stopped")
    assert again.finished
    assert set(again.kept_days) >= set(stopped.days_written[:-1]) != set()
    assert files(tmp_path / "stopped") == files(tmp_path / "whole")


@pytest.mark.parametrize("make", [make_bundle, write_zip])
async def test_a_stopped_bundle_or_zip_of_the_archive_leaves_no_file(
    month: Workspace, tmp_path: Path, make: Callable[[Workspace, Path], Awaitable[object]]
) -> None:
    target = tmp_path / "copies" / "month.zip"
    target.parent.mkdir()
    for after in (0, 100, 100_000):
        month.machine = stopping(laptop(tmp_path / "data"), after)
        with pytest.raises(Cancelled) as refusal:
            await make(month, target)
        assert str(refusal.value).endswith(".")
        assert list(target.parent.iterdir()) == []
    month.machine = laptop(tmp_path / "data")
    await make(month, target)
    yesterday = target.read_bytes()
    month.machine = stopping(laptop(tmp_path / "data"), 100_000)
    with pytest.raises(Cancelled):
        await make(month, target)
    assert files(target.parent) == {"month.zip": yesterday}


async def test_half_a_check_says_nothing(month: Workspace, tmp_path: Path) -> None:
    await write_archive(month, tmp_path / "archive")
    with pytest.raises(Cancelled):
        await verify_archive(tmp_path / "archive", cancelled=lambda: True)
    with pytest.raises(Cancelled):
        await verify_store(month, cancelled=lambda: True)


async def test_every_long_work_ends_with_all_its_bytes_told(month: Workspace, tmp_path: Path) -> None:
    for work in (
        lambda tell: write_archive(month, tmp_path / "archive", tell),
        lambda tell: verify_archive(tmp_path / "archive", tell),
        lambda tell: verify_store(month, tell),
        lambda tell: make_bundle(month, tmp_path / "month.zip", tell=tell),
        lambda tell: write_zip(month, tmp_path / "archive.zip", tell),
    ):
        told: list[tuple[int, int]] = []
        await work(lambda *at, told=told: told.append(at))
        done, total = told[-1]
        assert done == total > 100_000


async def test_what_is_saved_while_the_archive_is_written_comes_with_the_next_writing(tmp_path: Path) -> None:
    await import_month(laptop(tmp_path / "data"), BASE)
    work = await open_study(laptop(tmp_path / "data"), write=True)
    await write_archive(work, tmp_path / "before")

    async def note_first(writing: Any, /, *frozen: object) -> Any:
        await Capture(work).note("typed while the archive is written")
        return await in_place(writing, *frozen)

    work.machine = replace(work.machine, offload=note_first)
    await write_archive(work, tmp_path / "meanwhile")
    assert files(tmp_path / "meanwhile") == files(tmp_path / "before")
    work.machine = laptop(tmp_path / "data")
    assert len((await write_archive(work, tmp_path / "meanwhile")).days_written) == 1
    assert await verify_store(work) == []
    await work.close()


def test_work_can_be_under_way_before_it_is_awaited_and_be_left_alone() -> None:
    begun = threading.Event()
    with beginning_at_once() as offload:
        working = offload(begun.set)
        assert begun.wait(20)
        driven(working)
        offload(begun.is_set).close()


def who(_: int) -> int:
    """The process that does it."""
    return os.getpid()


def die_elsewhere(home: int) -> int:
    """Does its work in the process it is told, and ends any other."""
    if os.getpid() != home:
        os._exit(1)
    return home


def test_much_work_is_done_by_another_python_and_the_first_pieces_here() -> None:
    with beginning_at_once() as offload:
        done = [driven(working) for working in [offload(who, n) for n in range(12)]]
    assert done[:FEW] == [os.getpid()] * FEW
    assert len(done) == 12


def test_little_work_sends_for_nobody() -> None:
    workshop = Workshop()
    try:
        assert [driven(workshop.offload(who, n)) for n in range(FEW - 1)] == [os.getpid()] * (FEW - 1)
        assert workshop._apprentice is None
    finally:
        workshop.close()


def test_what_the_other_python_was_at_when_it_died_is_done_here() -> None:
    with beginning_at_once() as offload:
        home = os.getpid()
        working = [offload(die_elsewhere, home) for _ in range(6)]
        assert [driven(one) for one in working] == [home] * 6


def test_the_other_python_is_gone_when_the_work_is() -> None:
    workshop = Workshop()
    for n in range(FEW + 2):
        driven(workshop.offload(who, n))
    apprentice = workshop._apprentice
    assert apprentice is not None
    workshop.close()
    assert apprentice._process.returncode is not None


def test_what_a_function_raises_is_raised_wherever_it_was_done() -> None:
    with beginning_at_once() as offload:
        for n in range(5):
            with pytest.raises(ZeroDivisionError):
                driven(offload(divmod, n, 0))


async def test_what_waits_for_the_disk_alone_is_done_in_a_thread_of_its_own(tmp_path: Path) -> None:
    async def where() -> int:
        await asyncio.sleep(0)
        return threading.get_ident()

    assert await apart(in_thread, where) != threading.get_ident()
    assert await apart(in_place, where) == threading.get_ident()


async def test_several_are_done_at_a_time_and_in_order_begun() -> None:
    begun, now, most = list[int](), set[int](), list[int]()

    async def verb(one: int) -> None:
        begun.append(one)
        now.add(one)
        most.append(len(now))
        await asyncio.sleep(0)
        now.discard(one)

    await several(range(10), verb, 3)
    assert (begun, max(most)) == (list(range(10)), 3)


async def test_what_one_of_several_raises_ends_all_and_is_raised() -> None:
    ended = list[int]()

    async def verb(one: int) -> None:
        if one == 2:
            raise Cancelled("stopped")
        await asyncio.sleep(1)
        ended.append(one)

    with pytest.raises(Cancelled):
        await several(range(10), verb, 4)
    assert ended == []
