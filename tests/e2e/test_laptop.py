"""The app on a laptop, in a real browser: what is sent stays, and nothing leaves the machine."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.e2e.app import HARMLESS, SEE_SECONDS, running_app, window, with_the_month


async def test_what_was_sent_is_there_again_after_the_app_was_killed(tmp_path: Path) -> None:
    async with running_app(with_the_month(tmp_path / "kept")) as app:
        async with window(app.url) as win:
            await win.type("now-field", "灯还没好 first walk-through")
            await win.tap("now-send")
            await win.see("灯还没好 first walk-through")
            await app.kill()
            await app.start()
            await win.go(app.url)
            await win.see("灯还没好 first walk-through")
            assert win.errors == []
        assert await app.stop() == 0
        assert app.words() == ""


async def test_the_app_is_drawn_without_a_request_that_leaves_this_machine(tmp_path: Path) -> None:
    data = with_the_month(tmp_path / "data")
    async with running_app(data) as app, window(app.url, locale="zh-CN", dark=True) as win:
        await win.tap("nav-days")
        await win.see("PD14")
        here = (app.url, "data:", "blob:")
        assert [url for url in win.answered if not url.startswith(here)] == []
        wanted = [url for url in win.asked if not url.startswith(here)]
        assert [url for url in wanted if not any(word in url for word in HARMLESS)] == []
        assert win.errors == []


async def test_a_window_that_was_reloaded_shows_the_same_and_its_text_can_be_enlarged(tmp_path: Path) -> None:
    data = with_the_month(tmp_path / "data")
    async with running_app(data) as app, window(app.url, width=1280, height=800) as win:
        await win.see("Days")
        await win.reload()
        await win.tap("nav-days")
        await win.see("PD14")
        assert "Days" in await win.text_of("nav-days")
        await win.shot(tmp_path / "small.png")
        await win.enlarge_text()
        async with asyncio.timeout(SEE_SECONDS):
            await win.shot(tmp_path / "large.png")
            while (tmp_path / "large.png").read_bytes() == (tmp_path / "small.png").read_bytes():
                await win.shot(tmp_path / "large.png")
        assert 0 < win.largest_message < 1 << 20
