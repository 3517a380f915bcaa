"""The chips are where a screen reader finds them, however far their row was moved."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from fieldlog.ui.parts.theme import RAIL_CHIP
from tests.e2e.app import SEE_SECONDS, RunningApp, Window, running_app, window, with_the_month
from tests.e2e.looking import Box, boxes, stand_still, to_device
from tests.e2e.pocket_app import pocket

pytestmark = pytest.mark.asyncio(loop_scope="module")
CHIPS = ("time", "type", "scene", "people", "codes", "place", "certainty")
STROKES = (90, 60, 400, -70, -600)
"""How far the row is moved, there and back, in dp. Where it cannot move, a browser may go back a page instead."""

ROW_BEGINS, ROW_ENDS = 12, 400
WIDE_ENOUGH = 40
"""What of a chip is in sight where its middle and its edges can be told, in dp."""

NEAR = 1
"""Rounding of pixels."""

OPENS = {"scene": "scene-key-3", "people": "people-find", "codes": "codes-find", "place": "place-find"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shoot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningApp]:
    """The sample month and a shoot, on which a chip more is for the scene."""
    async with running_app(with_the_month(tmp_path_factory.mktemp("rail"))) as app:
        async with window(app.url) as win:
            await win.tap("now-session")
            await win.tap("session-start-shoot")
            await win.find("now-scene").wait_for(state="attached")
        yield app


async def chips(win: Window) -> list[Box]:
    """The chips of which enough is in sight, once some are, and their places as a screen reader is told."""
    names = {f"now-{name}" for name in CHIPS}
    until = time.monotonic() + SEE_SECONDS
    while True:
        found = [one for one in await boxes(win) if one.name in names and _is_in_sight(one)]
        if len(found) > 1:
            return found
        assert time.monotonic() < until, f"the chips are not on the screen:\n{await win.text()}"
        await asyncio.sleep(0.1)


def _is_in_sight(box: Box) -> bool:
    begins, ends = box.x >= ROW_BEGINS - NEAR, box.x + box.width <= ROW_ENDS + NEAR
    return begins and ends and box.width >= WIDE_ENOUGH


async def misplaced(win: Window) -> list[str]:
    """Which chips are not drawn in the middle of their places."""
    await stand_still(win)
    found = await chips(win)
    with Image.open(BytesIO(await win.page.screenshot())) as opened:
        picture = opened.convert("RGB")
    return [f"{one.name} at {one.x:.0f}, {one.y:.0f}" for one in found if not _is_drawn(one, picture)]


def _is_drawn(box: Box, picture: Image.Image) -> bool:
    """Whether a face of a chip's height begins and ends as far from the top of its place as from the foot."""
    x, top, foot = round(box.x + box.width / 2), round(box.y), round(box.y + box.height)
    column = [picture.getpixel((x, y)) for y in range(top, foot)]
    inked = [n for n, colour in enumerate(column) if colour != column[0]]
    margin = (box.height - RAIL_CHIP) / 2
    return bool(inked) and abs(inked[0] - margin) <= NEAR and abs(len(column) - 1 - inked[-1] - margin) <= NEAR


async def stays_true(win: Window) -> None:
    await win.find("now-time").wait_for(state="attached")
    assert await misplaced(win) == []
    for stroke in STROKES:
        await win.move_chips(stroke)
        assert await misplaced(win) == []


@pytest.mark.parametrize(("look", "spoken"), [("day", "en"), ("night", "zh"), ("blackout", "zh")])
async def test_chips_are_found_where_they_are_drawn(shoot: RunningApp, look: str, spoken: str) -> None:
    async with window(shoot.url) as win:
        await to_device(win)
        for tap in (f"language-{spoken}", f"look-{look}"):
            await win.tap(tap)
        await win.tap("nav-now")
        await stays_true(win)
        for name, inside in OPENS.items():
            await win.swipe(f"now-{name}")
            await win.tap(f"now-{name}")
            await win.find(inside).wait_for(state="attached")
            await win.tap("sheet-close")
            assert await misplaced(win) == []
        await win.swipe("now-time", back=True)
        await win.tap("now-time")
        await win.find("now-time-other").wait_for(state="attached")
        await win.tap("now-strip-close")
        assert win.errors == []


async def test_on_a_phone_too(pocket_site: Path, tmp_path: Path) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        await stays_true(await phone.begin_a_study())
