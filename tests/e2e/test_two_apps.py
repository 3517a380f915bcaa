"""Two FieldLogs on one host name, and an update from names that did not carry the path."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.e2e.app import SEE_SECONDS
from tests.e2e.pocket_app import Phone, PocketWindow, pocket
from tests.e2e.test_pocket import NOTE, all_entries, write
from tests.fakes.first_page import line

UNDER_THE_NAMES_OF_EARLIER_VERSIONS = """async () => {
  const top = await navigator.storage.getDirectory();
  async function copied(from, to) {
    for await (const [name, one] of from.entries()) {
      if (one.kind === "directory") {
        await copied(one, await to.getDirectoryHandle(name, { create: true }));
      } else {
        const stream = await (await to.getFileHandle(name, { create: true })).createWritable();
        await stream.write(await one.getFile());
        await stream.close();
      }
    }
  }
  for (const name of ["fieldlog", "fieldlog-quick", "fieldlog-share"]) {
    const from = await top.getDirectoryHandle(`${name}~`).catch(() => null);
    if (!from) continue;
    await copied(from, await top.getDirectoryHandle(name, { create: true }));
    await top.removeEntry(`${name}~`, { recursive: true });
  }
  return true;
}"""


ONCE_THEY_LIE_THERE = """async (words) => {
  async function lies(folder) {
    for await (const one of folder.values()) {
      const file = one.kind === "file" && await one.getFile();
      if (file ? (await file.text()).includes(words) : await lies(one)) return true;
    }
    return false;
  }
  const top = await navigator.storage.getDirectory();
  while (!(await lies(top).catch(() => false))) await new Promise((go) => setTimeout(go, 100));
}"""
"""Returns once these words lie in a file of this host name. A file may go while one looks."""

LEFT = """async ([draft, meta]) => {
  const top = await navigator.storage.getDirectory();
  async function write(folder, name, text) {
    const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await stream.write(text);
    await stream.close();
  }
  await write(await top.getDirectoryHandle("fieldlog-quick", { create: true }), "inbox.log", draft);
  const shared = await top.getDirectoryHandle("fieldlog-share", { create: true });
  await write(await shared.getDirectoryHandle("7b0e", { create: true }), "meta.json", meta);
  return (await (await shared.getDirectoryHandle("7b0e")).getFileHandle("meta.json")).kind;
}"""
DRAFT = {
    "id": "01950000-0000-7000-8000-0000000000d1", "at": "2025-03-16T09:00:00.000+00:00", "zone": "UTC", "mono": 5,
    "boot": "b", "newest": None, "text": "written before Python was up", "back": 0, "session": None, "day": None,
    "page": "p", "open": True, "until": "2025-03-16T09:00:09.000+00:00",
}  # fmt: skip
SHARE: dict[str, Any] = {
    "title": "",
    "text": "shared and not sent",
    "url": "",
    "files": [],
    "at": "2025-03-16T09:01:00.000Z",
}


async def at(phone: Phone, path: str, up: str) -> PocketWindow:
    """The app in a folder of the host."""
    win = await phone.open(up=None)
    await win.page.goto(phone.site.address + path, wait_until="commit")
    await win.up(up)
    return win


async def test_two_on_one_host_name_each_find_their_own_study(pocket_site: Path, tmp_path: Path) -> None:
    host = tmp_path / "host"
    host.mkdir()
    for name in ("one", "two"):
        (host / name).symlink_to(pocket_site, target_is_directory=True)
    async with pocket(host, tmp_path / "profile") as phone:
        for name, note in (("one/", "of the first"), ("two/", "of the second")):
            win = await at(phone, name, "welcome-new")
            await win.tap("welcome-new")
            await win.tap("install-later")
            await win.type("study-title", name)
            await win.tap("study-begin")
            await win.up()
            await write(win, note)
            await phone.kill()
        win = await at(phone, "one/", "now-field")
        await win.see("of the first")
        assert "of the second" not in await win.text()


async def test_an_update_goes_on_with_what_lies_under_the_earlier_names(pocket_site: Path, tmp_path: Path) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study()
        await write(win, NOTE)
        await win.type("now-field", "half a sentence")
        async with asyncio.timeout(SEE_SECONDS):
            await win.page.evaluate(ONCE_THEY_LIE_THERE, "half a sentence")
        await phone.kill()
        # As the build before this one left it, nothing of ours running.
        win = await phone.open(up=None, script="window.Worker = class { postMessage() {} };")
        assert await win.page.evaluate(UNDER_THE_NAMES_OF_EARLIER_VERSIONS)
        assert await win.page.evaluate(LEFT, [line(DRAFT).decode(), json.dumps(SHARE)]) == "file"
        await phone.kill()
        win = await phone.open(up="earlier-take")
        await win.tap("earlier-take")
        await win.up()
        await win.see(NOTE)
        await win.see("From another app")
        await win.tap("now-send")
        texts = sorted(str(entry["text"]) for entry in await all_entries(win, tmp_path))
        assert texts == sorted([NOTE, "half a sentence", str(DRAFT["text"]), SHARE["text"]])
        await phone.kill()
        win = await phone.open()
        await win.see(NOTE)
