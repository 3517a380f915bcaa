"""An archive is written by one at a time, by hand or because something came from elsewhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from fieldlog.services.archive import write as writing
from fieldlog.services.archive.verify import verify_archive
from fieldlog.services.archive.write import AsItIs, write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.long_work import never
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.phone import Phone

MOST_SECONDS = 10


async def a_study(notes: int = 3) -> Workspace:
    work = await open_study(Phone().machine, "01950000-0000-7000-8000-000000000001", write=True)
    await Capture(work).begin(title="Vertical days", zone="Asia/Shanghai")
    for n in range(notes):
        await Capture(work).note(f"note {n} 灯还没好")
    return work


async def test_two_writings_of_one_place_come_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, going, most, as_it_is = await a_study(), 0, 0, writing.as_it_is

    async def seen(work: Workspace, before: object) -> AsItIs:
        nonlocal going, most
        going += 1
        most = max(most, going)
        await asyncio.sleep(0.05)
        return await as_it_is(work, before)  # type: ignore[arg-type]

    async def told(one: Path) -> bool:
        nonlocal going
        finished = (await write_archive(work, one)).finished
        going -= 1
        return finished

    monkeypatch.setattr(writing, "as_it_is", seen)
    assert await asyncio.gather(*(told(tmp_path / "A") for _ in range(3))) == [True] * 3
    assert most == 1
    assert await verify_archive(tmp_path / "A") == []
    await asyncio.gather(told(tmp_path / "B"), told(tmp_path / "C"))
    assert most == 2, "other places wait for nobody"
    await work.close()


async def test_who_waits_for_its_turn_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work, on, as_it_is, stopped = await a_study(), asyncio.Event(), writing.as_it_is, False

    async def held_up(work: Workspace, before: object) -> AsItIs:
        await on.wait()
        return await as_it_is(work, before)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "as_it_is", held_up)
    first = asyncio.ensure_future(write_archive(work, tmp_path / "A", cancelled=never))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(write_archive(work, tmp_path / "A", cancelled=lambda: stopped))
    await asyncio.sleep(0.1)
    stopped = True
    assert not (await asyncio.wait_for(second, MOST_SECONDS)).finished
    assert not first.done()
    on.set()
    assert (await first).finished
    assert (await write_archive(work, tmp_path / "A")).finished, "nobody holds it any more"
    await work.close()
