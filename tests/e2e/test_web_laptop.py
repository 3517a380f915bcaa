"""The phone's app on a laptop without a server: a month comes in, its archive leaves as one ZIP and in a folder.

The browser's folder chooser is a window of the system, which nobody can press here. Its dialog alone is replaced:
what it gives back is a real folder handle, of the browser's own file system, and what is written there is written
as into any folder that a person chose.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.memo import filing
from fieldlog.services.study.studies import open_study
from tests.cli.terminal import started
from tests.e2e.looking import to_device
from tests.e2e.pocket_app import PocketWindow, pocket
from tests.fakes.made import photo
from tests.month.scaled import BASE

MEMO_SECONDS = 310
"""Ten more than one piece holds, and more bytes than an archive puts in place from memory."""

LONG_SECONDS = 120.0
CHOOSER = """
window.showDirectoryPicker = async () =>
  (await navigator.storage.getDirectory()).getDirectoryHandle("fieldlog-chosen", { create: true });
Object.defineProperty(navigator, "userActivation", { value: { isActive: false } });
"""
IN_COLOUR = "bar => getComputedStyle(document.getElementById('handover')).backgroundColor === bar"
HOLDS = """async () => {
  const found = {};
  const look = async (folder, above) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === "directory") { await look(handle, `${above}${name}/`); continue; }
      const bytes = await (await handle.getFile()).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      found[above + name] = [...digest].map((one) => one.toString(16).padStart(2, "0")).join("");
    }
  };
  await look(await (await navigator.storage.getDirectory()).getDirectoryHandle("fieldlog-chosen"), "");
  return found;
}"""
PUT = """async ([name, words]) => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("fieldlog-chosen");
  const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await stream.write(words);
  await stream.close();
}"""


@pytest.fixture
async def month(tmp_path: Path) -> Path:
    """A small month with a long memo in two pieces, a photo and a personal note, as one backup."""
    await import_month(laptop(tmp_path / "first"), BASE)
    work = await open_study(laptop(tmp_path / "first"), write=True)
    capture = Capture(work)
    await capture.note("灯还没好 the lamp is not up", Chips(note_type="PN"))
    await capture.file(Bytes(name="IMG_1.jpg", data=photo()))
    recording = await filing.begin(work, capture, rate=16_000)
    for second in range(MEMO_SECONDS):
        recording.push(bytes((second * n) % 251 for n in range(32_000)))
        await recording.step()
    await filing.stop(work, recording)
    await make_bundle(work, tmp_path / "month.zip")
    await work.close()
    return tmp_path / "month.zip"


def of_the_terminal(bundle: Path, folder: Path) -> dict[str, bytes]:
    """What `fieldlog archive` makes of the same backup; beside it lies the same as one ZIP."""
    data = folder / "terminal"
    assert started(data, "import", str(bundle)).returncode == 0
    assert started(data, "archive", str(folder / "archive")).returncode == 0
    assert started(data, "archive", str(folder / "archive.zip")).returncode == 0
    found = (path for path in (folder / "archive").rglob("*") if path.is_file())
    return {path.relative_to(folder / "archive").as_posix(): path.read_bytes() for path in found}


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as bag:
        return {name: bag.read(name) for name in bag.namelist()}


def hashes(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


async def bring_in(win: PocketWindow, bundle: Path) -> None:
    await win.tap("nav-archive")
    await win.tap("archive-copies")
    await win.tap("copies-bring-in")
    async with win.page.expect_file_chooser() as choosing:
        await win.page.click("#handover-pick")
    await (await choosing.value).set_files(bundle)
    await win.see("records came in", seconds=LONG_SECONDS)
    await win.tap("nav-archive")


async def save_zip(win: PocketWindow, target: Path, *, bar: str = "rgb(228, 233, 234)") -> None:
    """Save the archive as one ZIP; the page's own bar that offers it has that colour, as the look has it."""
    await win.tap("archive-zip")
    await win.page.wait_for_selector("#handover-save", timeout=LONG_SECONDS * 1000)
    await win.page.wait_for_function(IN_COLOUR, arg=bar)  # a look just chosen reaches the page a second later
    async with win.page.expect_download() as coming:
        await win.page.click("#handover-save")
    await (await coming.value).save_as(target)


async def into_folder(win: PocketWindow, button: str) -> dict[str, Any]:
    await win.tap("archive-into")
    await win.page.click(f"#handover-{button}")
    await win.see("It lies in fieldlog-chosen", seconds=LONG_SECONDS)
    return dict(await win.page.evaluate(HOLDS))


async def test_a_month_comes_in_and_leaves_as_the_archive_that_the_terminal_writes(
    pocket_site: Path, tmp_path: Path, month: Path, shots: Path
) -> None:
    ours = of_the_terminal(month, tmp_path)
    assert any(name.endswith("memo-01.wav") for name in ours)
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        phone.size = (1280, 800)
        win = await phone.begin_a_study(script=CHOOSER)
        phone.close_site()
        await bring_in(win, month)
        await win.shot(shots / "web-laptop-archive.png")

        await save_zip(win, tmp_path / "browser.zip")
        await win.see("in one ZIP, read back whole")
        theirs = members(tmp_path / "browser.zip")
        assert theirs.keys() == ours.keys()
        assert [name for name in ours if theirs[name] != ours[name]] == []
        assert (tmp_path / "browser.zip").read_bytes() == (tmp_path / "archive.zip").read_bytes()
        await win.shot(shots / "web-laptop-zip.png")
        await win.tap("archive-remove")
        await win.find("archive-lying").wait_for(state="detached")

        assert await into_folder(win, "choose") == hashes(ours)
        await win.shot(shots / "web-laptop-folder.png")
        await win.page.evaluate(PUT, ["mine.txt", "mine"])
        await win.page.close()
        win = await phone.open(script=CHOOSER)
        await win.tap("nav-archive")
        await win.tap("archive-into")
        await win.page.wait_for_selector("#handover-again")
        await win.shot(shots / "web-laptop-again.png")
        await win.page.click("#handover-later")
        found = await into_folder(win, "again")
        await win.see("Not ours, left alone: mine.txt")
        assert found == {**hashes(ours), "mine.txt": hashlib.sha256(b"mine").hexdigest()}
        assert win.errors == []


async def test_on_a_phone_in_chinese_a_browser_without_folders_has_the_zip_alone(
    pocket_site: Path, tmp_path: Path, shots: Path
) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        phone.locale = "zh-CN"
        win = await phone.begin_a_study(script="delete window.showDirectoryPicker;")
        phone.close_site()
        await win.type("now-field", "灯还没好")
        await win.tap("now-send")
        await to_device(win)
        await win.tap("look-night")
        await win.tap("nav-archive")
        await win.see("把档案存为 ZIP")
        assert not await win.has("archive-into")
        await save_zip(win, tmp_path / "archive.zip", bar="rgb(26, 33, 37)")
        await win.see("已读回核对无误")
        await win.shot(shots / "web-phone-zip-chinese.png")
        texts = [data for name, data in members(tmp_path / "archive.zip").items() if name.endswith("_notes.md")]
        assert sum("灯还没好".encode() in data for data in texts) == 1
        assert win.errors == []
