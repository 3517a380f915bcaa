"""A new version comes in while a study is open: it is offered between memos, and nothing is lost by it."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sealing import seal
from tests.e2e.pocket_app import pocket

PROJECT = Path(__file__).parents[2]
LOOK = "navigator.serviceWorker.ready.then((there) => there.update()).then(() => true)"
WAITS = """async () => {
  const there = await navigator.serviceWorker.ready;
  while (!there.waiting) await new Promise((resolve) => { setTimeout(resolve, 50); });
  return true;
}"""
NOTE = "灯还没好 the light is not ready"


ASK = "void navigator.serviceWorker.ready.then((there) => there.update().catch(() => {}))"
OTHERS = """async files => {
  const others = [];
  for (const [path, { sha256 }] of Object.entries(files)) {
    const bytes = await (await fetch(path)).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    if (Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("") !== sha256) others.push(path);
  }
  return others;
}"""
"""What this page gets that is not of this version."""

SECTION = b"\0\2\1x"
"""One of WebAssembly that says nothing: custom, of two bytes, the name x."""

MORE = {".wasm": SECTION, ".png": b" ", ".otf": b" "}
STRICT = {".woff2", ".bin"}
"""Of files that may not be a byte longer; they are taken over from the version before."""


def next_version(site: Path, folder: Path, *names: str) -> Path:
    """The same app, of other bytes in these files."""
    shutil.copytree(site, folder)
    for path in (folder / name for name in names):
        if path.suffix == ".zip":
            with ZipFile(path, "a") as archive:
                archive.comment = b"another"
        else:
            path.write_bytes(path.read_bytes() + MORE.get(path.suffix, b"\n"))
    seal(folder, PROJECT / "assets" / "pocket" / "service_worker.js")
    return folder


def files_of(site: Path) -> dict[str, Any]:
    """What the version consists of, in the order in which it is fetched."""
    return dict(json.loads((site / "files.json").read_text("utf-8"))["files"])


async def test_a_new_version_is_used_when_asked_for_and_keeps_the_study(
    pocket_site: Path, tmp_path: Path, shots: Path
) -> None:
    new = next_version(pocket_site, tmp_path / "new", "boot.js", "index.html")
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study()
        await win.type("now-field", NOTE)
        await win.tap("now-send")
        await win.see(NOTE)

        await win.record()
        phone.site.folder = new
        phone.site.asked.clear()
        assert await win.page.evaluate(LOOK)
        assert await win.page.evaluate(WAITS)
        assert sorted(phone.site.asked) == ["/boot.js", "/flutter_service_worker.js", "/index.html"]
        assert not await win.has("update-ready")
        await win.tap("rec-stop")
        await win.see("Voice memo")
        await win.find("update-ready").wait_for(state="attached")
        await win.shot(shots / "update-ready.png")

        async with win.page.expect_navigation(wait_until="commit"):
            await win.tap("update-use")
        await win.up()
        for words in (NOTE, "Voice memo"):
            await win.see(words)
        assert not await win.has("update-ready")
        assert (await win.page.evaluate("fetch('boot.js').then((answer) => answer.text())")).endswith("\n\n")

        phone.close_site()
        await phone.kill()
        win = await phone.open()
        await win.see(NOTE)
        assert win.errors == []


async def test_before_a_study_is_begun_it_is_told_whether_all_of_the_app_is_here(
    pocket_site: Path, tmp_path: Path
) -> None:
    late = next(name for name in files_of(pocket_site) if name.startswith("icons/"))
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        phone.site.broken = {f"/{late}"}
        win = await phone.open(up="welcome-new")
        await win.tap("welcome-new")
        await win.see("Not all of it could be fetched.")
        phone.site.broken = set()
        await phone.kill()
        win = await phone.open(up="welcome-new")
        await win.tap("welcome-new")
        await win.see("It works without a network from now on.")


async def test_a_new_version_that_breaks_off_at_any_file_leaves_the_old_one_whole_and_the_study_in_it(
    pocket_site: Path, tmp_path: Path, seed: int, count: Callable[[int, int], int]
) -> None:
    old = files_of(pocket_site)
    changed = [name for name in old if Path(name).suffix not in STRICT]
    new = next_version(pocket_site, tmp_path / "new", *changed)
    drawn = random.Random(seed).sample(range(len(changed)), count(3, len(changed)))
    notes = list[str]()
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study()
        phone.site.folder = new
        for name in (changed[n] for n in sorted(drawn)):
            notes.append(f"until {name} 断在这里")
            await win.type("now-field", notes[-1])
            await win.tap("now-send")
            await win.see(notes[-1])
            phone.site.broken, phone.site.asked = {f"/{name}"}, []
            await win.page.evaluate(ASK)
            async with asyncio.timeout(60):
                while f"/{name}" not in phone.site.asked:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
            await phone.kill()
            phone.site.broken = {f"/{one}" for one in (*old, "", "flutter_service_worker.js")}
            win = await phone.open()
            assert await win.page.evaluate(OTHERS, old) == [], name
            for words in notes[-5:]:
                await win.see(words)
        phone.site.broken = set()
        await win.page.evaluate(ASK)
        assert await win.page.evaluate(WAITS)
        await win.find("update-ready").wait_for(state="attached")
        async with win.page.expect_navigation(wait_until="commit"):
            await win.tap("update-use")
        await win.up()
        assert await win.page.evaluate(OTHERS, files_of(new)) == []
        for words in notes[-5:]:
            await win.see(words)
