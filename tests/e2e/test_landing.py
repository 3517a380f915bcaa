"""Coming back from an entry of a long day, in a real browser: its row is on the screen."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.app import SEE_SECONDS, RunningApp, Window, running_app, window
from tests.e2e.test_pictures import write_notes

pytestmark = pytest.mark.asyncio(loop_scope="session")
MANY, MIDDLE = 400, 250
BAR, NAVIGATION = 48, 64


def read(data: Path, *verb: str) -> list[dict[str, str]]:
    """What the terminal says of the study, a record a line."""
    command = [sys.executable, "-m", "fieldlog", "--data", str(data), *verb, "--json"]
    done = subprocess.run(command, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def long_day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningApp]:
    """A day of several hundred notes."""
    data = tmp_path_factory.mktemp("landing") / "data"
    write_notes(data, MANY)
    async with running_app(data) as app:
        yield app


async def in_sight(win: Window, name: str) -> None:
    """Wait until what has this identifier lies between the bars of the screen."""
    height = (win.page.viewport_size or {"height": 0})["height"]
    until = time.monotonic() + SEE_SECONDS
    while True:
        box = await win.find(name).bounding_box() if await win.has(name) else None
        if box and box["y"] >= BAR and box["y"] + box["height"] <= height - NAVIGATION:
            return
        assert time.monotonic() < until, f"{name} lies at {box}:\n{await win.text()}"
        await win.page.wait_for_timeout(100)


@pytest.mark.parametrize(("width", "height"), [(412, 892), (1280, 800)], ids=["phone", "laptop"])
async def test_the_row_is_on_the_screen_after_the_arrow_esc_and_the_browsers_own_way_back(
    long_day: RunningApp, width: int, height: int
) -> None:
    code = str(read(long_day.data, "days")[-1]["code"])
    made = read(long_day.data, "day", code)
    row = f"entry-{made[MIDDLE]['id']}"
    async with window(long_day.url, width=width, height=height) as win:
        await win.go(f"{long_day.url}#/days/{code}")
        await win.find(f"entry-{made[0]['id']}").wait_for(state="attached")
        for wanted in (59, 119, 179, 239):
            await scroll_to(win, f"entry-{made[wanted]['id']}")
        await scroll_to(win, row)

        await win.tap(row)
        await win.tap("entry-back")
        await in_sight(win, row)

        await win.tap(row)
        await win.find("entry-back").wait_for(state="attached")
        await win.page.keyboard.press("Escape")
        await in_sight(win, row)

        await win.tap(row)
        await win.find("entry-back").wait_for(state="attached")
        await win.page.go_back()
        await in_sight(win, row)
        assert win.errors == []


async def scroll_to(win: Window, name: str) -> None:
    """As a hand does, until it is there."""
    size = win.page.viewport_size or {"width": 0, "height": 0}
    await win.page.mouse.move(size["width"] * 0.75, size["height"] / 2)
    until = time.monotonic() + 2 * SEE_SECONDS
    while not await win.has(name):
        assert time.monotonic() < until, f"{name} is not to be reached:\n{await win.text()}"
        await win.page.mouse.wheel(0, 600)
        await win.page.wait_for_timeout(120)
    await win.page.wait_for_timeout(300)
