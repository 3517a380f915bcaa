"""A laptop without a terminal: a copy is dropped, chosen or seen in Downloads, an archive is restored; and the
practice month, which asks at its end what is to be kept."""

from __future__ import annotations

import base64
import time
from pathlib import Path

import pytest

from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import new_study, open_study
from tests.e2e.app import Window, running_app, window
from tests.fakes.made import photo

NOTE = "灯还没好 first walk-through"
MOST_SECONDS = 180.0
"""From a phone's copy on the laptop to the archive's folder, a tired hand's pace included."""

DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  for (const kind of ["dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
  }
}"""
SAYS = {
    "en": {
        "new": "1 new photo",
        "not here": "not on this device yet",
        "lies": "It lies in",
    },
    "zh": {"new": "新照片 1 张", "not here": "本机还没有这项研究", "lies": "位置："},
}


@pytest.fixture
async def copy(tmp_path: Path) -> Path:
    """What a phone has made: a study with a note and a photo, as one file."""
    work = await new_study(
        laptop(tmp_path / "phone"), title="Rain", zone="Asia/Shanghai", first_day="2025-03-16", days=3
    )
    await Capture(work).note(NOTE)
    await Capture(work).file(Bytes(name="IMG_1.jpg", data=photo()))
    path = tmp_path / "Rain-2025-03-16-2130.zip"
    await make_bundle(work, path)
    await work.close()
    return path


async def drop(win: Window, name: str, data: bytes) -> None:
    await win.page.evaluate(DROP, [name, base64.b64encode(data).decode()])


async def archive_into(win: Window, folder: Path, says: str) -> None:
    await win.tap("nav-archive")
    await win.type("archive-folder", str(folder), anew=True)
    await win.tap("archive-write")
    await win.see(says)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_copy_that_is_dropped_on_the_window_comes_in_and_is_archived_without_a_terminal(
    tmp_path: Path, copy: Path, language: str
) -> None:
    says, archive = SAYS[language], tmp_path / "archive"
    home = {"HOME": str(tmp_path), "FIELDLOG_LANG": language}
    async with (
        running_app(tmp_path / "data", environment=home) as app,
        window(app.url, width=1280, height=800) as win,
    ):
        began = time.monotonic()
        await win.find("welcome-bring-in").wait_for(state="attached")
        await drop(win, copy.name, copy.read_bytes())
        await win.see(says["not here"])
        await win.see(says["new"])
        await win.tap("bring-in-go")
        await win.see(NOTE)
        await archive_into(win, archive, says["lies"])
        assert time.monotonic() - began < MOST_SECONDS
        assert win.errors == []
    notes = "\n".join(path.read_text(encoding="utf-8") for path in archive.rglob("days/*/**/*.md"))
    assert NOTE in notes
    assert len(list(archive.rglob("*.jpg"))) == 1
    assert list((tmp_path / "data" / "arrived").iterdir()) == []


async def test_a_file_is_chosen_and_left_and_a_foreign_or_cut_one_gets_a_sentence(
    tmp_path: Path, copy: Path
) -> None:
    foreign, cut = tmp_path / "holiday.zip", tmp_path / "cut.zip"
    foreign.write_bytes(b"no ZIP at all")
    cut.write_bytes(copy.read_bytes()[:40])
    async with (
        running_app(tmp_path / "data", environment={"HOME": str(tmp_path)}) as app,
        window(app.url, width=1280, height=800) as win,
    ):
        await win.tap("welcome-bring-in")
        not_whole = "is not a whole bundle"
        for file, says in ((foreign, not_whole), (cut, f"cut.zip {not_whole}"), (copy, "1 new photo")):
            async with win.page.expect_file_chooser() as choosing:
                await win.tap("bring-in-choose")
            await (await choosing.value).set_files(file)
            await win.see(says)
        await win.tap("bring-in-leave")
        await win.gone("1 new photo")
        assert win.errors == []
    assert list((tmp_path / "data").glob("studies/*")) == []


async def test_a_copy_of_this_study_in_downloads_is_offered_once(tmp_path: Path, copy: Path) -> None:
    machine = laptop(tmp_path / "data")
    study = (await import_bundle(machine, copy)).study
    theirs = await open_study(laptop(tmp_path / "phone"), study, write=True)
    await Capture(theirs).note("written since")
    arrived = tmp_path / "Downloads" / "Rain-2025-03-17-2130.zip"
    arrived.parent.mkdir()
    await make_bundle(theirs, arrived)
    await theirs.close()
    async with running_app(tmp_path / "data", environment={"HOME": str(tmp_path)}) as app:
        async with window(app.url, width=1280, height=800) as win:
            await win.see(f"{arrived.name} has arrived: bring it in?")
            await win.tap("arrived-look")
            await win.see("1 new entry")
            await win.tap("bring-in-go")
            await win.see("written since")
        await app.restart()
        async with window(app.url, width=1280, height=800) as win:
            await win.find("now-field").wait_for(state="attached")
            assert not await win.has("arrived")
            assert win.errors == []


async def test_a_study_is_restored_from_the_folder_of_its_archive(tmp_path: Path, copy: Path) -> None:
    folder = tmp_path / "FieldLog" / "Rain" / "archive"
    folder.parent.mkdir(parents=True)
    theirs = await open_study(laptop(tmp_path / "phone"), write=False)
    await write_archive(theirs, folder)
    await theirs.close()
    async with (
        running_app(tmp_path / "data", environment={"HOME": str(tmp_path)}) as app,
        window(app.url, width=1280, height=800) as win,
    ):
        await win.tap("welcome-restore")
        await win.tap("restore-near-0")
        await win.see(NOTE)
        await win.see("Restored: ")
        assert win.errors == []


@pytest.mark.parametrize(
    ("language", "strip"), [("en", "nothing you write here is kept"), ("zh", "这里写的内容不会保留")]
)
async def test_the_practice_month_says_what_it_is_and_what_was_written_in_it_is_kept(
    tmp_path: Path, language: str, strip: str
) -> None:
    temp = tmp_path / "temp"
    temp.mkdir()
    home = {"HOME": str(tmp_path), "TMPDIR": str(temp), "FIELDLOG_LANG": language}
    async with running_app(tmp_path / "own", "demo", environment=home) as app:
        async with window(app.url) as win:
            await win.see("Stairs to the roof")
            for place in ("days", "register", "archive", "now"):
                await win.tap(f"nav-{place}")
                await win.see(strip)
            await win.type("now-field", NOTE)
            await win.tap("now-send")
            await win.see(NOTE)
            assert win.errors == []
        assert await app.stop() == 0
    (kept,) = tmp_path.glob("FieldLog/*/copies/*.zip")
    done = await import_bundle(laptop(tmp_path / "mine"), kept)
    work = await open_study(laptop(tmp_path / "mine"), done.study, write=False)
    assert NOTE in {doc["text"] for doc in work.store.state.entries()}
    await work.close()
    assert list(temp.iterdir()) == []
