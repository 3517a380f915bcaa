"""Through the door, by hand: a link becomes a note on a phone, the note a sealed file, the file an archive on a
laptop. Nobody opens a terminal, and the taps are counted.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image

from fieldlog.services.archive.verify import verify_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import new_study, open_study
from fieldlog.services.study.workspace import Workspace
from tests.e2e.app import ADDRESS, START_SECONDS, Window, running_app, window
from tests.e2e.looking import stand_still, to_device
from tests.e2e.pocket_app import Phone, PocketWindow, pocket
from tests.e2e.test_bring_in import drop
from tests.e2e.test_pocket import write

LINK_TAPS, LINK_SECONDS, ARCHIVE_SECONDS = 6, 120.0, 180.0
TITLE, NOTE = "雨停之前 Before the rain stops", "灯还没好 the light is not ready"
PASSPHRASE, ANOTHER = "four words nobody guesses", "four words somebody guessed"
LOCALES = {"en": "en-US", "zh": "zh-CN"}
SAYS = {
    "en": {
        "elsewhere": "not on this device yet",
        "lies": "It lies in",
        "all": "Everything here is in a backup",
        "wrong": "The passphrase does not open",
        "cut": "when it was made it had",
    },
    "zh": {
        "elsewhere": "本机还没有这项研究",
        "lies": "位置：",
        "all": "这里的一切都已在核验过的备份里",
        "wrong": "这个密码短语打不开",
        "cut": "做好时是",
    },
}
JOURNALS = """async () => {
  const found = {};
  async function read(folder, path) {
    for await (const [name, one] of folder.entries()) {
      if (one.kind === "directory") await read(one, `${path}/${name}`);
      else if (path.includes("/journals")) found[`${path}/${name}`] = await (await one.getFile()).text();
    }
  }
  await read(await navigator.storage.getDirectory(), "");
  return found;
}"""


async def fill(win: Window, name: str, text: str) -> None:
    """Into a field, with the tap it takes where it has not the keys by itself."""
    await win.type(name, text)
    win.taps += 1


async def first_note(phone: Phone) -> PocketWindow:
    """A browser that has never been there opens the link."""
    win = await phone.open(up="welcome-new")
    await win.tap("welcome-new")
    await win.tap("install-later")
    await fill(win, "study-title", TITLE)
    await win.tap("study-begin")
    await win.up()
    await fill(win, "now-field", NOTE)
    await win.tap("now-send")
    await win.see(NOTE)
    return win


async def backed_up(win: PocketWindow, folder: Path) -> Path:
    """The file that leaves the phone as it is proposed: sealed."""
    await win.tap("now-copies")
    await win.tap("sync-as-file")
    await fill(win, "copies-passphrase", PASSPHRASE)
    await win.tap("copies-make")
    async with win.page.expect_download() as coming:
        await win.page.click("#handover-save")
    win.taps += 1
    download = await coming.value
    await download.save_as(folder / download.suggested_filename)
    return folder / download.suggested_filename


async def archived(win: Window, sealed: Path, says: dict[str, str]) -> str:
    """The file is dropped on the laptop, looked at, brought in and archived; the digits shown on the way."""
    await win.find("welcome-bring-in").wait_for(state="attached")
    await drop(win, sealed.name, sealed.read_bytes())
    await fill(win, "sealed-passphrase", PASSPHRASE)
    await win.tap("sealed-open")
    await win.see(says["elsewhere"])
    await win.tap("bring-in-go")
    await win.see(NOTE)
    digits = re.search(r"\d{4}\s\d{4}", await win.text_of("notice"))
    assert digits, await win.text()
    await win.tap("nav-archive")
    await win.tap("archive-write")
    await win.see(says["lies"])
    return digits[0]


@pytest.mark.parametrize("language", list(SAYS))
async def test_a_link_becomes_a_note_on_the_phone_and_the_note_an_archive_on_the_laptop(
    pocket_site: Path, tmp_path: Path, language: str
) -> None:
    says, environment = SAYS[language], {"HOME": str(tmp_path), "FIELDLOG_LANG": language}
    async with (
        pocket(pocket_site, tmp_path / "profile") as phone,
        running_app(tmp_path / "data", environment=environment) as app,
    ):
        phone.locale = LOCALES[language]
        began = time.monotonic()
        win = await first_note(phone)
        took = time.monotonic() - began
        print(f"{language}: from the link to the first note {took:.0f} s and {win.taps} taps")
        assert win.taps <= LINK_TAPS
        assert took < LINK_SECONDS
        await win.page.close()
        win = await phone.open()
        await win.see(NOTE)

        began = time.monotonic()
        sealed = await backed_up(win, tmp_path)
        async with window(app.url, width=1280, height=800) as desk:
            digits = await archived(desk, sealed, says)
            took = time.monotonic() - began
            print(f"{language}: from the phone to the archive {took:.0f} s and {win.taps + desk.taps} taps")
            assert took < ARCHIVE_SECONDS
            assert desk.errors == []

        await fill(win, "copies-digits", digits)
        await win.tap("copies-confirm")
        await win.see(says["all"])
        await win.find("now-copies").wait_for(state="detached")
        assert win.errors == []
    assert not any(word.encode() in sealed.read_bytes() for word in (TITLE, NOTE, "journals"))
    (archive,) = tmp_path.glob("FieldLog/*/archive")
    assert await verify_archive(archive) == []
    assert NOTE in "\n".join(path.read_text(encoding="utf-8") for path in archive.rglob("*.md"))


# -- what does not belong


async def sealed_by(work: Workspace, path: Path) -> Path:
    await make_bundle(work, path, seal=seal_of(work.machine, PASSPHRASE))
    return path


async def of_another_study(folder: Path) -> Path:
    """What somebody else's FieldLog sealed with the same passphrase."""
    work = await new_study(laptop(folder / "theirs"), title="Snow", zone="UTC", first_day="2025-03-16", days=3)
    await Capture(work).note("of another study")
    made = await sealed_by(work, folder / "another.sealed")
    await work.close()
    return made


def cut(sealed: Path) -> Path:
    """Half of it, as a stick that was pulled out leaves it."""
    path = sealed.with_name("cut.sealed")
    path.write_bytes(sealed.read_bytes()[: sealed.stat().st_size // 2])
    return path


def journals(data: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in data.glob("studies/*/journals/**/*") if path.is_file()}


@pytest.fixture
async def newer(tmp_path: Path) -> Path:
    """A study lies in the store `data`; this is a sealed backup with one note more."""
    theirs = await new_study(laptop(tmp_path / "phone"), title=TITLE, zone="UTC", first_day="2025-03-16", days=3)
    await make_bundle(theirs, tmp_path / "first.zip")
    await import_bundle(laptop(tmp_path / "data"), tmp_path / "first.zip")
    await Capture(theirs).note(NOTE)
    made = await sealed_by(theirs, tmp_path / "newer.sealed")
    await theirs.close()
    return made


async def test_what_does_not_belong_gets_a_sentence_on_the_laptop_and_changes_nothing(
    tmp_path: Path, newer: Path
) -> None:
    half, another = cut(newer), await of_another_study(tmp_path)
    async with (
        running_app(tmp_path / "data", environment={"HOME": str(tmp_path)}) as app,
        window(app.url, width=1280, height=800) as win,
    ):
        before = journals(tmp_path / "data")
        assert before
        for language, says in SAYS.items():
            await to_device(win)
            await win.tap(f"language-{language}")
            await drop(win, newer.name, newer.read_bytes())
            await win.type("sealed-passphrase", ANOTHER)
            await win.tap("sealed-open")
            await win.see(says["wrong"])
            await win.tap("sealed-leave")
            await drop(win, half.name, half.read_bytes())
            await win.see(says["cut"])
            await drop(win, another.name, another.read_bytes())
            await win.type("sealed-passphrase", PASSPHRASE)
            await win.tap("sealed-open")
            await win.see(says["elsewhere"])
            await win.tap("bring-in-leave")
            await win.gone(says["elsewhere"])
        assert journals(tmp_path / "data") == before
        assert win.errors == []
    assert list((tmp_path / "data" / "arrived").iterdir()) == []


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def phone(pocket_site: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Phone]:
    """A phone with a note."""
    async with pocket(pocket_site, tmp_path_factory.mktemp("profile")) as phone:
        await write(await phone.begin_a_study(), NOTE)
        yield phone


async def chosen(win: PocketWindow, name: str, file: Path) -> None:
    async with win.page.expect_file_chooser() as choosing:
        await win.tap(name)
    await (await choosing.value).set_files(file)


async def test_what_does_not_belong_gets_a_sentence_on_the_phone_and_changes_nothing(
    phone: Phone, tmp_path: Path
) -> None:
    win, says = phone.window, SAYS["en"]
    sealed = await backed_up(win, tmp_path)
    before = await win.page.evaluate(JOURNALS)
    assert any(NOTE in text for text in before.values())
    await chosen(win, "copies-prove", await of_another_study(tmp_path))
    await win.see("is not a bundle made here")
    await win.type("copies-digits", "0000 0000")
    await win.tap("copies-confirm")
    await win.see("4 more tries are left")
    await chosen(win, "copies-bring-in", cut(sealed))
    await win.see(says["cut"])
    await chosen(win, "copies-bring-in", sealed)
    _, top, _, height = await win.still_box("sealed-passphrase")
    assert 0 < top < phone.size[1] - height, "in sight, however far down its button lay"
    await win.type("sealed-passphrase", ANOTHER)
    await win.tap("sealed-open")
    await win.see(says["wrong"])
    await win.tap("sealed-leave")
    assert await win.page.evaluate(JOURNALS) == before
    assert await win.has("now-copies")
    assert win.errors == []


async def test_another_phone_can_scan_the_address_off_this_device(phone: Phone, shots: Path) -> None:
    win = phone.window
    await to_device(win)
    await win.tap("address-show")
    await win.find("address-code").wait_for(state="attached")
    await stand_still(win)
    await win.shot(shots / "address.png")
    with Image.open(shots / "address.png") as picture:
        (read,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert read.text == phone.site.address
    await win.tap("sheet-close")
    assert win.errors == []


# -- the practice month, from a terminal


async def test_who_wrote_in_the_practice_month_is_asked_at_ctrl_c_and_keeps_it(tmp_path: Path) -> None:
    ours, its = os.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "fieldlog", "--data", str(tmp_path / "own"), "demo", "--no-browser",
        stdin=its, stdout=its, stderr=its, start_new_session=True,
        env={**os.environ, "PYTHONUTF8": "1", "FIELDLOG_LANG": "en", "HOME": str(tmp_path), "COLUMNS": "200"},
    )  # fmt: skip
    os.close(its)
    try:
        async with window(address_in(await printed(ours, ADDRESS))) as win:
            await win.tap("nav-now")
            await win.type("now-field", NOTE)
            await win.tap("now-send")
            await win.see(NOTE)
        process.send_signal(signal.SIGINT)
        await printed(ours, re.compile("1 note was written here.*Enter keeps it in this file", re.DOTALL))
        os.write(ours, b"\n")
        await printed(ours, re.compile("Kept, and read back whole"))
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(ours)
    (kept,) = tmp_path.glob("FieldLog/*/copies/*.zip")
    mine = laptop(tmp_path / "mine")
    work = await open_study(mine, (await import_bundle(mine, kept)).study, write=False)
    assert NOTE in {doc["text"] for doc in work.store.state.entries()}
    await work.close()


def address_in(said: str) -> str:
    found = ADDRESS.search(said)
    assert found
    return found[0]


async def printed(terminal: int, what: re.Pattern[str]) -> str:
    """What stands on the terminal, once this does."""
    said = ""
    async with asyncio.timeout(START_SECONDS):
        while not what.search(said):
            said += (await asyncio.to_thread(os.read, terminal, 65536)).decode("utf-8", "replace")
    return said
