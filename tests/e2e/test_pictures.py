"""Pictures of every screen, checked by machine: nothing cut off, too small, faint, blank, or red by mistake."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import FloatRect

from tests.e2e.app import RunningApp, Window, running_app, window, with_the_month
from tests.e2e.looking import contrast, faults, stand_still, to_device
from tests.fakes.rare import RARE

PHONE, LAPTOP = (412, 892), (1280, 800)
LARGEST_MESSAGE = 120_000
"""Bytes of what a screen is told at once."""

NOTES = (
    "Fang’s board: “15 scheduled”, 8 done. Nobody asks the cast.",
    "乔制片：“拍完再睡，算两天。”贝执行看着鞋子。",
    "Tea urn, gaffer tape: DAY 14.5 第十四天半",
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningApp]:
    """The sample month with three notes of today, a memo and a photo, and a session going on."""
    async with running_app(with_the_month(tmp_path_factory.mktemp("pictures"))) as app:
        async with window(app.url) as win:
            await win.tap("now-session")
            await win.tap("session-start-meeting")
            await win.see("Session: Meeting")
            for note in NOTES:
                await win.type("now-field", note)
                await win.see("Kept")
                await win.tap("now-send")
                await win.see("Nothing is open")
            await win.record()
            await asyncio.sleep(2)
            await win.tap("rec-stop")
            await win.see("Voice memo")
        yield app


ONLY_THERE = {"days": "month-save", "register": "people-add", "archive": "archive-write"}


async def look(win: Window, picture: Path, there: str = "", *, live: bool = False) -> None:
    """Take a picture once everything stands still, and find nothing wrong with it.

    `there` is something that only this screen has: the one before may stand still as well, until the app answers.
    """
    if there:
        await win.find(there).wait_for(state="attached")
    await stand_still(win)
    await win.shot(picture)
    assert await faults(win, picture, live=live) == []


async def set_up(win: Window, *, chinese: bool, dark: bool, percent: int) -> None:
    await win.enlarge_text(percent)
    await win.tap("nav-days")
    await win.tap("more")
    await win.tap("language-zh" if chinese else "language-en")
    await win.tap("look-night" if dark else "look-day")
    await win.tap("nav-now")
    await win.find("now-field").wait_for(state="attached")


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
async def test_now_in_every_look_language_and_size_of_letters(
    demo: RunningApp, shots: Path, size: tuple[int, int]
) -> None:
    async with window(demo.url, width=size[0], height=size[1]) as win:
        for dark, chinese, percent in itertools.product((False, True), (False, True), (100, 200)):
            if percent == 100:
                await set_up(win, chinese=chinese, dark=dark, percent=percent)
            else:
                await win.enlarge_text(percent)
            await look(win, shots / f"now-{ending(size, dark, chinese, percent)}")
        assert win.errors == []


def ending(size: tuple[int, int], dark: bool, chinese: bool, percent: int) -> str:
    return f"{size[0]}-{'night' if dark else 'day'}-{'zh' if chinese else 'en'}-{percent}.png"


WAYS = [
    (PHONE, False, False, 100),
    (PHONE, True, True, 100),
    (LAPTOP, False, True, 100),
    (PHONE, False, False, 200),
]


@pytest.mark.parametrize(
    ("size", "dark", "chinese", "percent"),
    WAYS,
    ids=["phone-day-en", "phone-night-zh", "laptop-day-zh", "phone-200"],
)
async def test_the_other_screens(
    demo: RunningApp, shots: Path, size: tuple[int, int], dark: bool, chinese: bool, percent: int
) -> None:
    last = ending(size, dark, chinese, percent)
    async with window(demo.url, width=size[0], height=size[1]) as win:
        await set_up(win, chinese=chinese, dark=dark, percent=percent)
        await win.tap("now-session")
        await look(win, shots / f"session-{last}", "sheet")
        await win.page.keyboard.press("Escape")
        await win.tap("now-day")
        await look(win, shots / f"day-sheet-{last}", "day-open")
        await win.page.keyboard.press("Escape")
        await win.tap("nav-days")
        await look(win, shots / f"days-{last}", "month-save")
        for view, there in (("score", "month-picture"), ("calendar", "cell-2025-03-05"), ("rows", "day-PD03")):
            await win.tap(f"month-{view}")
            await look(win, shots / f"month-{view}-{last}", there)
        await win.tap("month-filter")
        await look(win, shots / f"month-filter-{last}", "keep-all")
        await win.tap("sheet-close")
        await win.page.evaluate("location.hash = '/find'")
        await win.type("find-field", "Fang kind:quote")
        await look(win, shots / f"find-{last}", "find-off-0")
        await win.page.evaluate("location.hash = '/days'")
        await win.tap("day-PD03")
        await win.see("11:10")
        await look(win, shots / f"day-{last}")
        await win.page.locator('[flt-semantics-identifier^="entry-"]').first.click(force=True)
        await win.find("entry-edit").wait_for(state="attached")
        await look(win, shots / f"entry-{last}")
        await win.tap("nav-register")
        await look(win, shots / f"people-{last}", "people-add")
        await win.tap("people-add")
        await look(win, shots / f"person-{last}", "person-done")
        await win.tap("sheet-close")
        await win.tap("nav-archive")
        await look(win, shots / f"archive-{last}", "archive-write")
        await win.tap("now-copies")
        await look(win, shots / f"sync-{last}", "sync-as-file")
        await win.tap("sync-as-file")
        await look(win, shots / f"copies-{last}", "copies-make")
        await win.tap("more")
        await look(win, shots / f"device-{last}", "device-new")
        await win.tap("device-new")
        await look(win, shots / f"welcome-{last}", "welcome-new")
        await win.tap("welcome-new")
        await look(win, shots / f"new-study-{last}", "study-begin")
        assert win.errors == []


@pytest.mark.parametrize("look_name", ["blackout", "sun"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
async def test_the_month_and_a_day_in_dark_set_and_sunlight(
    demo: RunningApp, shots: Path, size: tuple[int, int], look_name: str
) -> None:
    async with window(demo.url, width=size[0], height=size[1]) as win:
        await to_device(win)
        await win.tap("language-en")
        await win.tap(f"look-{look_name}")
        await win.tap("nav-days")
        for view, there in (("calendar", "cell-2025-03-05"), ("score", "month-picture"), ("rows", "day-PD03")):
            await win.tap(f"month-{view}")
            await look(win, shots / f"month-{view}-{size[0]}-{look_name}.png", there)
        await win.tap("day-PD03")
        await look(win, shots / f"day-{size[0]}-{look_name}.png", "day-strip")
        await win.page.evaluate("location.hash = '/find'")
        await win.type("find-field", "Fang")
        await look(win, shots / f"find-{size[0]}-{look_name}.png", "find-days")
        await win.page.evaluate("location.hash = '/sync'")
        await look(win, shots / f"sync-{size[0]}-{look_name}.png", "sync-as-file")
        await win.tap("hub-switch")
        await win.tap("hub-show")
        await look(win, shots / f"hub-{size[0]}-{look_name}.png", "hub-code")
        await win.tap("hub-close")
        await win.tap("hub-switch")
        await to_device(win)
        await win.tap("look-day")
        assert win.errors == []


async def test_a_month_of_sixty_days_and_a_first_look(tmp_path: Path, shots: Path) -> None:
    async with running_app(tmp_path / "data") as app, window(app.url) as win:
        await win.tap("welcome-new")
        await win.type("study-title", "Rain")
        await win.focus("study-days")
        await win.page.keyboard.press("Control+a")
        await win.page.keyboard.type("60")
        await win.tap("study-begin")
        await win.tap("nav-days")
        await look(win, shots / "month-empty.png", "days-begin")
        await win.tap("nav-now")
        await win.type("now-field", NOTES[1])
        await win.see("Kept")
        await win.tap("now-send")
        await win.see("Nothing is open")
        await win.tap("nav-days")
        for view, there in (("score", "month-picture"), ("people", "month-picture"), ("rows", "day-PD03")):
            await win.tap(f"month-{view}")
            await look(win, shots / f"month-sixty-{view}.png", there)
        assert win.largest_message <= LARGEST_MESSAGE
        assert win.errors == []


async def test_a_day_of_nine_hundred_has_its_dark_column_without_a_gap(tmp_path: Path, shots: Path) -> None:
    async with running_app(tmp_path / "data") as app, window(app.url) as win:
        await win.tap("welcome-new")
        await win.type("study-title", "Rain")
        await win.tap("study-begin")
        await win.see("Write the first thing you see")
        await app.stop()
        write_notes(tmp_path / "data", 900)
        await app.start()
        await win.go(app.url)
        await win.tap("nav-days")
        await win.tap("chosen-open")
        await win.see("900 entries")
        await look(win, shots / "day-many.png", "day-strip")
        await win.page.mouse.move(200, 500)
        for _ in range(6):
            await win.page.mouse.wheel(0, 4000)
            await asyncio.sleep(0.4)
        await look(win, shots / "day-many-on.png", "day-strip")
        assert win.largest_message <= LARGEST_MESSAGE


async def test_the_only_red_is_a_live_microphone_and_it_is_on_every_screen(demo: RunningApp, shots: Path) -> None:
    async with window(demo.url) as win:
        await set_up(win, chinese=False, dark=False, percent=100)
        await win.record()
        await look(win, shots / "recording-now.png", live=True)
        for place in ("days", "register", "archive"):
            await win.tap(f"nav-{place}")
            await win.find("rec-bar").wait_for(state="attached")
            await look(win, shots / f"recording-{place}.png", ONLY_THERE[place], live=True)
        await win.tap("rec-stop")
        await win.find("rec-bar").wait_for(state="detached")


async def test_now_when_there_is_nothing_one_many_and_a_second_window(tmp_path: Path, shots: Path) -> None:
    async with running_app(tmp_path / "data") as app, window(app.url) as win:
        await win.tap("welcome-new")
        await win.type("study-title", "Rain")
        await win.tap("study-begin")
        await win.see("Write the first thing you see")
        await look(win, shots / "state-empty.png")
        await win.type("now-field", NOTES[1])
        await win.see("Kept")
        await win.tap("now-send")
        await win.see("Nothing is open")
        await look(win, shots / "state-one.png")
        async with window(app.url, writes=False) as other:
            await other.see("Read-only here")
            await look(other, shots / "state-reading.png")
        await app.stop()
        write_notes(tmp_path / "data", 800)
        await app.start()
        await win.go(app.url)
        await win.see("799: ")
        await look(win, shots / "state-many.png")
        assert win.errors == []


def write_notes(data: Path, count: int) -> None:
    """Through the terminal, as much as a long day holds."""
    lines = "".join(f"{n}: {NOTES[n % len(NOTES)]}\n" for n in range(count))
    command = [sys.executable, "-m", "fieldlog", "--data", str(data), "log", "-"]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(command, input=lines.encode(), capture_output=True, check=True, env=environment)
    assert len(done.stdout.split()) == count


async def test_rare_names_are_drawn_in_the_stream_each_as_itself(tmp_path: Path, shots: Path) -> None:
    """Fifty characters that a small font lacks, ten a note; and one that no font has, shown as its code."""
    async with running_app(tmp_path / "data") as app, window(app.url) as win:
        await win.tap("welcome-new")
        await win.type("study-title", "祎堃")
        await win.tap("study-begin")
        await win.find("now-field").wait_for(state="attached")
        tens = [RARE[at : at + 10] for at in range(0, 50, 10)]
        for ten in [*tens, "𠮷"]:
            await win.type("now-field", ten)
            await win.see("Kept")
            await win.tap("now-send")
            await win.see("Nothing is open")
        await win.see("[U+20BB7]")
        await stand_still(win)
        await win.shot(shots / "rare.png")
        pictures = set[bytes]()
        with Image.open(shots / "rare.png") as image:
            drawn = image.convert("RGB")
        for ten in tens:
            row = win.page.locator('[flt-semantics-identifier^="entry-"]', has_text=ten).first
            box = await row.bounding_box()
            assert box
            pictures |= set(glyphs(drawn, box))
        assert len(pictures) == len(RARE)


def glyphs(drawn: Image.Image, box: FloatRect) -> list[bytes]:
    """The ten characters of a row, 16 dp wide each, as pictures; every one has ink."""
    left, top, bottom = int(box["x"]) + 80, int(box["y"]), int(box["y"] + box["height"])
    row = drawn.crop((left, top, drawn.width, bottom)).convert("L")
    ground = row.getpixel((row.width - 1, 0))
    ink = row.point(lambda value: 255 if abs(value - ground) > 60 else 0)
    found = ink.getbbox()
    assert found
    cells = [ink.crop((found[0] - 1 + n * 16, found[1], found[0] - 1 + (n + 1) * 16, found[3])) for n in range(10)]
    for cell in cells:
        assert sum(1 for value in cell.tobytes() if value) > 25
    return [cell.tobytes() for cell in cells]


async def test_the_measures_themselves_see_what_they_are_for() -> None:
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21)
    assert contrast((0x77, 0x77, 0x77), (255, 255, 255)) < 4.6
