"""The app as a person meets it: its own process, and a real browser window on it.

    async with running_app(tmp_path / "data") as app, window(app.url) as win:
        await win.type("note", "灯还没好")
        await win.tap("send")
        await win.see("灯还没好")
        await app.kill()                   # SIGKILL, then
        await app.restart()
        await win.go(app.url)

Everything drawn is in the page's semantics, which Flutter makes when it is asked to: `window` asks, also
after `reload`. A control is found by the identifier given with `ft.Semantics(identifier=…)`.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.async_api import ConsoleMessage, Locator, Page, WebSocket
from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as NotThere

from fieldlog.services.machine.bundled import sample_month
from tests.e2e.browsers import a_context
from tests.e2e.limit import MOST_SECONDS, limited

START_SECONDS = 60.0
SEE_SECONDS = 20.0
HAS_FOCUS = "document.activeElement?.matches('input, textarea')"
ON_A_SCREEN, ON_NOW = "location.hash.length > 2", "location.hash.startsWith('#/now')"

FIRST_FRAME = """
addEventListener("flutter-first-frame", () => { window.hasDrawn = true; });
window.lastMessage = window.lastChange = window.lastFrame = window.lastDeed = 0;
for (const deed of ["keydown", "pointerdown"]) {
  addEventListener(deed, () => { window.lastDeed = performance.now(); }, true);
}
window.framesAsked = window.framesDrawn = window.changedIn = 0;
{
  const real = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) => {
    window.framesAsked += 1;
    return real(function wait(at) {
      const left = 50 - (performance.now() - window.lastFrame);
      if (left > 0) { setTimeout(() => real(wait), left); return; }
      window.framesAsked -= 1;
      window.framesDrawn += 1;
      window.lastFrame = performance.now();
      draw(at);
    });
  };
}
window.WebSocket = class extends window.WebSocket {
  constructor(...how) {
    super(...how);
    this.addEventListener("message", () => { window.lastMessage = performance.now(); });
  }
};
new MutationObserver(() => {
  window.lastChange = performance.now();
  window.changedIn = window.framesDrawn;
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"""
"""Runs before a page's own scripts. It draws at most twenty frames a second, as a slow phone does: without a
graphics card each one costs. Flutter tells when something of it is to be seen, and asks for a frame only while
something moves; what it changes is seen in the semantics."""

STILL = """([answer, since, within, still, most, drawn]) => new Promise((done) => {
  const began = performance.now(), deed = since ?? window.lastDeed ?? 0, asked = since === null ? deed : began;
  const look = () => {
    const now = performance.now();
    const answered = window[answer] > deed || now - asked > within;
    const moves = drawn ? window.framesAsked || now - window.lastFrame <= still :
      window.framesAsked && window.framesDrawn - window.changedIn < 2;
    const quiet = now - Math.max(window.lastMessage, window.lastChange) > still;
    if ((answered && quiet && !moves) || now - began >= most) done();
    else setTimeout(look, 20);
  };
  look();
})"""
"""Waits for the first message or frame after `since` (null: after the last press or key), or so long, then until
nothing has changed for so long (and not for two frames, however long they take), and where it is `drawn` nothing
moves; in ms."""

MESSAGE, FRAME = "lastMessage", "lastFrame"
"""What answers a press: the app's message; what answers a wheel: the page itself."""

WHERE = """async (node) => {
  const box = () => { const at = node.getBoundingClientRect(); return [at.x, at.y, at.width, at.height]; };
  for (let last = box(); ;) {
    await new Promise((resolve) => { setTimeout(resolve, 40); });
    if (!node.isConnected) throw new Error("drawn anew");
    const here = box();
    if (here.every((value, n) => value === last[n])) return here;
    last = here;
  }
}"""
STILL_BOX = f"async (node, how) => {{ await ({STILL})(how); return await ({WHERE})(node); }}"

BAR = """() => {
  const found = (name) => document.querySelector(`[flt-semantics-identifier="${name}"]`);
  const top = found("sheet") ? 0 : found("nav-now")?.getBoundingClientRect().y ?? 0;
  return top > 400 ? top : null;
}"""
BAR_BELOW = 400
"""The navigation at the foot of a phone begins below this; higher up it is a rail at the side."""

UNDER_BARS = 8.0
TAP_SECONDS = 0.4
"""For so long an answer to a tap is waited for: a hand's pace."""

GLOWS_SECONDS = 2.0
"""A touch is not seen longer than that after it, and nothing moves longer."""

FRAME_SECONDS = 0.2
"""For so long a frame is waited for that draws what a press on a field or a wheel has changed."""

FOCUS_TRIES = 4
TAKES_KEYS = """(field) => {
  const active = document.activeElement;
  if (active === field || !active?.matches(".flt-text-editing")) return active === field;
  const at = active.getBoundingClientRect(), box = field.getBoundingClientRect();
  return at.x < box.right && box.x < at.right && at.y < box.bottom && box.y < at.bottom;
}"""
"""Where the keys were in a field before it was spoken of, a nameless element over it goes on taking them."""

DEAF_SECONDS = 3.0
"""After the last key, until they count as not heard by the page."""

QUIET_SECONDS = 0.12
STROKE, WHEEL = 160.0, 300.0
SIDEWAYS = "flt-semantics:has(> flt-semantics-scroll-overflow[style*='height: 1px'])"
"""A row that scrolls sideways, as Flutter marks it."""

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/[0-9a-f]+/")
HARMLESS = ("rive_native.js", "rive-app", "assets/fonts/noto", "A VideoFrame was garbage collected")
"""What the Flutter engine asks for in vain: a far-away script and, until ours are there, fonts. And what it leaves
to the browser to tidy up where it draws pictures without a graphics card."""


class RunningApp:
    """`python -m fieldlog` on a data folder, in a process group of its own. `url` is where it is now."""

    def __init__(self, data: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.data = data
        self.url = ""
        self.said: list[str] = []
        self._arguments, self._environment = arguments, environment
        self._process: asyncio.subprocess.Process | None = None
        self._hearing: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        assert self._process, "the app is not running"
        return self._process.pid

    async def start(self) -> None:
        command = [sys.executable, "-m", "fieldlog", "--data", str(self.data), *self._arguments, "--no-browser"]
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, start_new_session=True,
            env={**os.environ, "PYTHONUTF8": "1", "FIELDLOG_LANG": "en", **self._environment},
        )  # fmt: skip
        assert self._process.stdout
        assert self._process.stderr
        self._hearing = asyncio.ensure_future(self._hear(self._process.stderr))
        async with asyncio.timeout(START_SECONDS):
            line = (await self._process.stdout.readline()).decode()
        found = ADDRESS.search(line)
        assert found, f"the app did not start: {line}{self.words()}"
        self.url = found[0]

    async def kill(self) -> int:
        """End it as a power cut would: SIGKILL. Its exit code."""
        return await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """End it as Ctrl-C would, and wait. Its exit code."""
        return await self._end(signal.SIGTERM)

    async def restart(self) -> None:
        """Stop it where it still runs, and start it on the same data; its address is another one then."""
        await self.stop()
        await self.start()

    def words(self) -> str:
        """All it has written to stderr."""
        return "".join(self.said)

    async def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        with suppress(ProcessLookupError):
            process.send_signal(how)
        try:
            async with asyncio.timeout(SEE_SECONDS):
                code = await process.wait()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if self._hearing:
                await self._hearing
        return code

    async def _hear(self, stderr: asyncio.StreamReader) -> None:
        while line := await stderr.readline():
            self.said.append(line.decode("utf-8", "replace"))


def with_the_month(data: Path) -> Path:
    """A data folder with the sample month, its people and places."""
    month = [sys.executable, "-m", "fieldlog", "--data", str(data), "import", str(sample_month())]
    subprocess.run(month, check=True, capture_output=True)
    return data


@asynccontextmanager
async def running_app(
    data: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[RunningApp]:
    """The app on a data folder (made if missing). What it wrote to stderr is shown when the test fails."""
    app = RunningApp(data, arguments, environment or {})
    try:
        await app.start()
        yield app
    except BaseException as why:
        why.add_note(f"stderr of the app:\n{app.words() or '(nothing)'}")
        raise
    finally:
        await app.kill()


class Window:
    """One browser window.

    `errors` are exceptions and error messages of the page since the last `go`, the harmless ones left out.
    `received` are the sizes in bytes of the websocket messages that came in. `asked` is every address wanted,
    `answered` every one that gave something. `taps` counts what `tap` pressed; set it to 0 to count anew.
    """

    def __init__(self, page: Page, *, spoken: bool = True, writes: bool = True) -> None:
        self.page, self._spoken, self._writes = page, spoken, writes
        self.taps = 0
        self._sent: list[bytes] = []
        self._told = asyncio.Event()
        self.errors: list[str] = []
        self.received: list[int] = []
        self.asked: list[str] = []
        self.answered: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("response", lambda response: self.answered.append(response.url))
        page.on("websocket", self._websocket)

    @property
    def largest_message(self) -> int:
        return max(self.received, default=0)

    async def go(self, url: str) -> None:
        await self.page.goto(url)
        self.errors.clear()
        await self._ask_for_semantics(writes=self._writes)

    async def reload(self, *, form: bool = False) -> None:
        """Load the page anew; where a `form` lies over the screen, no field takes the keys by itself."""
        await self.page.reload()
        await self._ask_for_semantics(writes=self._writes and not form)

    def find(self, name: str) -> Locator:
        """What has this identifier."""
        return self.page.locator(f'[flt-semantics-identifier="{name}"]').first

    async def has(self, name: str) -> bool:
        """Whether it is there now; `tap` and `type` wait for it."""
        return await self.find(name).count() > 0

    async def first_of(self, one: str, other: str) -> str:
        """Whichever of the two is there, once one is."""
        await self._attached(self.find(one).or_(self.find(other)).first, f"{one} or {other}")
        return one if await self.has(one) else other

    async def tap(self, name: str) -> None:
        """A press in the middle of it, wherever it lies: a node of the semantics may lie under its parent's."""
        node = await self._there(name)
        box = await self._in_sight(await self._still_box(node, quiet=0.6), node)
        await self.press(box[0] + box[2] / 2, box[1] + box[3] / 2)
        self.taps += 1

    async def press(self, x: float, y: float) -> None:
        """A press there; when it returns, the app has answered it, or a hand would not wait any longer."""
        pressed = await self.page.evaluate("performance.now()")
        await self.page.mouse.click(x, y)
        with suppress(BrowserError):  # the page may be another one now
            await self.quiet(2 * TAP_SECONDS, since=pressed, within=TAP_SECONDS)

    async def still_box(self, name: str) -> tuple[float, float, float, float]:
        """Where it lies once it is there and nothing moves: left, top, width, height."""
        return await self._still_box(await self._there(name), quiet=1.0)

    async def swipe(self, name: str, *, back: bool = False) -> None:
        """Move the chips above the field to the left (or back), as a thumb would, until this one is seen."""
        await self._there("now-field")
        for _ in range(12):
            if await self.has(name) and await self._whole(name):
                return
            await self.move_chips(-STROKE if back else STROKE)
        raise AssertionError(f"{name} is not among the chips:\n{await self.text()}")

    async def move_chips(self, far: float) -> None:
        """Move the row of chips so many dp to the left, or back where it is less than nothing."""
        box = await self._still_box(self.page.locator(SIDEWAYS).first)
        await self.page.mouse.move(box[0] + box[2] / 2, box[1] + box[3] / 2)
        await self._wheel(far, 0)

    async def _wheel(self, right: float, down: float) -> None:
        """Turn the wheel under the mouse, and wait until what moves has moved."""
        await self._drawn_after(self.page.mouse.wheel(right, down))

    async def type(self, name: str, text: str, *, anew: bool = False) -> None:
        """Keys into a text field, found by the identifier around it or by its label; what is there stays, or goes
        where it is written `anew`."""
        field = await self._field(name)
        await self.quiet(3.0)
        for _ in range(FOCUS_TRIES):
            await self._take_focus(field)
            if anew:
                await self.page.keyboard.press("Control+A")
            self._sent.clear()
            await self.page.keyboard.type(text)
            if await self._has_told(text):
                return

    async def focus(self, name: str) -> None:
        """A press on a field, until it listens."""
        await self._take_focus(await self._field(name))

    async def keys(self, text: str) -> None:
        """Keys to the field that has the focus, without a tap; when it returns, the page has told of them all."""
        await self.field_has_focus()
        await self.quiet(0.6)
        self._sent.clear()
        await self.page.keyboard.type(text)
        assert await self._has_told(text), f"{text!r} was not heard:\n{await self.text()}"

    async def field_has_focus(self) -> None:
        """Wait until some field has it, so that keys go there."""
        await self.page.wait_for_function(HAS_FOCUS, timeout=SEE_SECONDS * 1000)

    async def record(self) -> None:
        """Begin a memo, with a reason where one is asked for; when it returns, the microphone is live."""
        await self.tap("now-mic")
        if await self.first_of("rec-bar", "rec-reason") == "rec-reason":
            await self.type("rec-reason", "agreed by word")
            await self.tap("rec-anyway")
        await self._there("rec-bar")

    async def see(self, what: str | re.Pattern[str], seconds: float = SEE_SECONDS) -> None:
        """Wait until this stands on the screen; otherwise fail with what stands there instead."""
        until = time.monotonic() + seconds
        while not _stands_in(what, shown := await self.text()):
            assert time.monotonic() < until, f"{what!r} is not on the screen:\n{shown}"
            await asyncio.sleep(0.05)

    async def gone(self, what: str | re.Pattern[str], seconds: float = SEE_SECONDS) -> None:
        """Wait until this no longer stands on the screen."""
        until = time.monotonic() + seconds
        while _stands_in(what, shown := await self.text()):
            assert time.monotonic() < until, f"{what!r} is still on the screen:\n{shown}"
            await asyncio.sleep(0.05)

    async def text(self) -> str:
        """All words on the screen, fields' contents too, in the order of the semantics."""
        return str(await self.page.evaluate(WORDS, None))

    async def text_of(self, name: str) -> str:
        """The words within what has this identifier."""
        return str(await self.find(name).evaluate(WORDS))

    async def shot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=path)

    async def resize(self, width: int, height: int) -> None:
        """Another size of the window; when it returns, the app has drawn itself anew."""
        began = await self.page.evaluate("performance.now()")
        await self.page.set_viewport_size({"width": width, "height": height})
        await self.quiet(GLOWS_SECONDS, since=began, within=2 * TAP_SECONDS, drawn=True)

    async def enlarge_text(self, percent: int = 200) -> None:
        """Draw all text larger, as people set it up in their browser."""
        size = "size => document.documentElement.style.fontSize = size"
        await self._drawn_after(self.page.evaluate(size, f"{percent * 0.16}px"))

    async def _bar(self) -> float | None:
        """How far down the navigation at the foot begins, where it is seen and nothing lies over it."""
        top = await self.page.evaluate(BAR)
        return None if top is None else float(top)

    async def _whole(self, name: str) -> bool:
        """Whether all of it is on the screen from left to right."""
        box = await self.find(name).bounding_box()
        width = (self.page.viewport_size or {"width": 0})["width"]
        return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width

    async def quiet(
        self, at_most: float = 1.0, *, answer: str = MESSAGE, since: float | None = None,
        within: float = TAP_SECONDS, drawn: bool = False,
    ) -> None:  # fmt: skip
        """Wait until nothing has changed for a moment, as a hand does, and where it is `drawn` until nothing moves
        or glows; but not for more than `at_most` seconds: a level meter never stops. First wait for the first
        `answer` to what was done at `since`, else to the last press or key, `within` seconds.

        With semantics, Flutter drops a press on what it is just drawing anew.
        """
        await self.page.evaluate(STILL, _how(at_most, answer, since, within, drawn))

    async def _there(self, name: str) -> Locator:
        node = self.find(name)
        await self._attached(node, name)
        return node

    async def _attached(self, node: Locator, name: str) -> None:
        try:
            await node.wait_for(state="attached", timeout=SEE_SECONDS * 1000)
        except NotThere as why:
            why.add_note(f"{name} is not on the screen:\n{await self.text()}")
            raise

    async def _field(self, name: str) -> Locator:
        inside = self.page.locator(f'[flt-semantics-identifier="{name}"]').locator("input, textarea")
        labelled = self.page.get_by_role("textbox", name=name)
        found = inside.or_(labelled).first
        await found.wait_for(state="attached", timeout=SEE_SECONDS * 1000)
        return found

    async def _take_focus(self, field: Locator) -> None:
        """With semantics, Flutter hears a field that takes the focus, and none that only kept it.

        That it had lost it may reach Flutter late where it draws slowly; then the focus is taken away once more.
        """
        await self._drawn_after(self.page.evaluate("document.activeElement?.blur()"))
        for _ in range(FOCUS_TRIES):
            await self._drawn_after(field.click(force=True))
            if await field.evaluate(TAKES_KEYS):
                return
            await asyncio.sleep(FRAME_SECONDS)

    async def _drawn_after(self, deed: Awaitable[object]) -> None:
        """Do it, and wait until the page has drawn what comes of it."""
        began = await self.page.evaluate("performance.now()")
        await deed
        await self.quiet(answer=FRAME, since=began, within=FRAME_SECONDS, drawn=True)

    async def _has_told(self, text: str) -> bool:
        """Whether the page tells the app of it, as each field does of each change; otherwise it did not hear."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DEAF_SECONDS):
                while not any(text.encode() in one for one in self._sent):
                    self._told.clear()
                    await self._told.wait()
                return True
        return False

    async def _in_sight(
        self, box: tuple[float, float, float, float], node: Locator
    ) -> tuple[float, float, float, float]:
        """Scroll down, as a hand would, until its middle is on the screen."""
        height = (self.page.viewport_size or {"height": 0})["height"]
        foot = height - UNDER_BARS
        if box[1] + box[3] / 2 > BAR_BELOW and (bar := await self._bar()):
            name = await node.get_attribute("flt-semantics-identifier") or ""
            foot = foot if name.startswith("nav-") else min(foot, bar)
        for _ in range(10):
            below = box[1] + box[3] / 2 - foot
            if below < 0:
                break
            await self.page.mouse.move(box[0] + box[2] / 2, height / 2)
            await self._wheel(0, max(WHEEL, below + box[3]))
            box = await self._still_box(node)
        return box

    async def _still_box(self, node: Locator, *, quiet: float = 0.0) -> tuple[float, float, float, float]:
        """Where it lies once it has stopped moving: left, top, width, height. First nothing may change at all, for
        which at most `quiet` seconds are waited."""
        how = _how(quiet)
        async with asyncio.timeout(SEE_SECONDS):
            while True:
                with suppress(BrowserError):  # drawn anew meanwhile
                    left, top, width, height = await node.evaluate(STILL_BOX, how, timeout=SEE_SECONDS * 1000)
                    return left, top, width, height

    async def _ask_for_semantics(self, *, writes: bool) -> None:
        """Once the app is drawn, until Flutter has made them: its first answer may come before it listens.

        Where a field takes the keys by itself it has them first, as for most people: with semantics Flutter
        makes it another field, which gives the keys away at every press elsewhere.
        """
        for drawn in ("window.hasDrawn", ON_A_SCREEN):
            await self.page.wait_for_function(drawn, timeout=START_SECONDS * 1000)
        if writes and await self.page.evaluate(ON_NOW):
            await self.page.wait_for_function(HAS_FOCUS, timeout=START_SECONDS * 1000)
        async with asyncio.timeout(START_SECONDS):
            while self._spoken and not await self.page.evaluate("!!document.querySelector('flt-semantics')"):
                await self.page.evaluate("document.querySelector('flt-semantics-placeholder')?.click()")
                await asyncio.sleep(0.1)

    def _console(self, message: ConsoleMessage) -> None:
        told = f"{message.text} {message.location.get('url', '')}"
        if message.type == "error" and not any(word in told for word in HARMLESS):
            self.errors.append(message.text)

    def _websocket(self, socket: WebSocket) -> None:
        def heard(frame: str | bytes) -> None:
            self.received.append(len(frame))

        def told(frame: str | bytes) -> None:
            self._sent.append(frame.encode() if isinstance(frame, str) else frame)
            self._told.set()

        socket.on("framereceived", heard)
        socket.on("framesent", told)


def _how(
    at_most: float,
    answer: str = MESSAGE,
    since: float | None = None,
    within: float = TAP_SECONDS,
    drawn: bool = False,
) -> list[Any]:
    """What STILL is asked: for what it waits, in ms."""
    return [answer, since, 1000 * within, 1000 * QUIET_SECONDS, 1000 * at_most, drawn]


WORDS = """root => [...(root || document).querySelectorAll('flt-semantics, [aria-label], input, textarea'), root]
  .flatMap(node => !node ? [] : [node.getAttribute?.('aria-label'), node.value,
    ...[...node.childNodes].filter(child => child.nodeType == 3 || child.nodeName == 'SPAN')
      .map(child => child.textContent)])
  .filter(Boolean).join('\\n')"""


def _stands_in(what: str | re.Pattern[str], text: str) -> bool:
    return what in text if isinstance(what, str) else what.search(text) is not None


@asynccontextmanager
async def window(
    url: str, *, width: int = 412, height: int = 892, dark: bool = False, locale: str = "en-US",
    fake_sound: Path | None = None, cameras: int = 1, spoken: bool = True, writes: bool = True,
    script: str = "", most_seconds: float = MOST_SECONDS, alone: bool = False,
) -> AsyncIterator[Window]:  # fmt: skip
    """A window on an address, with a microphone and cameras that need no permission; `fake_sound` is a WAV.

    It may be open for `most_seconds`: then the test fails, whatever the page does.

    Without `spoken` Flutter makes no semantics, as for most people; then only keys and pictures are of use.
    Where another window writes, this one only reads: it `writes` nothing, and no field takes the keys by itself.
    `script` runs before the page's own. `alone` is a window in a browser that no other test uses.
    """
    context = a_context(
        fake_sound=fake_sound, cameras=cameras, alone=alone, viewport={"width": width, "height": height},
        locale=locale, color_scheme="dark" if dark else "light", permissions=["microphone", "camera"],
    )  # fmt: skip
    async with context as opened_in:
        assert opened_in.browser
        await opened_in.add_init_script(FIRST_FRAME + script)
        opened = Window(await opened_in.new_page(), spoken=spoken, writes=writes)
        async with limited(opened_in.browser, most_seconds):
            await opened.go(url)
            yield opened
