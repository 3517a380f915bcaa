"""A night past midnight in a real browser: the slate behind its times has no gap, wherever one scrolls to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from fieldlog.services.capture.capture import Capture
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from fieldlog.ui.parts.theme import DAYLIGHT
from tests.e2e.app import running_app, window, with_the_month
from tests.e2e.looking import faults, stand_still
from tests.fakes.clock import FakeClock

NOTES, EVERY = 45, 6
"""From 22:00 on, so many minutes from one to the next."""

COLUMN = 4
"""A column of pixels that no time reaches, counted from the left edge of the day."""

LEAST = 40
"""More slate than this is a row past midnight."""

PARTS = (0, 411.37, 530.61, 873.5)
"""How far the wheel turns, one after the other: never by whole pixels alone."""


async def a_night(data: Path) -> Path:
    """PD14 of the month with a session that goes over midnight, and what is written before, in and after it."""
    with_the_month(data)
    clock = FakeClock()
    clock.wall = datetime(2025, 3, 16, 14, tzinfo=UTC)
    work = await open_study(replace(laptop(data), clock=clock), write=True)
    capture = Capture(work)
    sessions = Sessions(work, capture)
    for n in range(NOTES):
        if n == NOTES // 2:
            await sessions.start("Waiting for the light", kind="informal")
        if n == NOTES - 9:
            await sessions.stop()
        await capture.note(f"note {n}, the longer the night the shorter they are"[: 50 - n // 2])
        clock.advance(minutes=EVERY)
    await work.close()
    return data


def column(picture: Path, x: int, top: int, foot: int) -> list[bool]:
    """Of each pixel of a column whether it is slate."""
    dark = tuple(bytes.fromhex(DAYLIGHT.data.dark[1:]))
    with Image.open(picture) as drawn:
        pixels = drawn.convert("RGB")
        return [pixels.getpixel((x, y)) == dark for y in range(top, foot)]


def seams(slate: list[bool]) -> list[int]:
    """Where it is not, between the first that is and the last."""
    last = len(slate) - slate[::-1].index(True)
    return [y for y in range(slate.index(True), last) if not slate[y]]


@pytest.mark.parametrize(("width", "height"), [(412, 892), (1280, 800)], ids=["phone", "laptop"])
@pytest.mark.parametrize("percent", [100, 200])
async def test_the_slate_has_no_gap_wherever_one_scrolls_to(
    tmp_path: Path, shots: Path, width: int, height: int, percent: int
) -> None:
    data = await a_night(tmp_path / "data")
    async with running_app(data) as app, window(app.url, width=width, height=height) as win:
        if percent != 100:
            await win.enlarge_text(percent)
        await win.go(f"{app.url}#/days/PD14")
        await win.see("note 0")
        strip = await win.find("day-strip").bounding_box()
        assert strip
        left = round(strip["x"]) - 16 + COLUMN
        seen = 0
        for n, far in enumerate(PARTS):
            await win.page.mouse.move(width - 150, height - 250)
            await win.page.mouse.wheel(0, far * percent / 100)
            await asyncio.sleep(1)
            await stand_still(win)
            picture = shots / f"midnight-{width}-{percent}-{n}.png"
            await win.shot(picture)
            assert await faults(win, picture) == []
            top = round(strip["y"] + strip["height"])
            foot = height - (80 if width < 600 else 0) * percent // 100
            slate = column(picture, left, top, foot)
            if sum(slate) > LEAST:
                seen += 1
                assert seams(slate) == [], picture.name
        assert seen, "the night was scrolled past"
        assert win.errors == []
