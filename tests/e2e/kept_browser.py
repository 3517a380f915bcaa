"""A browser that keeps its files: Chromium on a profile, in a process group that can be killed as a phone kills.

kept = KeptBrowser(playwright, tmp_path / "profile")
context = await kept.start()
await kept.kill()                  # SIGKILL to every process of it
context = await kept.start()       # another browser, with the same files
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Playwright
from playwright.async_api import Error as BrowserError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS = 30
ARGUMENTS = (
    "--headless=new", "--remote-debugging-port=0", "--no-sandbox", "--disable-gpu",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
NO_QUIC = "--disable-quic"
FAKE_DEVICES = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


SPACES = "--ip-address-space-overrides="


def spaces(*, public: int, local: Iterable[int]) -> str:
    """The argument by which ports of this machine count as the internet, and as a network of one's own."""
    of = [f"127.0.0.1:{public}=public", *(f"127.0.0.1:{port}=local" for port in local)]
    return SPACES + ",".join(of)


SHELL = "chromium-headless-shell"
"""Chromium without the windows of a browser, which nobody sees here and which cost a tenth of all work."""


def browser_path(*, whole: bool = False) -> str | None:
    """The installed Chromium or Chrome, if there is one; as a `whole` one, which can install a page as an app."""
    names = BROWSERS if whole else (SHELL, *BROWSERS)
    return next((found for name in names if (found := shutil.which(name))), None)


class KeptBrowser:
    """Not running until it is started; `arguments` are Chromium's, beside those that keep it to this machine.

    A `whole` one has its windows, too, and what belongs to them: it can tell whether a page may be installed. QUIC
    it has where an argument says which of this machine's ports are what to it (`spaces`).
    """

    def __init__(self, playwright: Playwright, profile: Path, *arguments: str, whole: bool = False) -> None:
        if not any(one.startswith(SPACES) for one in arguments):
            arguments = (*arguments, NO_QUIC)
        self._playwright, self._profile, self._arguments, self._whole = playwright, profile, arguments, whole
        self._process: asyncio.subprocess.Process | None = None
        self._browser: Browser | None = None

    @property
    def runs(self) -> bool:
        return self._browser is not None

    async def start(self, *, locale: str = "en-US") -> BrowserContext:
        """A new browser on the profile, with no page of ours."""
        path = browser_path(whole=self._whole)
        assert path is not None, f"none of {', '.join(BROWSERS)} is installed"
        where = self._profile / "DevToolsActivePort"
        where.unlink(missing_ok=True)
        command = [
            path, *ARGUMENTS, *self._arguments, f"--lang={locale}", f"--accept-lang={locale}",
            f"--user-data-dir={self._profile}", "about:blank",
        ]  # fmt: skip
        quiet = asyncio.subprocess.DEVNULL
        self._process = await asyncio.create_subprocess_exec(
            *command, stdout=quiet, stderr=quiet, start_new_session=True, env={**os.environ, "LANGUAGE": locale}
        )
        async with asyncio.timeout(START_SECONDS):
            while not (where.exists() and where.read_text().count("\n")):
                assert self._process.returncode is None, "the browser ended at once"
                await asyncio.sleep(0.02)
        port = where.read_text().split("\n")[0]
        self._browser = await self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        return self.context

    @property
    def context(self) -> BrowserContext:
        assert self._browser, "the browser does not run"
        return self._browser.contexts[0]

    async def kill(self) -> None:
        """End every process of it without warning."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()
            self._process = None
        if self._browser is not None:
            with suppress(BrowserError):
                await self._browser.close()
            self._browser = None
