"""The first half second in a real browser: a note is kept before all else is there, and the app takes over."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import threading
import time
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import ConsoleMessage, Page, Playwright, expect
from playwright.async_api import Error as BrowserError

from fieldlog.disk.memory import MemoryDisk
from fieldlog.services.pocket import adopt_text
from fieldlog.services.pocket.adopt_sound import moment_of, sounds
from tests.e2e.browsers import driver
from tests.e2e.kept_browser import FAKE_DEVICES, KeptBrowser, browser_path
from tests.e2e.looking import red_pixels
from tests.e2e.sound import Heard, write_beeps

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)

SOURCES = Path(__file__).parents[2] / "assets" / "pocket"
PARTS = ("address", "moments", "quick", "quick_sound")
MOST_SECONDS = 0.5
KEPT_WORDS = "Kept "
APP = """<script>
// As Python and Flutter are, seen from the page: a field that takes the focus as soon as it is there, answers
// that are late, and what it was given.
const app = { said: [], text: "", notes: [] };
const channel = new BroadcastChannel("fieldlog-quick~");
const late = (ms, message) => setTimeout(() => channel.postMessage(message), ms);
function draw() {
  const view = document.createElement("flutter-view");
  view.innerHTML = '<flt-text-editing-host><textarea class="flt-text-editing"></textarea></flt-text-editing-host>';
  document.body.append(view);
  app.field = view.querySelector("textarea");
  app.field.focus();
  app.field.addEventListener("input", () => { app.text = app.field.value; });
  window.addEventListener("keydown", (event) => { app.said.push({ key: event.key }); }, true);
  late(100, { want: "handles" });
}
function take(told) {
  for (const one of told.drafts) if (!one.open && !app.notes.includes(one.text)) app.notes.push(one.text);
  const open = told.drafts.find((one) => one.id === told.open);
  if (open || told.open === null) app.text = app.field.value = open ? open.text : "";
}
channel.onmessage = ({ data }) => {
  app.said.push(data);
  if (data.handles) {
    take(data.handles);
    late(400, { done: true, page: data.page });
  } else if (data.last) {
    take(data.last);
    late(60, { taken: data.last.n, page: data.page });
  }
};
</script>"""
TELL = """() => new MutationObserver(() => {
  const words = document.getElementById("quick-kept").textContent;
  if (words) console.log("kept:" + document.getElementById("quick-field").value);
}).observe(document.getElementById("quick-kept"), { childList: true, characterData: true, subtree: true })"""
FOLDER = "(await navigator.storage.getDirectory()).getDirectoryHandle('fieldlog-quick~', { create: true })"
FILES = (
    f"async () => {{ const root = await {FOLDER};"
    + """
  const found = {};
  for await (const [name, file] of root.entries()) {
    const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    found[name] = btoa(text);
  }
  return found;
}"""
)
LEAVE = (
    f"async (told) => {{ const root = await {FOLDER};"
    + """
  const out = await (await root.getFileHandle("last.json", { create: true })).createWritable();
  await out.write(JSON.stringify(told));
  await out.close();
}"""
)


def first_page(more: str = "") -> bytes:
    """The page as build/pocket.py joins it: nothing else is needed for the first paint."""
    paths = [path for path in sorted(SOURCES.iterdir()) if path.stem in PARTS]
    style, body, script = (
        "".join(path.read_text("utf-8") for path in paths if path.suffix == kind)
        for kind in (".css", ".html", ".js")
    )
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    return (
        f"<!doctype html><html><head>{head}<style>{style}</style></head>"
        f"<body>{body}<script>{script}</script>{more}</body></html>"
    ).encode()


@asynccontextmanager
async def site(more: str = "") -> AsyncIterator[str]:
    """A web space with the page and its worker on the loopback."""
    fixed = {
        "/": ("text/html", first_page(more)),
        "/quick_worker.js": ("text/javascript", (SOURCES / "quick_worker.js").read_bytes()),
    }

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = fixed.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in fixed else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


class Browser(KeptBrowser):
    """A browser with a microphone that beeps."""

    def __init__(self, playwright: Playwright, profile: Path, sound: Path | None) -> None:
        beeps = [f"--use-file-for-fake-audio-capture={sound}"] if sound else []
        super().__init__(playwright, profile, *FAKE_DEVICES, *beeps)

    async def new_page(self) -> Page:
        """A new tab of a new browser, on no page yet."""
        return await (await self.start()).new_page()


@asynccontextmanager
async def browser(profile: Path, sound: Path | None = None) -> AsyncIterator[Browser]:
    async with driver() as playwright:
        made = Browser(playwright, profile, sound)
        try:
            yield made
        finally:
            await made.kill()


def field(page: Page) -> Any:
    return page.locator("#quick-field")


async def kept(page: Page) -> None:
    await expect(page.locator("#quick-kept")).to_contain_text(KEPT_WORDS)


async def disk_of(page: Page) -> MemoryDisk:
    """What the page keeps, as Python would find it."""
    disk = MemoryDisk()
    for name, content in (await files_of(page)).items():
        await disk.replace(name, base64.b64decode(content))
    return disk


async def files_of(page: Page) -> dict[str, str]:
    """Read again where one was replaced while it was read."""
    for _ in range(5):
        with suppress(BrowserError):
            return dict(await page.evaluate(FILES))
    return dict(await page.evaluate(FILES))


@pytest.mark.alone
async def test_one_writes_within_half_a_second_and_what_was_shown_as_kept_outlives_a_kill(
    tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    async with site() as address, browser(tmp_path / "profile") as phone:
        said, up = "", list[float]()
        for turn in range(count(3, 20)):
            page = await phone.new_page()
            await page.goto(address, wait_until="commit")
            await page.wait_for_selector("#quick-field:focus")
            up.append(await page.evaluate("performance.getEntriesByName('quick-up')[0].startTime / 1000"))
            # What was being written stands there again.
            await expect(field(page)).to_have_value(said)
            await page.keyboard.type(f"{turn}拍")
            assert await field(page).input_value() == f"{said}{turn}拍"
            said += f"{turn}拍"
            await kept(page)
            await phone.kill()
        assert sorted(up)[len(up) // 2] < MOST_SECONDS
        page = await phone.new_page()
        await page.goto(address)
        await expect(field(page)).to_have_value(said)
        (draft,) = adopt_text.drafts(await (await disk_of(page)).read("inbox.log"))
        assert draft.text == said


async def test_a_kill_at_any_moment_takes_no_note_that_was_shown_as_kept(
    tmp_path: Path, count: Callable[[int, int], int], seed: int
) -> None:
    dice = Random(seed)
    async with site() as address, browser(tmp_path / "profile") as phone:
        sent = list[str]()
        for turn in range(count(2, 50)):
            page = await phone.new_page()
            shown = list[str]()
            page.on("console", partial(heard, shown))
            await page.goto(address)
            await page.evaluate(TELL)
            typing = asyncio.ensure_future(page.keyboard.type(f" {turn}:" + "the urn is empty " * 12, delay=15))
            await asyncio.sleep(dice.uniform(0.5, 2.0))
            was_shown = list(shown)
            await phone.kill()
            typing.cancel()
            with suppress(BrowserError, asyncio.CancelledError):
                await typing
            page = await phone.new_page()
            await page.goto(address)
            await page.wait_for_function("document.getElementById('quick-field').value")
            found = await field(page).input_value()
            assert was_shown
            assert found.startswith(was_shown[-1])
            await page.click("#quick-send")
            sent.append(found)
            await kept(page)
            assert [one.text for one in await drafts(page) if not one.open] == sent
            await phone.kill()


def heard(shown: list[str], message: ConsoleMessage) -> None:
    if message.text.startswith("kept:"):
        shown.append(message.text.removeprefix("kept:"))


async def drafts(page: Page) -> list[adopt_text.Draft]:
    return adopt_text.drafts(await (await disk_of(page)).read("inbox.log"))


@pytest.mark.alone
async def test_sound_is_kept_at_its_true_pace_and_a_kill_costs_no_second(tmp_path: Path) -> None:
    beeps = write_beeps(tmp_path / "beeps.wav")
    async with site() as address, browser(tmp_path / "profile", beeps) as phone:
        page = await phone.new_page()
        await page.goto(address)
        assert red_pixels(await picture(page)) == 0
        await page.click("#quick-mic")
        await page.wait_for_function("/0:03/.test(document.getElementById('quick-seconds').textContent)")
        assert red_pixels(await picture(page)) > 5000
        await page.click("#quick-stop")
        await expect(page.locator("#quick-live")).to_be_hidden()
        assert red_pixels(await picture(page)) == 0
        disk = await disk_of(page)
        (stopped,) = await sounds(disk)
        heard = await as_heard(disk, stopped, tmp_path / "stopped.wav")
        assert heard.seconds >= 3
        assert len(heard.beeps) >= 5
        assert all(abs(later - first - 0.5) < 0.01 for first, later in pairwise(heard.beeps[1:]))
        assert abs(heard.pitch_hz(heard.beeps[1]) - 1000) < 20
        told = json.loads(await disk.read(f"{stopped}.end"))
        assert told["frames"] * 2 == await disk.size(f"{stopped}.pcm")
        await page.click("#quick-mic")
        await page.wait_for_function("/0:02/.test(document.getElementById('quick-seconds').textContent)")
        began = time.monotonic()
        await asyncio.sleep(1.3)
        lasted = 2 + time.monotonic() - began
        await phone.kill()
        page = await phone.new_page()
        await page.goto(address)
        disk = await disk_of(page)
        (killed,) = set(await sounds(disk)) - {stopped}
        assert (await as_heard(disk, killed, tmp_path / "killed.wav")).seconds > lasted - 1
        assert await disk.size(f"{killed}.end") is None


async def as_heard(disk: MemoryDisk, sound: str, path: Path) -> Heard:
    told = json.loads(await disk.read(f"{sound}.json"))
    assert moment_of(told).zone
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(told["rate"])
        file.writeframes(await disk.read(f"{sound}.pcm"))
    return Heard(path)


async def picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(await page.screenshot())).convert("RGB")


LAST = {
    "language": "zh", "look": "blackout", "mirrored": True, "zone": "Asia/Shanghai", "newest": None,
    "session": {"id": "0195", "title": "Stand-up about the hours"}, "open": None,
    "audio": [{"kind": "not-agreed", "person": "p8", "name": "P08 Lei", "name_zh": "P08 雷师傅"}],
}  # fmt: skip


async def test_it_speaks_looks_and_asks_as_python_last_left_it(tmp_path: Path) -> None:
    async with site() as address, browser(tmp_path / "profile") as phone:
        page = await phone.new_page()
        await page.clock.set_fixed_time("2025-03-16T17:52:07Z")
        await page.goto(address)
        day = {"code": "PD14", "date": "2025-03-16", "until": "2025-03-17T12:00:00+08:00"}
        await page.evaluate(LEAVE, {**LAST, "day": day})
        await page.reload()
        await expect(page.locator("#quick-day")).to_have_text("PD14")
        await expect(page.locator("#quick-clock")).to_have_text("25:52 · 01:52 +1")
        await expect(page.locator("#quick-session")).to_have_text("Stand-up about the hours")
        assert await field(page).get_attribute("placeholder") == "正在发生什么？"
        # From the second start on even the first paint is dark.
        await page.goto(address, wait_until="commit")
        await page.wait_for_function("document.body")
        assert await page.evaluate("document.documentElement.dataset.look") == "blackout"
        assert sum((await picture(page)).getpixel((5, 5))) == 0  # type: ignore[arg-type]
        await page.click("#quick-mic")
        await expect(page.locator("#quick-ask-words")).to_contain_text("P08 雷师傅 没有同意录音")
        await page.click("#quick-anyway")
        await expect(page.locator("#quick-ask-missing")).not_to_be_empty()
        assert await page.locator("#quick-live").is_hidden()
        await page.fill("#quick-reason", "他当面同意了")
        await page.click("#quick-anyway")
        await expect(page.locator("#quick-live")).to_be_visible()
        disk = await disk_of(page)
        (sound,) = await sounds(disk)
        told = json.loads(await disk.read(f"{sound}.json"))
        assert told["override"] == {"reason": "他当面同意了", "people": ["p8"]}
        assert (told["session"], told["day"]) == ("0195", "2025-03-16")


async def test_a_day_that_must_be_over_is_not_shown_as_if_it_went_on(tmp_path: Path) -> None:
    async with site() as address, browser(tmp_path / "profile") as phone:
        page = await phone.new_page()
        await page.clock.set_fixed_time("2025-03-19T02:00:00Z")
        await page.goto(address)
        day = {"code": "PD14", "date": "2025-03-16", "until": "2025-03-17T12:00:00+08:00"}
        await page.evaluate(LEAVE, {**LAST, "day": day})
        await page.reload()
        await expect(page.locator("#quick-day")).to_have_text("3月19日周三")
        await expect(page.locator("#quick-clock")).to_have_text("10:00")


async def test_minutes_back_and_sending_are_a_tap_each_and_begin_anew(tmp_path: Path) -> None:
    async with site() as address, browser(tmp_path / "profile") as phone:
        page = await phone.new_page()
        await page.goto(address)
        await page.keyboard.type("a quarrel")
        await page.click("#quick-back-5")
        await page.keyboard.type(" at the urn")
        await page.keyboard.press("Control+Enter")
        await page.keyboard.type("the next")
        await kept(page)
        first, second = await drafts(page)
        assert (first.text, first.back.total_seconds(), first.open) == ("a quarrel at the urn", 300, False)
        assert (second.text, second.back.total_seconds(), second.open) == ("the next", 0, True)
        for name, least in (("mic", 72), ("send", 48), ("back-1", 48), ("back-5", 48)):
            box = await page.locator(f"#quick-{name}").bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= least


async def test_the_app_takes_over_while_one_types_and_no_key_is_lost(tmp_path: Path) -> None:
    async with site(APP) as address, browser(tmp_path / "profile") as phone:
        page = await phone.new_page()
        await page.goto(address)
        await page.keyboard.type("sent before")
        await page.keyboard.press("Control+Enter")
        await page.evaluate("draw()")
        words = "".join(f"{n} " for n in range(50))
        # At a pause of one's breath it gives way; until then one types on.
        for at in range(0, len(words), 30):
            await page.keyboard.type(words[at : at + 30], delay=20)
            await asyncio.sleep(0.2)
        await page.wait_for_function("app.said.some((one) => one.gone)")
        await page.keyboard.type("after")
        assert await page.evaluate("[app.text, app.field.value, app.notes]") == [
            words + "after",
            words + "after",
            ["sent before"],
        ]
        assert await page.evaluate("document.activeElement === app.field")
        assert await page.locator("#quick").is_hidden()
        # Flutter hears no key before its turn, and the page's log is empty once the app has all.
        assert "0" not in await page.evaluate("app.said.slice(0, 5).map((one) => one.key)")
        await page.wait_for_function(
            """async () => {
                const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("fieldlog-quick~");
                for await (const name of root.keys()) if (name === "after.log") return false;
                return true;
            }"""
        )


async def test_what_is_typed_while_the_app_takes_over_outlives_a_kill_too(tmp_path: Path) -> None:
    async with site(APP) as address, browser(tmp_path / "profile") as phone:
        page = await phone.new_page()
        await page.goto(address)
        await page.keyboard.type("before ")
        await page.evaluate("late(0, { want: 'handles' })")
        await page.wait_for_function("app.said.some((one) => one.handles)")
        await page.keyboard.type("and after")
        await kept(page)
        await phone.kill()
        page = await phone.new_page()
        await page.goto(address)
        await expect(field(page)).to_have_value("before and after")
        (draft,) = await drafts(page)
        assert draft.text == "before and after"


async def test_without_a_study_it_gives_way_and_keeps_the_note(tmp_path: Path) -> None:
    async with site(APP) as address, browser(tmp_path / "profile") as phone:
        page = await phone.new_page()
        await page.goto(address)
        await page.keyboard.type("the very first")
        await page.evaluate("late(0, { done: true })")
        await expect(page.locator("#quick")).to_be_hidden()
        (draft,) = await drafts(page)
        assert (draft.text, draft.open) == ("the very first", False)


async def test_a_sound_goes_on_beside_the_app_until_it_is_stopped(tmp_path: Path) -> None:
    beeps = write_beeps(tmp_path / "beeps.wav")
    async with site(APP) as address, browser(tmp_path / "profile", beeps) as phone:
        page = await phone.new_page()
        await page.goto(address)
        await page.click("#quick-mic")
        await expect(page.locator("#quick-live")).to_be_visible()
        await page.keyboard.type("he laughed")
        await page.evaluate("draw()")
        await page.wait_for_function("app.said.some((one) => one.gone)")
        handles = await page.evaluate("app.said.find((one) => one.handles).handles")
        assert handles["drafts"][0]["during"]["memo"] == handles["recording"]
        await expect(page.locator("#quick-live")).to_be_visible()
        await page.wait_for_function("/0:02/.test(document.getElementById('quick-seconds').textContent)")
        await page.click("#quick-stop")
        await page.wait_for_function("app.said.some((one) => one.stopped)")
        assert await page.evaluate("app.said.find((one) => one.stopped).stopped") == handles["recording"]
        await expect(page.locator("#quick-live")).to_be_hidden()
        disk = await disk_of(page)
        assert (await as_heard(disk, handles["recording"], tmp_path / "heard.wav")).seconds > 2


async def test_where_python_does_not_start_it_says_so_and_gives_the_notes_away(tmp_path: Path) -> None:
    async with site(APP) as address, browser(tmp_path / "profile") as phone:
        page = await phone.new_page()
        await page.goto(address)
        await page.keyboard.type("first 第一")
        await page.keyboard.press("Control+Enter")
        await page.keyboard.type("second")
        await page.evaluate("late(0, { failed: 'no memory' })")
        await expect(page.locator("#quick-notice-words")).to_contain_text("notes are kept on this device")
        await page.keyboard.type(" goes on")
        await kept(page)
        async with page.expect_download() as coming:
            await page.click("#quick-save")
        path = tmp_path / "notes.txt"
        await (await coming.value).save_as(path)
        text = path.read_text("utf-8")
        assert "first 第一" in text
        assert "second goes on" in text
        assert text.index("first") < text.index("second")


async def test_after_a_minute_without_a_word_it_says_so(tmp_path: Path) -> None:
    async with site() as address, browser(tmp_path / "profile") as phone:
        page = await phone.new_page()
        await page.clock.install()
        await page.goto(address)
        await page.keyboard.type("on and on")
        await kept(page)
        await page.clock.fast_forward(61_000)
        await expect(page.locator("#quick-notice-words")).to_contain_text("still starting")
        await expect(page.locator("#quick-save")).to_be_visible()


async def test_a_second_tab_waits_for_the_first_and_then_keeps_what_was_written_in_it(tmp_path: Path) -> None:
    async with site() as address, browser(tmp_path / "profile") as phone:
        page = await phone.new_page()
        await page.goto(address)
        await page.keyboard.type("in the first")
        await kept(page)
        other = await page.context.new_page()
        await other.goto(address)
        await other.keyboard.type("in the second")
        await expect(other.locator("#quick-notice-words")).to_contain_text("another window")
        await page.close()
        await kept(other)
        await expect(other.locator("#quick-notice")).to_be_hidden()
        first, second = await drafts(other)
        assert (first.text, first.open) == ("in the first", False)
        assert (second.text, second.open) == ("in the second", True)
