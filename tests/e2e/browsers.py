"""The browser of a run: one driver and one Chromium for all windows, each window in a context of its own.

    async with shared():                       # once, around all tests of a process
        async with a_context(locale="zh-CN") as context:
            page = await context.new_page()    # knows nothing of the windows before it and beside it

Chromium is started by the first window that needs it, and again by the next one where a test had to kill it.
What can't be told to a running browser (a sound file for its microphone, a second camera) has one of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright
from playwright.async_api import Error as BrowserError

from tests.e2e.kept_browser import BROWSERS, browser_path

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-3d-apis", "--disable-background-networking",
    "--disable-component-update",
    "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip


class Shared:
    """What all windows of a process are opened with, on the event loop on which it was made."""

    made: ClassVar[Shared | None] = None

    def __init__(self, playwright: Playwright) -> None:
        self.playwright = playwright
        self.loop = asyncio.get_running_loop()
        self._browser: Browser | None = None

    async def browser(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self._browser = await launched(self.playwright)
        return self._browser

    async def close(self) -> None:
        if self._browser is not None:
            await closed(self._browser)


def _here() -> Shared | None:
    """The shared one, for who runs on its event loop."""
    made = Shared.made
    return made if made is not None and made.loop is asyncio.get_running_loop() else None


@asynccontextmanager
async def shared() -> AsyncIterator[Shared]:
    """While this is open, `driver` and `a_context` start nothing that runs already."""
    async with async_playwright() as playwright:
        made = Shared.made = Shared(playwright)
        try:
            yield made
        finally:
            Shared.made = None
            await made.close()


@asynccontextmanager
async def driver() -> AsyncIterator[Playwright]:
    """The shared one; where there is none, one of its own."""
    if here := _here():
        yield here.playwright
        return
    async with async_playwright() as playwright:
        yield playwright


@asynccontextmanager
async def a_context(
    *, fake_sound: Path | None = None, cameras: int = 1, alone: bool = False, **of_context: Any
) -> AsyncIterator[BrowserContext]:
    """A new context, in a browser of its own where it is `alone` or wants what the shared one has not."""
    here = None if alone or fake_sound is not None or cameras != 1 else _here()
    async with driver() as playwright:
        if here is not None:
            browser = await here.browser()
        else:
            browser = await launched(playwright, fake_sound=fake_sound, cameras=cameras)
        try:
            context = await browser.new_context(**of_context)
            try:
                yield context
            finally:
                with suppress(BrowserError):
                    await context.close()
        finally:
            if here is None:
                await closed(browser)


async def launched(playwright: Playwright, *, fake_sound: Path | None = None, cameras: int = 1) -> Browser:
    """Chromium with so many cameras and a microphone that hears a WAV or beeps; none needs a permission."""
    path = browser_path()
    assert path is not None, f"none of {', '.join(BROWSERS)} is installed"
    arguments = [*ARGUMENTS, f"--use-fake-device-for-media-stream=device-count={cameras}"]
    if fake_sound:
        arguments.append(f"--use-file-for-fake-audio-capture={fake_sound}")
    return await playwright.chromium.launch(executable_path=path, args=arguments)


async def closed(browser: Browser) -> None:
    with suppress(BrowserError):
        await browser.close()
