"""A page that hangs ends its own test within its time, and nothing of it goes on."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.e2e.app import Window, running_app, window


async def test_a_page_that_spins_fails_its_test_in_time_and_its_browser_is_gone(tmp_path: Path) -> None:
    opened = list[Window]()
    async with running_app(tmp_path / "data") as app:
        began = time.monotonic()
        with pytest.raises(AssertionError, match=r"still open after 10 s; its browser was killed"):
            async with window(app.url, most_seconds=10, alone=True) as win:
                opened.append(win)
                await win.page.evaluate("() => { while (true) {} }")
        assert time.monotonic() - began < 30
    browser = opened[0].page.context.browser
    assert browser
    assert not browser.is_connected()


async def test_what_takes_too_long_for_another_reason_fails_as_it_would(tmp_path: Path) -> None:
    async with running_app(tmp_path / "data") as app:
        with pytest.raises(TimeoutError):
            async with window(app.url), asyncio.timeout(0.1):
                await asyncio.sleep(1)
