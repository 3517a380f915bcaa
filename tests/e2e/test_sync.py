"""Two laptops and a folder: written on one, exchanged from its screen, opened on the other, archived there."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import new_study
from fieldlog.services.sync.places.meeting import meet
from fieldlog.services.sync.secrets import Secrets
from tests.e2e.app import SEE_SECONDS, Window, running_app, window
from tests.e2e.test_bring_in import archive_into
from tests.e2e.test_journey import begin_a_study

FIRST, SECOND = "灯还没好 first walk-through", "Second take, the rain machine is loud"
SIZES = [pytest.param((412, 892), id="phone"), pytest.param((1280, 800), id="laptop")]


async def write(win: Window, note: str) -> None:
    await win.tap("nav-now")
    await win.focus("now-field")
    await win.keys(note)
    await win.tap("now-send")
    await win.see(note)


async def to_places(win: Window) -> None:
    await win.tap("nav-archive")
    await win.tap("archive-sync")


async def look_at(win: Window, address: Path) -> None:
    """Type an address and see what would happen."""
    if await win.first_of("sync-add-place", "sync-address") == "sync-add-place":
        await win.tap("sync-add-place")
    await win.type("sync-address", str(address))
    await win.tap("sync-look")


async def add(win: Window, address: Path) -> None:
    await look_at(win, address)
    await win.see("Goes out")
    await win.tap("sync-add")
    await win.see("last exchanged")


async def until(found: Callable[[], bool], what: str) -> None:
    """Wait for what lies on the disk. Devices meet by themselves, so a screen may say something else by now."""
    try:
        async with asyncio.timeout(SEE_SECONDS):
            while not found():  # noqa: ASYNC110 - nobody tells of it
                await asyncio.sleep(0.1)
    except TimeoutError as why:
        raise AssertionError(f"{what} is not there") from why


def lies_in(folder: Path, words: str) -> bool:
    return any(words in file.read_text("utf-8") for file in folder.rglob("*.jsonl"))


def notes_in(archive: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in archive.rglob("days/*/**/*.md"))


def emptied(folder: Path) -> None:
    for one in folder.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_written_on_one_laptop_is_in_the_archive_of_the_other(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    width, height = size
    stick, archive = tmp_path / "stick" / "FieldLog", tmp_path / "archive"
    one, other = ({"HOME": str(tmp_path / name)} for name in ("one", "other"))
    async with (
        running_app(tmp_path / "a", environment=one) as a,
        running_app(tmp_path / "b", environment=other) as b,
        window(a.url, width=width, height=height) as here,
        window(b.url, width=width, height=height) as there,
    ):
        await begin_a_study(here)
        await write(here, FIRST)
        await here.tap("now-copies")
        await add(here, stick)

        await there.tap("welcome-join")
        await there.type("sync-address", str(stick))
        await there.tap("join-go")
        await there.see(FIRST)
        await archive_into(there, archive, "It lies in")
        assert FIRST in notes_in(archive)

        await write(here, SECOND)
        await to_places(here)
        await here.tap("sync-meet-place-0")
        await until(lambda: lies_in(stick, SECOND), "the second note")
        await to_places(there)
        await there.tap("sync-meet-place-0")
        await until(lambda: SECOND in notes_in(archive), "the second note in the archive")
        await there.see("of 2 are proven on 2 devices.")

        await to_places(here)
        await here.tap("sync-meet-place-0")
        await here.see("of 2 are proven on 2 devices.")
        await here.find("now-copies").wait_for(state="detached")
        assert here.errors == there.errors == []


async def test_another_studys_folder_and_an_archive_are_refused_in_a_sentence(tmp_path: Path) -> None:
    machine = laptop(tmp_path / "theirs")
    work = await new_study(machine, title="Another", zone="UTC", first_day="2025-03-16", days=1)
    await Capture(work).note("theirs")
    await meet(work, str(tmp_path / "stick"), Secrets(machine.offload))
    await work.close()
    archive = tmp_path / "archive"
    async with (
        running_app(tmp_path / "data", environment={"HOME": str(tmp_path)}) as app,
        window(app.url, width=1280, height=800) as win,
    ):
        await begin_a_study(win)
        await write(win, FIRST)
        await archive_into(win, archive, "It lies in")
        await to_places(win)
        await look_at(win, tmp_path / "stick")
        await win.see("holds another study")
        await win.tap("sync-leave")
        await look_at(win, archive)
        await win.see("is an archive")
        assert win.errors == []
    assert not lies_in(tmp_path / "stick", FIRST)


@pytest.mark.parametrize("size", SIZES)
async def test_a_folder_that_was_emptied_is_filled_again_only_when_one_says_so(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    stick = tmp_path / "stick"
    async with (
        running_app(tmp_path / "data", environment={"HOME": str(tmp_path)}) as app,
        window(app.url, width=size[0], height=size[1]) as win,
    ):
        await begin_a_study(win)
        await write(win, FIRST)
        await to_places(win)
        await add(win, stick)
        emptied(stick)
        await win.tap("sync-meet-place-0")
        await win.see("is not there any more")
        await win.see("Fill it again")
        assert list(stick.iterdir()) == []
        await win.tap("sync-meet-place-0")
        await win.gone("is not there any more")
        await until(lambda: lies_in(stick, FIRST), "the note")
        assert win.errors == []
    assert json.loads((stick / "format.json").read_text("utf-8"))["format"] == 1
