"""Pictures of Now in Blackout and Sun, of the other hand, and of what stands alone; checked by machine."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from fieldlog.ui.parts.theme import LOOKS
from tests.e2e.app import RunningApp, Window, running_app, window
from tests.e2e.limit import MODULE_SECONDS
from tests.e2e.looking import boxes, bright_pixels, faults, red_pixels, stand_still, to_device

PHONE, LAPTOP = (412, 892), (1280, 800)
NOTES = (
    "Fang’s board: “15 scheduled”, 8 done. Nobody asks the cast.",
    "乔制片：“拍完再睡，算两天。”贝执行看着鞋子。",
)
WAYS = [(PHONE, False, 100), (PHONE, True, 100), (PHONE, False, 200), (LAPTOP, True, 100)]
NAMES = ["phone-en", "phone-zh", "phone-200", "laptop-zh"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningApp]:
    """A study with two notes of today."""
    data = tmp_path_factory.mktemp("looks")
    write_notes(data)
    async with running_app(data) as app:
        yield app


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def phone(app: RunningApp) -> AsyncIterator[Window]:
    """One window for all tests on a phone; `set_up` takes it to where each begins."""
    async with window(app.url, most_seconds=MODULE_SECONDS) as win:
        yield win
        assert win.errors == []


def write_notes(data: Path) -> None:
    """Through the terminal."""
    command = [sys.executable, "-m", "fieldlog", "--data", str(data), "log", "-"]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    subprocess.run(command, input="\n".join(NOTES).encode(), capture_output=True, check=True, env=environment)


async def set_up(win: Window, look: str, *, chinese: bool = False, percent: int = 100) -> None:
    await win.enlarge_text(percent)
    await to_device(win)
    await win.tap("language-zh" if chinese else "language-en")
    await win.tap(f"look-{look}")
    await win.tap("device-mirror-right")
    await win.tap("nav-now")
    await win.find("now-field").wait_for(state="attached")


async def picture(win: Window, path: Path) -> Path:
    await stand_still(win)
    await win.shot(path)
    return path


def red_in(path: Path) -> int:
    with Image.open(path) as image:
        return red_pixels(image.convert("RGB"))


def ground_of(path: Path) -> str:
    """The colour behind everything: what most of the picture is."""
    with Image.open(path) as image:
        most = max(image.convert("RGB").getcolors(image.width * image.height) or [])[1]
    return "#{:02X}{:02X}{:02X}".format(*most)  # type: ignore[misc]


@pytest.mark.parametrize(("size", "chinese", "percent"), WAYS, ids=NAMES)
@pytest.mark.parametrize("look", ["blackout", "sun"])
async def test_now(
    phone: Window, shots: Path, look: str, size: tuple[int, int], chinese: bool, percent: int
) -> None:
    win = phone
    await win.resize(*size)
    try:
        await set_up(win, look, chinese=chinese, percent=percent)
        shot = await picture(win, shots / f"look-{look}-{size[0]}-{'zh' if chinese else 'en'}-{percent}.png")
        assert await faults(win, shot, blackout=look == "blackout") == []
        assert ground_of(shot) == LOOKS[look].surface
    finally:
        await win.resize(*PHONE)
    assert win.errors == []


async def test_while_recording_blackout_has_its_own_red_and_the_table_is_all_of_it(
    phone: Window, shots: Path
) -> None:
    win = phone
    await set_up(win, "blackout")
    await win.tap("now-mic")
    await win.find("rec-bar").wait_for(state="attached")
    await asyncio.sleep(1)
    shot = await picture(win, shots / "look-blackout-recording.png")
    assert await faults(win, shot, live=True, blackout=True) == []
    await win.tap("now-hide")
    assert red_in(await picture(win, shots / "hide-recording.png")) > 5000
    await win.page.keyboard.press("Escape")
    await win.find("now-field").wait_for(state="attached")
    await win.tap("rec-open")
    await win.tap("rec-table")
    await win.see("正在录音")
    assert red_in(await picture(win, shots / "table-phone.png")) > 150_000
    await win.resize(*LAPTOP)
    assert red_in(await picture(win, shots / "table-laptop.png")) > 400_000
    await win.resize(*PHONE)
    await win.tap("table-stop")
    await win.see("Not recording")
    assert red_in(await picture(win, shots / "table-ended.png")) == 0
    await win.tap("table-close")
    await win.find("now-field").wait_for(state="attached")
    assert win.errors == []


async def test_hidden_there_is_a_dark_clock_and_nothing_of_the_study(phone: Window, shots: Path) -> None:
    win = phone
    await set_up(win, "night")
    await win.type("now-field", "open text")
    await win.see("Kept")
    await win.tap("now-hide")
    await win.find("hide-clock").wait_for(state="attached")
    shot = await picture(win, shots / "hide.png")
    assert await faults(win, shot, blackout=True) == []
    assert await win.page.title() == "Clock"
    said = await win.text()
    assert not any(note[:8] in said for note in (*NOTES, "open text", "Untitled", "FieldLog"))
    await win.page.keyboard.type("into nothing")
    await win.tap("hide-clock")
    await win.tap("hide-clock")
    await win.find("now-field").wait_for(state="attached")
    assert await win.page.title() == "FieldLog"
    await asyncio.sleep(1)
    await win.page.keyboard.type(" goes on")
    await win.tap("now-send")
    await win.see("open text goes on")
    assert win.errors == []


async def test_a_note_is_shown_alone_and_large(phone: Window, shots: Path) -> None:
    win = phone
    await set_up(win, "sun")
    await win.page.locator('[flt-semantics-identifier^="entry-"]').first.click(force=True)
    await win.tap("entry-show")
    await win.find("show-note").wait_for(state="attached")
    shot = await picture(win, shots / "show.png")
    assert await faults(win, shot) == []
    assert not await win.has("nav-now")
    await win.page.keyboard.press("Escape")
    assert await win.has("show-note")
    await win.page.keyboard.press("Escape")
    await win.find("nav-now").wait_for(state="attached")
    assert win.errors == []


async def test_in_the_other_hand_what_the_thumb_needs_is_at_the_left_and_stays_there(
    phone: Window, shots: Path
) -> None:
    win = phone
    await set_up(win, "day")
    right = {box.name: box for box in await boxes(win)}
    await to_device(win)
    await win.tap("device-mirror-left")
    shot = await picture(win, shots / "device.png")
    assert await faults(win, shot) == []
    await win.tap("nav-now")
    await win.find("now-field").wait_for(state="attached")
    shot = await picture(win, shots / "one-handed.png")
    assert await faults(win, shot) == []
    left = {box.name: box for box in await boxes(win)}
    for name in ("now-mic", "now-camera", "now-more"):
        assert left[name].x == pytest.approx(412 - right[name].x - right[name].width, abs=1)
    await win.type("now-field", "x")
    await win.see("Kept")
    typing = {box.name: box for box in await boxes(win)}
    assert [typing[name].x for name in ("now-mic", "now-camera", "now-send")] == [
        left[name].x for name in ("now-mic", "now-camera", "now-send")
    ]
    await win.tap("now-send")
    await to_device(win)
    await win.tap("device-mirror-right")
    assert win.errors == []


async def test_the_measure_of_brightness_sees_what_it_is_for() -> None:
    picture = Image.new("RGB", (2, 1), (0xC2, 0xB5, 0x9C))
    assert bright_pixels(picture) == 0
    picture.putpixel((0, 0), (0xE5, 0xEB, 0xED))
    assert bright_pixels(picture) == 1
