"""The app in the pocket as a person meets it: the built site, a browser that keeps its files, and no network.

    async with pocket(site, tmp_path / "profile") as phone:
        win = phone.window
        await win.tap("welcome-new")
        phone.close_site()                 # nothing answers any more
        await phone.kill()                 # SIGKILL to every process of the browser, then
        await phone.open()                 # a new browser on the same profile
        await phone.window.see("灯还没好")

`site` is a folder made by build/pocket.py; the fixture `pocket_site` makes one for the whole run.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, Playwright, async_playwright
from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as NotThere

from tests.e2e.app import DEAF_SECONDS, QUIET_SECONDS, Window
from tests.e2e.pyodide_page import BROWSER_ARGUMENTS, KINDS, START_SECONDS, browser_path

FAKE_DEVICES = (
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
UP_SECONDS = 60.0
LISTEN = """
(() => {
  const Real = window.Worker;
  window.lastMessage = 0;
  window.told = [];
  window.Worker = function (...how) {
    const worker = new Real(...how);
    worker.addEventListener("message", ({ data }) => {
      if (data instanceof Uint8Array) window.lastMessage = Date.now();
    });
    const post = worker.postMessage.bind(worker);
    worker.postMessage = (message, more) => {
      if (message instanceof Uint8Array) window.told.push(new TextDecoder().decode(message));
      return post(message, more);
    };
    return worker;
  };
})();
"""


class PocketWindow(Window):
    """One tab of the app in the pocket; what Python draws comes over a worker's messages."""

    async def _quiet(self, at_most: float) -> None:
        until = time.monotonic() + at_most
        while time.monotonic() < until:
            since = await self.page.evaluate("(Date.now() - (window.lastMessage || 0)) / 1000")
            if since > QUIET_SECONDS:
                return
            await asyncio.sleep(0.05)

    async def _has_told(self, text: str) -> bool:
        try:
            await self.page.wait_for_function(
                "text => window.told.some(one => one.includes(text))", arg=text, timeout=DEAF_SECONDS * 1000
            )
        except NotThere:
            return False
        return True

    async def _take_focus(self, field: Locator) -> None:
        await self.page.evaluate("window.told.length = 0")
        await super()._take_focus(field)

    async def up(self, name: str = "now-field") -> None:
        """Wait until the app itself is drawn and can be found by its identifiers."""
        async with asyncio.timeout(UP_SECONDS):
            while not await self.has(name):
                await self.page.evaluate("document.querySelector('flt-semantics-placeholder')?.click()")
                await asyncio.sleep(0.1)


class Site:
    """A folder handed out on the loopback, until it is closed. `asked` are the paths that were wanted.

    Another folder may be put in its place. Who wants a path in `broken` gets the line cut instead.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked, self.broken = folder, list[str](), set[str]()
        site = self

        class Handler(SimpleHTTPRequestHandler):
            def guess_type(self, path: Any) -> str:
                return KINDS.get(Path(path).suffix) or super().guess_type(path)

            def do_GET(self) -> None:
                site.asked.append(self.path)
                self.directory = str(site.folder)  # now: a browser connects before it asks
                # Two versions may be of the same second.
                del self.headers["If-Modified-Since"]
                if self.path not in site.broken:
                    super().do_GET()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._serving = threading.Thread(target=self._server.serve_forever)
        self._serving.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        self.is_open = True

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            self._server.shutdown()
            self._server.server_close()
            self._serving.join()


class Phone:
    """A browser on a profile, and one window on the site. `window` is None until it is opened."""

    def __init__(self, playwright: Playwright, site: Site, profile: Path, arguments: Sequence[str]) -> None:
        self._playwright, self._profile, self._arguments = playwright, profile, arguments
        self.site = site
        self.size, self.dark, self.locale = (412, 892), False, "en-US"
        self._process: asyncio.subprocess.Process | None = None
        self._browser: Browser | None = None
        self._window: PocketWindow | None = None

    @property
    def window(self) -> PocketWindow:
        assert self._window, "the browser is not open"
        return self._window

    def close_site(self) -> None:
        """From now on nothing answers: the web space is gone, and with it every network."""
        self.site.close()

    async def open(self, *, up: str | None = "now-field", script: str = "") -> PocketWindow:
        """Start the browser where it does not run, and a window on the site; wait until `up` is drawn."""
        if self._browser is None:
            await self._start()
        assert self._browser
        context = self._browser.contexts[0]
        await context.grant_permissions(["microphone", "camera"], origin=self.site.address.rstrip("/"))
        page = await context.new_page()
        await page.add_init_script(LISTEN + script)
        await page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        await page.emulate_media(color_scheme="dark" if self.dark else "light")
        self._window = PocketWindow(page)
        await page.goto(self.site.address, wait_until="commit")
        if up is not None:
            await self._window.up(up)
        return self._window

    async def beside(self, **how: Any) -> PocketWindow:
        """A second tab; `window` stays the first."""
        first = self._window
        try:
            return await self.open(**how)
        finally:
            self._window = first

    async def page(self) -> Page:
        return self.window.page

    async def kill(self) -> None:
        """End every process of the browser without warning."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()
            self._process = None
        if self._browser is not None:
            with suppress(BrowserError):
                await self._browser.close()
        self._browser = self._window = None

    async def _start(self) -> None:
        path = browser_path()
        assert path is not None, "no Chromium or Chrome is installed"
        where = self._profile / "DevToolsActivePort"
        where.unlink(missing_ok=True)
        command = [
            path, *BROWSER_ARGUMENTS, *FAKE_DEVICES, *self._arguments, f"--lang={self.locale}",
            f"--accept-lang={self.locale}", f"--user-data-dir={self._profile}", "about:blank",
        ]  # fmt: skip
        quiet = asyncio.subprocess.DEVNULL
        self._process = await asyncio.create_subprocess_exec(
            *command, stdout=quiet, stderr=quiet, start_new_session=True,
            env={**os.environ, "LANGUAGE": self.locale},
        )  # fmt: skip
        async with asyncio.timeout(START_SECONDS):
            while not (where.exists() and where.read_text().count("\n")):
                assert self._process.returncode is None, "the browser ended at once"
                await asyncio.sleep(0.02)
        port = where.read_text().split("\n")[0]
        self._browser = await self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")


@asynccontextmanager
async def pocket(site: Path, profile: Path, *arguments: str) -> AsyncIterator[Phone]:
    """The site on the loopback and a browser that keeps its files in `profile`; nothing is opened yet."""
    served = Site(site)
    try:
        async with async_playwright() as playwright:
            phone = Phone(playwright, served, profile, arguments)
            try:
                yield phone
            finally:
                await phone.kill()
    finally:
        served.close()
