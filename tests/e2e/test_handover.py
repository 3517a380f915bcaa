"""A bundle leaves a phone through its page; on a laptop it is what would have been captured there."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from fieldlog.services.archive.verify import verify_archive
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.sources import FileSource
from fieldlog.services.study.studies import open_study
from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import PyodidePage, pyodide_page

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)
HERE = Path(__file__).parents[1]
SOURCES = HERE.parent / "assets" / "pocket"
DOOR = "".join((SOURCES / name).read_text(encoding="utf-8") for name in ("address.js", "handover.js"))
STUDY = "01950000-0000-7000-8000-000000000001"

A_DAY = (
    '''
import base64, json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from fieldlog.model.ids import Ids
from fieldlog.model.moment import Moment
from fieldlog.services.memo import filing
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.study.studies import open_study
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.machine.sources import Bytes

class Clock:
    """Goes on by a minute with every look, so that the same verbs happen at the same times."""
    def __init__(self):
        self.wall, self.mono = datetime(2025, 3, 16, 8, 0, tzinfo=UTC), timedelta(hours=1)
    def __call__(self):
        return Moment(at=self.wall, zone="UTC", mono_ms=self.mono // timedelta(milliseconds=1), boot="boot")
    def advance(self, **by):
        self.wall += timedelta(**by)
        self.mono += timedelta(**by)

def machine_of(machine):
    clock, tick = Clock(), count(1)
    return replace(
        machine, clock=clock, new_salt=lambda: f"{next(tick):016x}" * 2,
        new_id=Ids(lambda: clock().ms, lambda n: next(tick).to_bytes(n, "big")),
    )

async def a_day(machine, picture):
    """Notes, a memo, a photo and two sessions, as a day has them."""
    work = await open_study(machine, "'''
    + STUDY
    + """", write=True)
    capture, clock = Capture(work), machine.clock
    await capture.begin(title="Vertical days")
    sessions = Sessions(work, capture)
    await sessions.start("Night shoot", kind="shoot")
    clock.advance(minutes=1)
    await capture.note("灯还没好", Chips(scene="34-2", codes=("metrics.roi",)))
    clock.advance(minutes=5)
    await capture.note("I was afraid", Chips(note_type="PN"))
    clock.advance(minutes=5)
    recording = await filing.begin(work, capture, rate=16_000)
    for second in range(5):
        clock.advance(seconds=1)
        recording.push(bytes((second * n) % 251 for n in range(32_000)))
        await recording.step()
    await filing.stop(work, recording)
    clock.advance(minutes=1)
    await capture.file(Bytes(name="IMG_0001.jpg", data=picture), text="the lamp")
    await sessions.start("Wrap talk", kind="informal")
    clock.advance(hours=1)
    await capture.note("Nobody answers, and the lamp is moved anyway.")
    await sessions.stop()
    return work
"""
)
IN_THE_BROWSER = (
    A_DAY
    + """
from fieldlog.services.copies.outbox import MIME, in_outbox, make_outgoing, outgoing, prove
from fieldlog.services.pocket.doorway import Page, path_from_root
from fieldlog.services.machine.machine import browser
from fieldlog.services.study.erase_promise import OUTBOX
machine, page = machine_of(browser()), Page()
WORDS = {"said": "one copy", "share": "Share", "save": "Save", "pick": "Pick", "later": "Later"}
async def hand_over(one):
    return await page.hand_over(path_from_root(work, f"{OUTBOX}/{one.name}"), one.name, MIME, WORDS)
"""
)


@pytest.fixture
def picture() -> bytes:
    import io

    from PIL import Image

    made = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(made, "JPEG")
    return made.getvalue()


@pytest_asyncio.fixture(loop_scope="session")
async def phone(tmp_path: Path) -> AsyncIterator[PyodidePage]:
    async with pyodide_page(tmp_path / "profile") as page:
        await page._page.add_script_tag(content=DOOR)
        await page.run(IN_THE_BROWSER)
        yield page


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def saved(phone: PyodidePage, target: Path) -> None:
    """The bundle in the outbox, offered by the page and taken by pressing Save."""
    offering = asyncio.ensure_future(phone.run("await hand_over(await in_outbox(work))"))
    async with phone._page.expect_download() as coming:
        await phone._page.click("#handover-save")
    await (await coming.value).save_as(target)
    assert await offering == "saved"
    assert await phone._page.query_selector("#handover") is None


async def test_a_days_bundle_from_the_pocket_gives_the_archive_the_laptop_would_have_made(
    phone: PyodidePage, picture: bytes, tmp_path: Path
) -> None:
    shown = base64.b64encode(picture).decode()
    await phone.run(f"work = await a_day(machine, base64.b64decode({shown!r}))\none = await make_outgoing(work)")
    sha256 = await phone.run("one.sha256")
    await saved(phone, tmp_path / "phone.zip")
    assert hashlib.sha256((tmp_path / "phone.zip").read_bytes()).hexdigest() == sha256

    names: dict[str, Any] = {}
    exec(compile(A_DAY, "a day", "exec"), names)
    here = names["machine_of"](laptop(tmp_path / "here"))
    work = await names["a_day"](here, picture)
    await make_bundle(work, tmp_path / "laptop.zip")
    await write_archive(work, tmp_path / "captured here")
    await work.close()

    there = laptop(tmp_path / "there")
    assert (await import_bundle(there, tmp_path / "phone.zip")).problems == []
    imported = await open_study(there, STUDY, write=False)
    await write_archive(imported, tmp_path / "from the phone")
    await imported.close()
    assert await verify_archive(tmp_path / "from the phone") == []
    ours, theirs = files(tmp_path / "captured here"), files(tmp_path / "from the phone")
    assert len(ours) > 10
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


async def test_a_copy_is_shared_and_proven_when_it_is_picked_again(phone: PyodidePage, tmp_path: Path) -> None:
    await phone.run(f'work = await open_study(machine, "{STUDY}", write=True)\ncapture = Capture(work)')
    await phone.run('await capture.begin()\nawait capture.note("灯还没好")\none = await make_outgoing(work)')
    page = phone._page
    # No share sheet here: what would go into it is kept.
    await page.evaluate("""() => {
      Object.defineProperty(navigator, "canShare", { value: ({ files }) => files.length === 1 });
      let closed = false;
      Object.defineProperty(navigator, "share", { value: async ({ files }) => {
        if (!closed) { closed = true; throw new DOMException("closed", "AbortError"); }
        window.shared = { name: files[0].name, type: files[0].type, size: files[0].size };
      } });
    }""")
    offering = asyncio.ensure_future(phone.run("await hand_over(one)"))
    await page.click("#handover-share")
    assert await page.query_selector("#handover-share"), "a share sheet that is closed leaves the offer standing"
    await page.click("#handover-share")
    assert await offering == "shared"
    name, size = json.loads(await phone.run("json.dumps([one.name, one.bytes])"))
    assert await page.evaluate("window.shared") == {"name": name, "type": "application/zip", "size": size}
    await saved(phone, tmp_path / "kept.zip")

    # The tap that asked is a moment old: the chooser opens at once.
    async with page.expect_file_chooser() as choosing:
        picking = asyncio.ensure_future(phone.run("picked = await page.pick('.zip', WORDS)\npicked.name"))
    await (await choosing.value).set_files(tmp_path / "kept.zip")
    assert await picking == "kept.zip"
    assert await phone.run("copy = await prove(work, picked)\ncopy.path") == "kept.zip"
    assert await phone.run("len(await outgoing(work))") == 0
    assert await phone.run("len(await work.store.disk.list(OUTBOX))") == 0


async def test_a_bundle_and_a_month_come_in_from_files_that_were_picked(
    phone: PyodidePage, tmp_path: Path
) -> None:
    theirs = await open_study(laptop(tmp_path / "theirs"), STUDY, write=True)
    capture = Capture(theirs)
    await capture.begin()
    (tmp_path / "a.bin").write_bytes(os.urandom(3_000_000))
    await capture.file(FileSource(path=tmp_path / "a.bin"))
    await make_bundle(theirs, tmp_path / "theirs.zip")
    await theirs.close()
    await phone.run("from fieldlog.services.desk import Desk\ndesk = await Desk.open(machine)")
    month = HERE.parent / "assets" / "sample" / "month.json"
    found = []
    # The tap that asked is long ago: the page asks for another.
    await phone._page.evaluate(
        "Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } })"
    )
    for path in (tmp_path / "theirs.zip", month):
        picking = asyncio.ensure_future(phone.run("picked = await page.pick('.zip,.json', WORDS)\npicked.size"))
        async with phone._page.expect_file_chooser() as choosing:
            await phone._page.click("#handover-pick")
        await (await choosing.value).set_files(path)
        assert await picking == path.stat().st_size
        took = "done = await desk.take_in(picked)\nlen(list(desk.work.store.state.entries()))"
        found.append(await phone.run(took))
    assert found[0] == 1
    assert found[1] == len(json.loads(month.read_text(encoding="utf-8"))["entries"])


async def test_a_page_that_does_not_answer_is_told_of_and_nothing_waits_for_it(tmp_path: Path) -> None:
    async with pyodide_page(tmp_path / "profile") as page:
        said = """
from fieldlog.services.pocket.doorway import NobodyThere, Page
try:
    await Page().pick(".zip", {})
except NobodyThere as refusal:
    found = str(refusal)
found
"""
        assert "can't hand files over" in await page.run(said)
