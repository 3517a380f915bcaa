"""A browser that does nothing more ends its test, not the run.

A page whose thread spins answers nobody: whoever waits for it waits for good, and so does a browser that is
asked to close it. So its process is killed.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from playwright.async_api import Browser

MOST_SECONDS = 240.0
"""How long a window is open in a test that does not say otherwise."""


@asynccontextmanager
async def limited(browser: Browser, seconds: float = MOST_SECONDS) -> AsyncIterator[None]:
    """What is done here with a browser ends within so many seconds; or it fails, and the browser is killed."""
    asked = await browser.new_browser_cdp_session()
    processes = (await asked.send("SystemInfo.getProcessInfo"))["processInfo"]
    (pid,) = [one["id"] for one in processes if one["type"] == "browser"]
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError as why:
        if not limit.expired():
            raise
        raise AssertionError(f"The window was still open after {seconds:g} s; its browser was killed.") from why
    finally:
        if limit.expired():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
