"""A browser that does nothing more ends its test, not the run.

A page whose thread spins answers nobody: whoever waits for it waits for good, and so does a browser that is
asked to close it. So its process is killed, and whoever waited for the page gets an error. (Cancelling who waits
would not do: a window may be opened in a fixture, and waited for in a test.)
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from playwright.async_api import Browser
from playwright.async_api import Error as BrowserError

MOST_SECONDS = 240.0
"""How long a window is open in a test that does not say otherwise."""

MODULE_SECONDS = 900.0
"""How long, where one window serves all tests of a file."""


@asynccontextmanager
async def limited(browser: Browser, seconds: float = MOST_SECONDS) -> AsyncIterator[None]:
    """What is done here with a browser ends within so many seconds; or it fails, and the browser is killed."""
    asked = await browser.new_browser_cdp_session()
    processes = (await asked.send("SystemInfo.getProcessInfo"))["processInfo"]
    (pid,) = [one["id"] for one in processes if one["type"] == "browser"]
    said = f"The window was still open after {seconds:g} s; its browser was killed."
    over = False

    def end() -> None:
        nonlocal over
        over = True
        print(said, file=sys.stderr)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    timer = asyncio.get_running_loop().call_later(seconds, end)
    try:
        yield
    except BrowserError as why:
        if over:
            raise AssertionError(said) from why
        raise
    finally:
        timer.cancel()
