"""A note, a memo and a photo, erased for good in three taps each: not a byte of them is left on the disk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from fieldlog.ui.words.words import Words
from tests.e2e.app import SEE_SECONDS, RunningApp, Window, running_app, window
from tests.e2e.limit import MODULE_SECONDS
from tests.e2e.sound import write_beeps
from tests.e2e.test_journey import begin_a_study, record
from tests.fakes.erased import hits

NOTE = "车上说的那些别用了 Don't use what was said in the van"
CHANGED = "，还有摆拍的事 nor that it was staged"
STAYS = "雨停了，灯还没好 The rain has stopped"
KEPT = {"en": "Kept", "zh": "已存"}
PROOF = {"en": "Nothing of it is left on this device.", "zh": "本机不再留存任何内容。"}
REASONS = ("asked-to", "by-mistake", "not-agreed")
MEMO_SECONDS = 4


class Here(NamedTuple):
    """The app with a study begun in a language, a window on it, and its data folder."""

    app: RunningApp
    win: Window
    data: Path
    spoken: str

    def files(self) -> dict[str, bytes]:
        return {str(one.relative_to(self.data)): one.read_bytes() for one in self.data.rglob("*") if one.is_file()}

    async def arrived(self, ending: str) -> dict[str, bytes]:
        """Originals of this kind, once one is in the vault."""
        until = time.monotonic() + SEE_SECONDS
        while not (found := {name: data for name, data in self.files().items() if name.endswith(ending)}):
            assert time.monotonic() < until, f"no {ending} came into the vault"
            await asyncio.sleep(0.1)
        return found

    async def entry(self, kind: str, text: str = "") -> str:
        """The path of the page of the entry of this kind, once it is kept."""
        until = time.monotonic() + SEE_SECONDS
        while True:
            work = await open_study(laptop(self.data), write=False)
            docs = [doc for doc in work.store.state.entries() if doc["kind"] == kind and text in doc["text"]]
            await work.close()
            if docs or time.monotonic() > until:
                (doc,) = docs
                return f"#/days/{work.store.state.date(doc['id'])}/e/{doc['id']}"
            await asyncio.sleep(0.2)

    async def write(self, text: str) -> None:
        """A note, sent once the app says that its text is kept."""
        await self.win.go(self.app.url)
        await self.win.find("now-field").wait_for(state="attached")
        await self.win.keys(text)
        await self.win.see(KEPT[self.spoken])
        await self.win.tap("now-send")
        await self.win.see(text)

    async def erase(self, page: str, reason: str) -> None:
        """From the entry's page, counting the taps; the proof stands there in both languages."""
        await self.win.go(self.app.url + page)
        await self.win.find("entry-erase").wait_for(state="attached")
        self.win.taps = 0
        for name in ("entry-erase", f"erase-{reason}", "erase-do"):
            await self.win.tap(name)
        assert self.win.taps == 3
        for said in PROOF.values():
            await self.win.see(said)


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["en", "zh"])
async def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Here]:
    folder = tmp_path_factory.mktemp(f"erase-{request.param}")
    beeps, data = write_beeps(folder / "beeps.wav"), folder / "data"
    spoken = {"FIELDLOG_LANG": str(request.param)}
    shown = partial(window, fake_sound=beeps, most_seconds=MODULE_SECONDS)
    async with running_app(data, environment=spoken) as app, shown(app.url) as win:
        await begin_a_study(win)
        here = Here(app, win, data, str(request.param))
        await here.write(STAYS)
        yield here
        assert win.errors == []


async def test_a_note_just_sent_and_changed_goes_and_another_stays(here: Here, shots: Path) -> None:
    win = here.win
    await here.write(NOTE)
    page = await here.entry("jotting", NOTE)
    await win.go(here.app.url + page)
    await win.tap("entry-edit")
    await win.type("entry-field", CHANGED)
    await win.tap("entry-keep")
    await win.see(CHANGED)
    assert hits(here.files(), NOTE) != {}
    await win.tap("entry-erase")
    await win.shot(shots / f"erase-sheet-{here.spoken}.png")
    await win.tap("sheet-close")
    await here.erase(page, "asked-to")
    await win.shot(shots / f"erase-proof-{here.spoken}.png")
    assert hits(here.files(), NOTE, CHANGED) == {}
    await win.tap("erased-close")
    await win.tap("nav-now")
    await win.see(STAYS)
    assert NOTE not in await win.text()
    assert hits(here.files(), STAYS) != {}


async def test_a_memo_goes_with_all_its_sound(here: Here) -> None:
    await here.win.go(here.app.url)
    await here.win.find("now-mic").wait_for(state="attached")
    await record(here.win, MEMO_SECONDS)
    sound = await here.arrived(".wav")
    blocks = [data[at : at + 64] for data in sound.values() for at in loud(data)]
    assert len(blocks) >= 3
    await here.erase(await here.entry("voice"), "by-mistake")
    assert hits(here.files(), *blocks) == {}
    assert not [name for name in here.files() if name.endswith((".wav", "peaks.bin"))]


def loud(wav: bytes) -> list[int]:
    """Where 64 bytes of a recording are anything but silence and repetition."""
    return [at for at in range(44, len(wav) - 64, 4000) if len(set(wav[at : at + 64])) > 24][:50]


async def test_a_photo_goes_with_everything_made_of_it(here: Here) -> None:
    win = here.win
    await win.go(here.app.url)
    await win.tap("now-camera")
    await win.see(Words(here.spoken)("Nothing is taken yet"))
    await win.tap("camera-shutter")
    pictures = await here.arrived(".jpg")
    page = await here.entry("photo")
    await win.tap("camera-close")
    await win.go(here.app.url + page)
    await asyncio.sleep(1)
    pictures = await here.arrived(".jpg")
    assert len(pictures) >= 2
    blocks = [data[-200:-136] for data in pictures.values()]
    await here.erase(page, "not-agreed")
    assert hits(here.files(), *blocks) == {}
    assert not [name for name in here.files() if name.endswith(".jpg")]


async def test_after_a_kill_it_is_still_gone_and_the_rest_is_there(here: Here) -> None:
    await here.app.kill()
    await here.app.start()
    await here.win.go(here.app.url)
    await here.win.see(STAYS)
    assert hits(here.files(), NOTE, CHANGED) == {}
