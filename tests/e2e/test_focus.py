"""After a sheet, the camera or the clock one goes on writing at once: the keys go into the field."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.e2e.app import SEE_SECONDS, TAP_SECONDS, Window, running_app, window
from tests.e2e.test_journey import begin_a_study

PHONE, LAPTOP = (412, 892), (1280, 800)
SHEETS = (
    ("now-people", "sheet-close"), ("now-session", "sheet-close"), ("now-day", "sheet-close"),
    ("now-session", "Escape"), ("now-camera", "Escape"), ("now-camera", "camera-close"), ("now-look",),
    ("now-look",),
)  # fmt: skip
MOVED_SECONDS = 0.4
"""What slides in has arrived by then, also where no semantics tell of it."""

WRITES = "document.activeElement?.tagName === 'TEXTAREA' || !!document.activeElement?.shadowRoot?.activeElement"


Places = dict[tuple[int, int], tuple[float, float]]


async def where_to_press(win: Window) -> Places:
    """Every sheet, opened and left: where each press was."""
    places: Places = {}
    for n, steps in enumerate(SHEETS):
        for at, step in enumerate(steps):
            if step == "Escape":
                await win.still_box("camera-close" if steps[0] == "now-camera" else "sheet-close")
                await win.page.keyboard.press(step)
                continue
            left, top, width, height = await win.still_box(step)
            places[n, at] = left + width / 2, top + height / 2
            await win.press(*places[n, at])
    return places


async def walk(win: Window, places: Places) -> list[tuple[str, ...]]:
    """Every sheet, opened and left; those after which the keys go elsewhere."""
    lost = []
    for n, steps in enumerate(SHEETS):
        for at, step in enumerate(steps):
            if step == "Escape":
                await win.page.keyboard.press(step)
                continue
            await win.press(*places[n, at])
            await asyncio.sleep(MOVED_SECONDS)
        for _ in range(30):
            if await win.page.evaluate(WRITES):
                break
            await asyncio.sleep(TAP_SECONDS)
        else:
            lost.append(steps)
    return lost


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
async def test_the_keys_go_into_the_field_again(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running_app(tmp_path / "data") as app:
        async with window(app.url, width=size[0], height=size[1]) as win:
            await begin_a_study(win)
            places = await where_to_press(win)
        # As most people have it: what is tapped is not named, and the focus is Flutter's own.
        async with window(app.url, width=size[0], height=size[1], spoken=False) as win:
            await win.page.wait_for_function(WRITES, timeout=SEE_SECONDS * 1000)
            await asyncio.sleep(1)
            assert await walk(win, places) == []
