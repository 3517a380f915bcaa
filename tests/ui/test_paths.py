"""The paths of docs/architecture.md, followed: each deed is done in a window and passes what is named there."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

import fieldlog
from fieldlog.cli import main as fieldlog_command
from fieldlog.model.entry import Entry
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.store.appending import Journal
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window
from tests.fakes.made import photo
from tests.ui.memo.test_memo import Recorder
from tests.ui.photo.test_photo import wake

HOUSE = Path(fieldlog.__file__).parent
TEXT = (HOUSE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
STEP = re.compile(r"^\d+\. `([\w/]+\.py)` `([\w.]+)`$", re.MULTILINE)
MOST_FUNCTIONS, MOST_FILES = 9, 6


def told(path: str) -> list[tuple[str, str]]:
    """The steps of a path: (file, function)."""
    (inside,) = re.findall(rf"^### {re.escape(path)}\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    return STEP.findall(inside)


@dataclass
class Followed:
    """What was called, each function once, in order; `down` is who waited when the disk was asked."""

    called: list[tuple[str, str]] = field(default_factory=list)
    down: list[tuple[str, str]] = field(default_factory=list)


def place_of(code: CodeType) -> tuple[str, str] | None:
    """(file, function) of ours."""
    path = Path(code.co_filename)
    if not path.is_relative_to(HOUSE):
        return None
    return path.relative_to(HOUSE).as_posix(), code.co_qualname


@contextmanager
def followed() -> Iterator[Followed]:
    seen, known = Followed(), set[tuple[str, str]]()

    def watch(frame: FrameType, event: str, _: Any) -> None:
        place = place_of(frame.f_code) if event == "call" else None
        if place is None or place in known:
            return
        known.add(place)
        seen.called.append(place)
        if place[1] == Journal.append.__qualname__:
            waiting: FrameType | None = frame
            while waiting is not None:
                if ours := place_of(waiting.f_code):
                    seen.down.insert(0, ours)
                waiting = waiting.f_back

    before = sys.getprofile()
    sys.setprofile(watch)
    threading.setprofile(watch)
    try:
        yield seen
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


def follows(seen: Followed, path: str) -> None:
    """Each step comes after the one before it."""
    rest = iter(seen.called)
    missing = [step for step in told(path) if step not in rest]
    assert not missing, f"{path}: not called after the step before: {missing[0]}"


@pytest.fixture
async def seen(desk: Desk) -> AsyncIterator[Seen]:
    async with a_window(desk) as window:
        yield window


async def test_a_note(seen: Seen) -> None:
    await seen.type("now-field", "the lamp fell")
    with followed() as path:
        await seen.tap("now-send")
    follows(path, "A note, from the tap on Send to the disk")
    assert path.down == told("A note, from the tap on Send to the disk"), "nothing else stands between"
    assert len(path.down) <= MOST_FUNCTIONS
    assert len({file for file, _ in path.down}) <= MOST_FILES


async def test_a_photo_from_the_shutter(seen: Seen) -> None:
    await wake(seen)
    with followed() as path:
        await seen.journeys.photo.shoot()
    follows(path, "A photo from the shutter")


async def test_a_chosen_file(seen: Seen) -> None:
    seen.client.answers["pick_files"] = [{"id": 1, "name": "set.jpg", "size": 9, "bytes": photo()}]
    with followed() as path:
        await seen.journeys.photo.pick()
        await seen.drawn()
    follows(path, "A file that is chosen")


def test_both_take_the_same_road() -> None:
    shutter, chosen = told("A photo from the shutter"), told("A file that is chosen")
    assert shutter[-6:] == chosen[-6:]


async def test_a_memo(seen: Seen, clock: FakeClock) -> None:
    recorder = Recorder(seen, clock)
    with followed() as path:
        await seen.journeys.memo.toggle()
        await recorder.hears(20)
        await seen.drawn(2)
        await seen.journeys.memo.toggle()
    follows(path, "A memo")


async def test_an_erasing(seen: Seen) -> None:
    entry: Entry = await seen.window.capture.note("not agreed to", Chips())
    erase = seen.journeys.erase
    erase.begin(entry.id)
    erase.because("asked-to")
    with followed() as path:
        await erase.do()
    follows(path, "An erasing")


async def test_an_archive(seen: Seen, tmp_path: Path) -> None:
    await seen.window.capture.note("the lamp fell", Chips())
    with followed() as path:
        await seen.journeys.archive.write_archive(str(tmp_path / "archive"))
    follows(path, "An archive")


def test_a_sync(tmp_path: Path) -> None:
    """The first device fills the stick and another adds to it; then both goes on the way."""
    data, other, stick, picture = (str(tmp_path / name) for name in ("data", "other", "stick", "set.jpg"))
    Path(picture).write_bytes(photo())

    def typed(store: str, *words: str) -> None:
        with pytest.raises(SystemExit, match=r"^0$"):
            fieldlog_command(["--data", store, *words])

    typed(data, "log", "the lamp fell")
    typed(data, "archive", str(tmp_path / "archive"))
    typed(data, "sync", stick)
    typed(other, "sync", stick)
    typed(other, "import", picture)
    typed(other, "sync", stick)
    Path(picture).write_bytes(photo(comment=b"another"))
    typed(data, "import", picture)
    with followed() as path:
        typed(data, "sync", stick)
    follows(path, "A sync")


@pytest.mark.parametrize("path", re.findall(r"^### (.+)$", TEXT, re.MULTILINE))
def test_each_path_is_followed_and_names_what_is_there(path: str) -> None:
    steps = told(path)
    assert len(steps) > 3
    assert all((HOUSE / file).is_file() for file, _ in steps)


def test_a_step_that_is_not_taken_is_seen() -> None:
    with pytest.raises(AssertionError, match="not called"):
        follows(Followed(called=told("A memo")[::-1]), "A memo")
