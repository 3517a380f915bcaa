"""What is done a hundred times a day on set, in both languages, with its taps counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import pytest_asyncio

from tests.e2e.app import RunningApp, Window, running_app, window
from tests.e2e.limit import MODULE_SECONDS
from tests.e2e.test_photos import ONE, READY

PAUSE_SECONDS = 0.5
"""After which what the page has told of is on the disk, on a busy machine too."""

WORDS = {
    "en": {"kept": "Kept", "memo": "Voice memo", "photo": "Photo", "none": "Nothing is open", "take": "take 2",
           "ready": READY["en"], "one": ONE["en"]},
    "zh": {"kept": "已存", "memo": "录音", "photo": "照片", "none": "没有未完成的文字", "take": "第 2 条",
           "ready": READY["zh"], "one": ONE["zh"]},
}  # fmt: skip


class Set(NamedTuple):
    """The app in a shoot that may be heard and photographed, a window on it, and the words to look for."""

    app: RunningApp
    win: Window
    words: dict[str, str]

    async def back_on_now(self) -> None:
        """As someone takes the phone out of the pocket."""
        await self.win.go(self.app.url)
        await self.win.field_has_focus()
        self.win.taps = 0


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["en", "zh"])
async def on_set(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Set]:
    spoken = request.param
    data = tmp_path_factory.mktemp(f"journeys-{spoken}")
    spoken_app = running_app(data, environment={"FIELDLOG_LANG": spoken})
    async with spoken_app as app, window(app.url, most_seconds=MODULE_SECONDS) as win:
        await win.tap("welcome-new")
        await win.type("study-title", "竖屏的日子")
        await win.tap("study-begin")
        await win.tap("now-session")
        await win.tap("session-start-shoot")
        for tap in ("now-may", "may-audio", "may-photo", "sheet-close"):
            await win.tap(tap)
        yield Set(app, win, WORDS[spoken])
        assert win.errors == []


async def test_a_jotting_in_the_dark_needs_no_tap_and_outlives_a_kill(on_set: Set) -> None:
    app, win, words = on_set
    await on_set.back_on_now()
    await win.keys("灯还没好, Lei waits")
    await win.see(words["kept"])
    await asyncio.sleep(PAUSE_SECONDS)
    assert win.taps == 0
    await app.kill()
    await app.start()
    await on_set.back_on_now()
    await win.see("灯还没好, Lei waits")


async def test_a_memo_is_one_tap_to_begin_and_one_to_end(on_set: Set) -> None:
    win = on_set.win
    await on_set.back_on_now()
    await win.tap("now-mic")
    await win.find("rec-bar").wait_for(state="attached")
    await asyncio.sleep(1.5)
    await win.tap("now-mic")
    await win.see(on_set.words["memo"])
    assert win.taps == 2


async def test_a_photo_is_two_taps(on_set: Set) -> None:
    win = on_set.win
    await on_set.back_on_now()
    await win.tap("now-camera")
    await win.see(on_set.words["ready"])
    await win.tap("camera-shutter")
    assert win.taps == 2
    await win.see(on_set.words["one"])
    await win.tap("camera-close")
    await win.see(on_set.words["photo"])


async def test_a_scene_is_four_taps_the_next_one_and_a_take_one_each(on_set: Set) -> None:
    win = on_set.win
    await on_set.back_on_now()
    for tap in ("now-scene", "scene-key-3", "scene-key-4", "scene-key-2"):
        await win.tap(tap)
    await win.see("34-2")
    assert win.taps == 4
    await win.tap("sheet-close")
    win.taps = 0
    await win.tap("now-take")
    assert win.taps == 1
    await win.tap("now-take-NG")
    await win.tap("now-take")
    await win.tap("now-take-OK")
    await win.keys("again")
    await win.see(on_set.words["kept"])
    await win.tap("now-send")
    await win.see(f"34-2 · {on_set.words['take']}")
    await win.swipe("now-scene-next")
    win.taps = 0
    await win.tap("now-scene-next")
    await win.swipe("now-scene", back=True)
    await win.see("34-3")
    assert win.taps == 1
