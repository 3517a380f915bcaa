"""The service worker on a small site: only whole versions, whatever breaks off; media and shares offline."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from sealing import WORKER, seal
from tests.e2e.pocket_app import Phone, pocket

PROJECT = Path(__file__).parents[2]
SOURCES = PROJECT / "assets" / "pocket"
MIB = 1 << 20
TOLD = [f"f{n:02}.txt" for n in range(1, 9)]
"""Files which say their version; the others are the same in every one."""

PAGE = """<!doctype html><meta charset="utf-8"><title>VERSION</title><script>
const FILES = TOLD;
const early = new Worker("worker.js");
const words = async (path) => (await fetch(path)).text();
const ask = (worker) => new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.postMessage(FILES);
});
// What version each file has of which this page is made, here and in its workers.
async function seen() {
  await up;
  const late = new Worker("worker.js");
  const all = [document.title, ...await Promise.all(FILES.map(words)), ...await ask(early), ...await ask(late)];
  late.terminate();
  return [...new Set(all)];
}
// Look for another version, which there is; what became of it. It is found a moment after the browser has looked.
async function look() {
  const registration = await navigator.serviceWorker.ready;
  const found = new Promise((resolve) => { registration.onupdatefound = () => resolve(registration.installing); });
  await registration.update();
  const worker = registration.waiting || registration.installing || await found;
  return new Promise((resolve) => {
    const hear = () => { if (worker.state !== "installing") resolve(worker.state); };
    worker.onstatechange = hear;
    hear();
  });
}
async function kept() {
  const found = {};
  for (const name of await caches.keys()) {
    if (!name.startsWith("fieldlog-files")) continue;
    const start = document.baseURI.split("?")[0].length;
    found[name.split(" ").pop()] = (await (await caches.open(name)).keys()).map((one) => one.url.slice(start));
  }
  return found;
}
// A worker that is still being fetched when the first service worker comes would stay without one.
const up = ask(early);
const loaded = location.search.includes("bare") ? up : up.then(() => new Promise((resolve) => {
  const script = document.createElement("script");
  document.head.append(Object.assign(script, { src: "register.js", onload: resolve }));
})).then(() => true);
</script>"""
OWN_WORKER = """onmessage = async ({ data }) => {
  postMessage(["VERSION", ...await Promise.all(data.map(async (path) => (await fetch(path)).text()))]);
};"""
ANSWER = """size => {
  const byte = (at) => (at * 7 + (at >> 8)) & 255;
  const bytes = (start, end) => Uint8Array.from({ length: end - start }, (_, n) => byte(start + n));
  const line = new BroadcastChannel("fieldlog-media~");
  window.answered = [];
  line.onmessage = ({ data: { id, path, start, end } }) => {
    if (path === undefined) return;
    window.answered.push([path, start, end]);
    const [kind, name] = path.split("/");
    const say = (what) => line.postMessage({ id, name, size, original: kind === "original", ...what });
    if (kind === "silent") return;
    const sentence = new TextEncoder().encode("Not here.");
    if (kind === "gone") return say({ status: 404, mime: "text/plain", body: sentence });
    const from = start || 0, whole = kind === "small" ? 1000 : size;
    if (from >= whole) return say({ status: 416, size: whole, body: new Uint8Array() });
    const to = Math.min(end === null ? whole : end, whole, from + 1048576);
    const body = bytes(from, to);
    say({ status: body.length === whole ? 200 : 206, mime: "audio/wav", size: whole, start: from, end: to, body });
  };
}"""
GET = """async ([path, range]) => {
  const answer = await fetch(path, range ? { headers: { Range: range } } : {});
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const right = bytes.every((one, n) => {
    const at = Number((/bytes (\\d+)-/.exec(answer.headers.get("Content-Range")) || [0, 0])[1]) + n;
    return one === ((at * 7 + (at >> 8)) & 255);
  });
  const words = bytes.length < 50 ? new TextDecoder().decode(bytes) : "";
  const headers = Object.fromEntries(answer.headers);
  return { status: answer.status, length: bytes.length, right, words, headers };
}"""
TAP = """() => {
  const line = new BroadcastChannel("fieldlog-update~");
  line.onmessage = ({ data }) => { if (data.state?.update) line.postMessage({ apply: true }); };
  line.postMessage({ ask: "state" });
}"""
APPLY = """async () => {
  const { waiting } = await navigator.serviceWorker.ready;
  const done = new Promise((resolve) => {
    waiting.onstatechange = () => { if (waiting.state === "activated") resolve(); };
  });
  waiting.postMessage({ apply: true });
  await done;
}"""
SHARE = """async () => {
  const form = new FormData();
  form.set("title", "通告单");
  form.set("text", "six at stage 2");
  form.append("files", new File([new Uint8Array([1, 2, 3])], "一.jpg", { type: "image/jpeg" }));
  form.append("files", new File([], "nothing.txt"));
  form.append("files", new File(["a,b"], "b.csv", { type: "text/csv" }));
  const line = new BroadcastChannel("fieldlog-share~");
  const heard = new Promise((resolve) => { line.onmessage = ({ data }) => resolve(data); });
  const answer = await fetch("share", { method: "POST", body: form, redirect: "manual" });
  const followed = await fetch("share", { method: "POST", body: form });
  const there = [];
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("fieldlog-share~");
  for await (const folder of root.values()) {
    const files = {};
    for await (const one of folder.values()) files[one.name] = await (await one.getFile()).text();
    there.push(files);
  }
  return { type: answer.type, url: followed.url, redirected: followed.redirected, status: followed.status, there,
           heard: await heard };
}"""


def a_version(folder: Path, version: str, **instead: str) -> Path:
    """A site of a dozen files. `instead` are numbers in the worker's source, by their names."""
    folder.mkdir()
    told = {"index.html": PAGE.replace("TOLD", json.dumps(TOLD)), "worker.js": OWN_WORKER}
    told |= dict.fromkeys(TOLD, "VERSION")
    for name, words in told.items():
        (folder / name).write_text(words.replace("VERSION", version), encoding="utf-8")
    parts = [(SOURCES / name).read_bytes() for name in ("address.js", "register.js")]
    (folder / "register.js").write_bytes(b"".join(parts))
    (folder / "same.bin").write_bytes(bytes(range(256)) * 16)
    template = folder.parent / f"template-{folder.name}.js"
    source = (SOURCES / "service_worker.js").read_text(encoding="utf-8")
    for name, number in instead.items():
        assert f"const {name} = " in source
        source = source.replace(f"const {name} = ", f"const {name} = {number} || ", 1)
    template.write_text(source, encoding="utf-8")
    seal(folder, template)
    return folder


def files_of(folder: Path) -> list[str]:
    """What the worker fetches, in its order."""
    return list(json.loads((folder / "files.json").read_text(encoding="utf-8"))["files"])


def version_of(folder: Path) -> str:
    return str(json.loads((folder / "files.json").read_text(encoding="utf-8"))["version"])


@asynccontextmanager
async def visited(site: Path, profile: Path) -> AsyncIterator[tuple[Phone, Page]]:
    """A browser in which the first visit is over."""
    async with pocket(site, profile) as phone:
        page = await fresh(phone)
        await page.wait_for_function("navigator.serviceWorker.controller?.state === 'activated'")
        yield phone, page


async def fresh(phone: Phone, *, query: str = "") -> Page:
    """A new tab; the browser is started where it does not run."""
    win = await phone.open(up=None)
    await win.page.wait_for_load_state("load")
    if query:
        await win.page.goto(phone.site.address + query)
    return win.page


async def asked_by(phone: Phone, page: Page) -> tuple[str, list[str]]:
    """Look for another version: what became of it, and what was fetched for it."""
    phone.site.asked.clear()
    what = str(await page.evaluate("look()"))
    return what, [one[1:] for one in phone.site.asked if one != f"/{WORKER}"]


async def change_over(page: Page) -> None:
    """As the app does it: once told of the new version it asks for it, and the page is loaded anew."""
    async with page.expect_navigation():
        await page.evaluate(TAP)


async def reloaded_until(page: Page, condition: Callable[[Any], bool]) -> Any:
    """What is kept, once it is as it should be; every loading clears away."""
    async with asyncio.timeout(20):
        while not condition(found := await page.evaluate("kept()")):
            await page.reload()
    return found


async def stop_workers(page: Page) -> None:
    """The browser ends idle workers; what they knew is gone."""
    await page.evaluate("loaded")
    session = await page.context.new_cdp_session(page)
    await session.send("ServiceWorker.enable")
    await session.send("ServiceWorker.stopAllWorkers")
    await session.detach()


async def test_after_the_first_visit_it_is_whole_and_starts_without_the_server(tmp_path: Path) -> None:
    site = a_version(tmp_path / "one", "n")
    async with visited(site, tmp_path / "profile") as (phone, page):
        assert await page.evaluate("kept()") == {version_of(site): [*files_of(site), "?whole"]}
        phone.close_site()
        await phone.kill()
        page = await fresh(phone)
        assert await page.evaluate("seen()") == ["n"]
        await page.goto(f"{phone.site.address}?from=home#/archive")
        assert await page.evaluate("seen()") == ["n"]
        assert await page.evaluate("fetch('nothing.txt').then(answer => answer.status)") == 404


async def test_an_update_broken_off_at_any_file_goes_on_and_is_never_seen_in_part(
    tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    old, new = a_version(tmp_path / "one", "n"), a_version(tmp_path / "two", "n+1")
    fetched = [name for name in files_of(new) if name not in ("same.bin", "register.js")]
    ends = fetched[:: -(-len(fetched) // count(3, len(fetched)))]
    async with visited(old, tmp_path / "profile") as (phone, page):
        phone.site.folder = new
        have = 0
        for name in ends:
            phone.site.broken = {f"/{name}"}
            what, asked = await asked_by(phone, page)
            at = fetched.index(name)
            assert (what, asked) == ("redundant", fetched[have : at + 1])
            have = at
            assert await page.evaluate("seen()") == ["n"]
            await phone.kill()
            page = await fresh(phone)
            assert await page.evaluate("seen()") == ["n"]
        phone.site.broken = set()
        what, asked = await asked_by(phone, page)
        # The page itself looks when it is loaded, and may have been faster.
        assert what == "installed"
        assert set(asked) <= set(fetched[have:])
        kept = await page.evaluate("kept()")
        for whole in (old, new):
            assert set(kept[version_of(whole)]) == {*files_of(whole), "?whole"}
        await phone.kill()
        phone.close_site()
        page = await fresh(phone)
        # Where no page of the old one is left, a browser may go over by itself.
        if await page.evaluate("seen()") == ["n"]:
            await change_over(page)
            assert await page.evaluate("seen()") == ["n+1"]
        await phone.kill()
        assert await (await fresh(phone)).evaluate("seen()") == ["n+1"]


async def test_a_page_keeps_the_version_it_was_opened_with(tmp_path: Path) -> None:
    old = a_version(tmp_path / "one", "n", STARTS_MS="300")
    new = a_version(tmp_path / "two", "n+1", STARTS_MS="300")
    async with visited(old, tmp_path / "profile") as (phone, page):
        first = await fresh(phone, query="?bare")
        second = await fresh(phone, query="?bare")
        assert await second.evaluate("seen()") == ["n"]
        phone.site.folder = new
        what, asked = await asked_by(phone, page)
        assert what == "installed"
        assert not {"same.bin", "register.js"} & set(asked)
        assert await page.evaluate("seen()") == ["n"]
        await page.reload()
        assert await page.evaluate("seen()") == ["n"]

        await change_over(page)
        assert await page.evaluate("seen()") == ["n+1"]
        for other in (first, second):
            assert await other.evaluate("seen()") == ["n"]
        for _ in range(3):
            await page.reload()
            await stop_workers(page)
            assert await second.evaluate("seen()") == ["n"]
            assert await page.evaluate("seen()") == ["n+1"]
        assert set(await page.evaluate("kept()")) == {version_of(old), version_of(new)}

        await first.close()
        await second.reload()
        assert await second.evaluate("seen()") == ["n+1"]
        await reloaded_until(page, lambda found: set(found) == {version_of(new)})


async def test_a_version_that_was_cleared_away_does_not_come_back_empty(tmp_path: Path) -> None:
    """By a page of it that is just going and asks once more; nothing would ever clear it away again."""
    old, new = a_version(tmp_path / "one", "n"), a_version(tmp_path / "two", "n+1")
    async with visited(old, tmp_path / "profile") as (phone, page):
        late = await fresh(phone, query="?bare")
        assert await late.evaluate("seen()") == ["n"]
        phone.site.folder = new
        await asked_by(phone, page)
        await change_over(page)
        gone = f"fieldlog-files {phone.site.address} {version_of(old)}"
        assert await page.evaluate("name => caches.delete(name)", gone)
        assert await late.evaluate("fetch('f01.txt').then(answer => answer.status)") == 404
        assert set(await page.evaluate("kept()")) == {version_of(new)}


async def test_the_first_page_of_all_keeps_its_version_too(tmp_path: Path) -> None:
    """It and its worker were there before the service worker."""
    old, new = a_version(tmp_path / "one", "n"), a_version(tmp_path / "two", "n+1")
    async with visited(old, tmp_path / "profile") as (phone, first):
        page = await fresh(phone)
        phone.site.folder = new
        assert (await asked_by(phone, page))[0] == "installed"
        await page.evaluate(APPLY)
        await stop_workers(page)
        assert await first.evaluate("seen()") == ["n"]
        await page.reload()
        assert await page.evaluate("seen()") == ["n+1"]


async def test_every_tab_goes_over_when_one_asks(tmp_path: Path) -> None:
    old, new = a_version(tmp_path / "one", "n"), a_version(tmp_path / "two", "n+1")
    async with visited(old, tmp_path / "profile") as (phone, page):
        other = await fresh(phone)
        phone.site.folder = new
        assert (await asked_by(phone, page))[0] == "installed"
        async with other.expect_navigation():
            await change_over(page)
        for one in (page, other):
            assert await one.evaluate("seen()") == ["n+1"]


async def test_a_file_that_was_tampered_with_is_not_taken(tmp_path: Path) -> None:
    old, new = a_version(tmp_path / "one", "n"), a_version(tmp_path / "two", "n+1")
    whole = (new / "f05.txt").read_bytes()
    (new / "f05.txt").write_bytes(whole + b"!")
    async with visited(old, tmp_path / "profile") as (phone, page):
        phone.site.folder = new
        assert (await asked_by(phone, page))[0] == "redundant"
        await page.reload()
        assert await page.evaluate("seen()") == ["n"]
        assert "f05.txt" not in (await page.evaluate("kept()")).get(version_of(new), [])
        (new / "f05.txt").write_bytes(whole)
        assert (await asked_by(phone, page))[0] == "installed"
        await change_over(page)
        assert await page.evaluate("seen()") == ["n+1"]


async def test_going_back_to_the_older_folder_is_an_update_like_any(tmp_path: Path) -> None:
    old, new = a_version(tmp_path / "one", "n"), a_version(tmp_path / "two", "n+1")
    async with visited(old, tmp_path / "profile") as (phone, page):
        for folder, version in ((new, "n+1"), (old, "n"), (new, "n+1")):
            phone.site.folder = folder
            assert (await asked_by(phone, page))[0] == "installed"
            await change_over(page)
            assert await page.evaluate("seen()") == [version]
        phone.close_site()
        await phone.kill()
        assert await (await fresh(phone)).evaluate("seen()") == ["n+1"]


async def test_two_of_them_on_one_web_space_leave_each_other_alone(tmp_path: Path) -> None:
    space = tmp_path / "space"
    space.mkdir()
    a_version(space / "a", "a", STARTS_MS="1")
    a_version(space / "b", "b", STARTS_MS="1")
    async with pocket(space, tmp_path / "profile") as phone:
        for name in ("a", "b"):
            page = await fresh(phone, query=f"{name}/")
            await page.wait_for_function("navigator.serviceWorker.controller?.state === 'activated'")
        phone.close_site()
        for name in ("a", "b", "a"):
            page = await phone.window.page.context.new_page()
            await page.goto(f"{phone.site.address}{name}/")
            assert await page.evaluate("seen()") == [name]
            await page.close()


async def test_what_another_app_shares_is_kept_without_the_server(tmp_path: Path) -> None:
    async with visited(a_version(tmp_path / "one", "n"), tmp_path / "profile") as (phone, page):
        phone.close_site()
        found = await page.evaluate(SHARE)
    assert found["type"] == "opaqueredirect"
    assert (found["url"], found["redirected"], found["status"]) == (phone.site.address, True, 200)
    assert found["heard"] == {"shared": True}
    assert len(found["there"]) == 2
    for share in found["there"]:
        assert set(share) == {"0", "1", "meta.json"}
        assert (share["0"], share["1"]) == ("\x01\x02\x03", "a,b")
        meta = json.loads(share["meta.json"])
        assert (meta["title"], meta["text"], meta["url"]) == ("通告单", "six at stage 2", "")
        assert meta["files"] == [
            {"kept": "0", "name": "一.jpg", "mime": "image/jpeg", "bytes": 3},
            {"kept": "1", "name": "b.csv", "mime": "text/csv", "bytes": 3},
        ]


@asynccontextmanager
async def answered(tmp_path: Path, size: int, waits_ms: int = 60_000) -> AsyncIterator[Page]:
    """A page that answers for media, as Python would; the worker waits so long for it."""
    site = a_version(tmp_path / "one", "n", MEDIA_MS=str(waits_ms))
    async with visited(site, tmp_path / "profile") as (phone, page):
        phone.close_site()
        await page.evaluate(ANSWER, size)
        yield page


async def test_media_come_whole_in_parts_and_several_at_once(tmp_path: Path) -> None:
    size = 2 * MIB + 12345
    async with answered(tmp_path, size) as page:
        whole = await page.evaluate(GET, ["media/sound/x", ""])
        assert (whole["status"], whole["length"], whole["right"]) == (200, size, True)
        assert whole["headers"]["content-length"] == str(size)
        assert whole["headers"]["content-type"] == "audio/wav"
        assert whole["headers"]["accept-ranges"] == "bytes"
        assert len(await page.evaluate("answered")) == 3

        several = await page.evaluate(
            f"Promise.all([0, 1, 2, 3].map(n => ({GET})([`media/sound/${{n}}`, n ? `bytes=${{n * 1000}}-` : ''])))"
        )
        assert [one["status"] for one in several] == [200, 206, 206, 206]
        assert [one["length"] for one in several] == [size, MIB, MIB, MIB]
        assert all(one["right"] for one in several)

        small = await page.evaluate(GET, ["media/small/x", ""])
        assert (small["status"], small["length"], small["right"]) == (200, 1000, True)


async def test_a_part_of_a_sound(tmp_path: Path) -> None:
    size = 2 * MIB + 5
    last = (2 * MIB, size)
    wanted = {"bytes=0-": (0, MIB), "bytes=100-199": (100, 200), f"bytes={2 * MIB}-": last, "bytes=-5": last}
    async with answered(tmp_path, size) as page:
        for said, (start, end) in wanted.items():
            part = await page.evaluate(GET, ["media/sound/x", said])
            assert (part["status"], part["length"], part["right"]) == (206, end - start, True), said
            assert part["headers"]["content-range"] == f"bytes {start}-{end - 1}/{size}"
            assert part["headers"]["content-length"] == str(end - start)


async def test_what_cannot_be_had_says_so(tmp_path: Path) -> None:
    async with answered(tmp_path, 1000, waits_ms=1500) as page:
        behind = await page.evaluate(GET, ["media/sound/x", "bytes=1000-"])
        assert (behind["status"], behind["headers"]["content-range"]) == (416, "bytes */1000")
        for wanted in ("", "bytes=-5", "bytes=0-"):
            gone = await page.evaluate(GET, ["media/gone/x", wanted])
            assert (gone["status"], gone["words"]) == (404, "Not here.")
        assert (await page.evaluate(GET, ["media/silent/x", ""]))["status"] == 504
        original = await page.evaluate(GET, ["media/original/通告.html", ""])
        assert original["headers"]["content-disposition"] == "attachment; filename*=UTF-8''%E9%80%9A%E5%91%8A.html"
        assert "sandbox" in original["headers"]["content-security-policy"]
