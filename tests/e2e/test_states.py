"""Every state of capture as a picture, by day, by night and in the dark, in both languages, checked by machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.app import RunningApp, Window, running_app, window, with_the_month
from tests.e2e.looking import faults, stand_still, to_device
from tests.e2e.test_photos import READY

PHONE, LAPTOP = (412, 892), (1280, 800)
WAYS = [(PHONE, "day", "en"), (PHONE, "night", "zh"), (PHONE, "blackout", "zh"), (LAPTOP, "night", "en")]
STRIPS = ("time", "type", "more")
PAUSED = {"en": "Paused", "zh": "已暂停"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningApp]:
    """The sample month, and a shoot going on that may be heard and photographed."""
    async with running_app(with_the_month(tmp_path_factory.mktemp("states"))) as app:
        async with window(app.url) as win:
            for tap in ("now-session", "session-start-shoot", "now-may", "may-audio", "may-photo", "here-add-P02"):
                await win.tap(tap)
            await win.tap("sheet-close")
        yield app


class Walk:
    """Goes from state to state of one window, taking a picture of each."""

    def __init__(self, win: Window, shots: Path, name: str, *, blackout: bool) -> None:
        self.win, self._shots, self._name, self._blackout = win, shots, name, blackout

    async def look(self, state: str, *, live: bool = False, now: bool = True) -> None:
        await stand_still(self.win)
        picture = self._shots / f"capture-{self._name}-{state}.png"
        await self.win.shot(picture)
        assert await faults(self.win, picture, live=live, blackout=self._blackout and now) == []

    async def sheet(self, state: str, *taps: str) -> None:
        for tap in taps:
            await self.win.tap(tap)
        await self.look(state, now=False)
        await self.win.tap("sheet-close")


@pytest.mark.parametrize(("size", "look", "spoken"), WAYS, ids=[f"{w[0][0]}-{w[1]}-{w[2]}" for w in WAYS])
async def test_the_states_of_capture(
    demo: RunningApp, shots: Path, size: tuple[int, int], look: str, spoken: str
) -> None:
    async with window(demo.url, width=size[0], height=size[1]) as win:
        walk = Walk(win, shots, f"{size[0]}-{look}-{spoken}", blackout=look == "blackout")
        await to_device(win)
        for tap in (f"language-{spoken}", f"look-{look}"):
            await win.tap(tap)
        await win.tap("nav-now")
        await win.find("now-field").wait_for(state="attached")
        for strip in STRIPS:
            await win.tap(f"now-{strip}")
            await walk.look(f"strip-{strip}")
            await win.tap("now-strip-close")
        for name in ("people", "codes"):
            if size == PHONE:
                await win.swipe(f"now-{name}")
            await walk.sheet(name, f"now-{name}")
        if size == PHONE:
            await win.swipe("now-time", back=True)
        await walk.sheet("scene", "now-scene", "scene-key-3", "scene-key-4", "scene-key-2")
        await win.tap("now-take")
        await walk.look("take")
        await win.tap("now-take-OK")
        await walk.sheet("session", "now-session")
        await walk.sheet("may", "now-may")
        await walk.sheet("day", "now-day")
        await walk.sheet("figure", "now-more", "now-figure")
        await win.type("now-field", "“拍完再睡，算两天。” Lei looks at his shoes.")
        await win.tap("now-quick-2")
        await walk.look("typing")
        await win.tap("now-send")
        await win.record()
        await win.tap("rec-mark")
        await walk.look("recording", live=True)
        await win.tap("rec-pause")
        await win.see(PAUSED[spoken])
        await walk.look("paused")
        await win.tap("rec-pause")
        await win.tap("rec-stop")
        await win.tap("now-camera")
        if await win.first_of("photo-anyway", "camera-shutter") == "photo-anyway":
            await walk.look("photo-ask", now=False)
            await win.type("photo-reason", "agreed by word")
            await win.tap("photo-anyway")
        await win.see(READY[spoken])
        await win.tap("camera-shutter")
        await walk.look("camera", now=False)
        await win.tap("camera-close")
        await walk.look("after")
        assert win.errors == []
