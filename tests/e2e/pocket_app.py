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
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, Playwright
from playwright.async_api import TimeoutError as NotThere

from tests.e2e.app import DEAF_SECONDS, FIRST_FRAME, Window
from tests.e2e.browsers import driver
from tests.e2e.kept_browser import FAKE_DEVICES, KeptBrowser, spaces
from tests.e2e.pyodide_page import KINDS

UNASKED = "--autoplay-policy=no-user-gesture-required"
READY = "navigator.serviceWorker.ready.then(() => true)"
UP_SECONDS = 60.0
LISTEN = """
(() => {
  const Real = window.Worker;
  window.told = [];
  window.Worker = function (...how) {
    const worker = new Real(...how);
    worker.addEventListener("message", ({ data }) => {
      if (data instanceof Uint8Array) window.lastMessage = performance.now();
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
        """Wait until the app itself is drawn and can be found by its identifiers, and the first page is gone."""
        async with asyncio.timeout(UP_SECONDS):
            while not await self.has(name):
                await self.page.evaluate("document.querySelector('flt-semantics-placeholder')?.click()")
                await asyncio.sleep(0.1)
        await self.page.wait_for_selector("#quick", state="hidden", timeout=UP_SECONDS * 1000)


class Site:
    """A folder handed out on the loopback, while it is open. `asked` are the paths that were wanted.

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

        self._handler = Handler
        self._port = 0
        self.open()
        self.port = self._port
        self.address = f"http://127.0.0.1:{self._port}/"

    def open(self) -> None:
        """Answer, again at the same address."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler)
        self._port = self._server.server_port
        self._serving = threading.Thread(target=self._server.serve_forever)
        self._serving.start()
        self.is_open = True

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            self._server.shutdown()
            self._server.server_close()
            self._serving.join()


class Phone:
    """A browser on a profile, and one window on the site. `window` is None until it is opened."""

    def __init__(
        self, playwright: Playwright, site: Site, profile: Path, arguments: Sequence[str], whole: bool
    ) -> None:
        self._browser = KeptBrowser(playwright, profile, *FAKE_DEVICES, UNASKED, *arguments, whole=whole)
        self.site = site
        self.size, self.dark, self.locale = (412, 892), False, "en-US"
        self.granted = ["microphone", "camera"]
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
        if not self._browser.runs:
            await self._browser.start(locale=self.locale)
        context = self._browser.context
        await context.grant_permissions(self.granted, origin=self.site.address.rstrip("/"))
        page = await context.new_page()
        await page.add_init_script(FIRST_FRAME + LISTEN + script)
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
        await self._browser.kill()
        self._window = None

    async def begin_a_study(self, *, script: str = "", shots: Path | None = None) -> PocketWindow:
        """From the first visit into the field; all of it is kept for a start without the site. Where `shots` are
        wanted, one of the page that asks to be installed."""
        win = await self.open(up="welcome-new", script=script)
        await win.tap("welcome-new")
        if await win.first_of("install-later", "study-title") == "install-later":  # not on a wide screen
            if shots:
                await win.shot(shots / "pocket-install.png")
            await win.tap("install-later")
        await win.type("study-title", "雨停之前 Before the rain stops")
        await win.tap("study-begin")
        await win.up()
        assert await win.page.evaluate(READY)
        return win


@asynccontextmanager
async def pocket(
    site: Path, profile: Path, *arguments: str, whole: bool = False, local: Sequence[int] = ()
) -> AsyncIterator[Phone]:
    """The site on the loopback and a browser that keeps its files in `profile`, `whole` where it must be able to
    install the site; nothing is opened yet. With ports that are `local`, the site is of the internet, and they are
    of the network beside the phone."""
    served = Site(site)
    if local:
        arguments = (*arguments, spaces(public=served.port, local=local))
    try:
        async with driver() as playwright:
            phone = Phone(playwright, served, profile, arguments, whole)
            try:
                yield phone
            finally:
                await phone.kill()
    finally:
        served.close()
