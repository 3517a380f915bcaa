"""Devices and backups: the number first, and how a place is added, met, filled again and forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from fieldlog.model.ports import Answer, Http, Login
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.places.places import Place, keep_place, read_places
from fieldlog.sync.target import TargetRefused
from tests.fakes.headless import Seen, a_window
from tests.fakes.meeting import note, over
from tests.fakes.phone import Phone, texts

DRAWN = 1.0


async def settled(seen: Seen, desk: Desk) -> None:
    """Wait until no meeting goes on, and what came of it is drawn."""
    await over(desk)
    await seen.drawn(DRAWN)


async def add(seen: Seen, desk: Desk, address: str) -> None:
    if "sync-address" not in seen.tags():
        await seen.tap("sync-add-place")
    await seen.type("sync-address", address)
    await seen.tap("sync-look")
    await seen.drawn(DRAWN)
    await seen.tap("sync-add")
    await settled(seen, desk)


def emptied(folder: Path) -> None:
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()


async def test_nothing_written_yet_is_said_and_nothing_is_asked_for(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/sync")
        assert "Nothing to back up yet." in seen.words()
        assert "sync-alone" not in seen.tags()
        assert not seen.crashed


async def test_with_one_device_everything_is_only_here_and_the_ways_out_are_named(desk: Desk) -> None:
    await note(desk, "the urn is empty")
    async with a_window(desk) as seen:
        await seen.tap("now-copies")
        assert seen.journeys.rows.landing._asked == "/sync"
        await seen.go("/sync")
        assert "1 is only on this device" in seen.words()
        assert "Everything is only here." in seen.words()
        assert {"sync-add-place", "sync-as-file", "sync-cells-device-0"} <= seen.tags().keys()
        await seen.tap("sync-as-file")
        assert seen.journeys.rows.landing._asked == "/archive/copies"
        assert not seen.crashed


async def test_what_was_written_since_is_counted_when_one_comes_back(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/sync")
        assert "Nothing to back up yet." in seen.words()
        await seen.go("/now")
        await note(desk, "the urn is empty")
        await seen.go("/sync")
        assert "Everything is only here." in seen.words()
        await seen.go("/now")
        await seen.go("/sync")
        assert "1 is only on this device" in seen.words()


@pytest.mark.parametrize("width", [412, 1280])
async def test_a_folder_is_looked_at_first_and_then_exchanged_with(
    desk: Desk, work: Workspace, tmp_path: Path, width: int
) -> None:
    await note(desk, "灯还没好")
    place = tmp_path / "stick"
    async with a_window(desk, width=width, height=800) as seen:
        await seen.go("/sync")
        if width < 600:
            await seen.tap("sync-add-place")
        await seen.type("sync-address", str(place))
        await seen.tap("sync-look")
        await seen.drawn(DRAWN)
        assert "Goes out: " in seen.words()
        assert "Comes in: nothing" in seen.words()
        assert not place.exists(), "looking changes nothing"
        await seen.tap("sync-add")
        await settled(seen, desk)
        assert "Out: " in seen.words()
        assert "last exchanged " in seen.words()
        assert [one.address for one in await read_places(work.store.disk)] == [str(place)]
        assert any("灯还没好" in file.read_text("utf-8") for file in place.rglob("*.jsonl"))
        await seen.tap("sync-meet-place-0")
        await settled(seen, desk)
        assert "Nothing was new on either side." in seen.words()
        await seen.tap("sync-read-place-0")
        await settled(seen, desk)
        assert "Everything was read back, here and there." in seen.words()
        assert not seen.crashed


async def test_what_another_device_wrote_comes_in(desk: Desk, tmp_path: Path) -> None:
    await note(desk, "from here")
    async with a_window(desk) as seen:
        await seen.go("/sync")
        await add(seen, desk, str(tmp_path / "stick"))
        other = await Desk.open(Phone(number=3).machine)
        await other.join(str(tmp_path / "stick"))
        await note(other, "from there")
        other.meetings.begin(str(tmp_path / "stick"))
        await over(other)
        await other.close()
        await seen.tap("sync-meet-place-0")
        await settled(seen, desk)
        assert sorted(texts(desk)) == ["from here", "from there"]
        assert not seen.crashed


async def test_a_place_that_was_emptied_is_asked_about_and_filled_again(desk: Desk, tmp_path: Path) -> None:
    await note(desk, "kept twice")
    place = tmp_path / "stick"
    async with a_window(desk) as seen:
        await seen.go("/sync")
        await add(seen, desk, str(place))
        emptied(place)
        await seen.tap("sync-meet-place-0")
        await settled(seen, desk)
        assert "is not there any more" in seen.words()
        assert not list(place.iterdir())
        assert "Fill it again" in seen.words()
        await seen.tap("sync-meet-place-0")
        await settled(seen, desk)
        assert any("kept twice" in file.read_text("utf-8") for file in place.rglob("*.jsonl"))
        assert not seen.crashed


async def test_another_studys_place_is_refused_before_it_is_a_place(
    desk: Desk, work: Workspace, tmp_path: Path
) -> None:
    other = await Phone(number=4).begun("Another")
    other.meetings.begin(str(tmp_path / "stick"))
    await over(other)
    async with a_window(desk) as seen:
        await seen.go("/sync")
        await seen.tap("sync-add-place")
        await seen.type("sync-address", str(tmp_path / "stick"))
        await seen.tap("sync-look")
        await seen.drawn(DRAWN)
        assert "holds another study" in seen.words()
        assert "sync-add" not in seen.tags()
        assert await read_places(work.store.disk) == []


async def test_a_place_is_forgotten_and_what_lies_there_stays(desk: Desk, work: Workspace, tmp_path: Path) -> None:
    await note(desk, "stays there")
    async with a_window(desk) as seen:
        await seen.go("/sync")
        await add(seen, desk, str(tmp_path / "stick"))
        await seen.tap("sync-forget-place-0")
        await seen.drawn(DRAWN)
        assert "sync-meet-place-0" not in seen.tags()
        assert await read_places(work.store.disk) == []
        assert any("stays there" in file.read_text("utf-8") for file in (tmp_path / "stick").rglob("*.jsonl"))
        await seen.window.undo()
        await seen.drawn(DRAWN)
        assert "sync-meet-place-0" in seen.tags()


async def test_a_server_is_asked_for_a_login_and_one_that_is_away_is_said(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/sync")
        await seen.tap("sync-add-place")
        assert "sync-secret" not in seen.tags()
        await seen.type("sync-address", "webdav://127.0.0.1:9/dav")
        assert {"sync-user", "sync-secret"} <= seen.tags().keys()
        await seen.type("sync-user", "ana")
        await seen.tap("sync-look")
        await seen.drawn(DRAWN)
        assert "The password of webdav://ana@127.0.0.1:9/dav is needed." in seen.words()
        await seen.type("sync-secret", "s3cret")
        await seen.tap("sync-look")
        await seen.drawn(DRAWN)
        assert "127.0.0.1:9 does not answer." in seen.words()
        assert "s3cret" not in seen.words()
        assert not seen.crashed


class Answers:
    """A browser's way to servers: every question has this answer, or this refusal."""

    def __init__(self, answer: int | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(self, _: Login | None) -> Http:
        return self

    @asynccontextmanager
    async def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> AsyncIterator[Answer]:
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer

        async def nothing() -> AsyncIterator[bytes]:
            for piece in list[bytes]():
                yield piece

        yield Answer(status=self.answer, headers={}, pieces=nothing())

    async def close(self) -> None: ...


async def in_a_browser(answers: Answers) -> Desk:
    phone = Phone(number=11)
    phone.machine = replace(phone.machine, http=answers, keeps=False)
    return await phone.begun("Rain")


async def test_a_browsers_form_has_no_folders_and_says_so_at_once() -> None:
    answers = Answers(200)
    async with a_window(await in_a_browser(answers)) as seen:
        await seen.go("/sync")
        await seen.tap("sync-add-place")
        assert "/media/stick/FieldLog" not in seen.words()
        await seen.type("sync-address", "/media/stick")
        await seen.tap("sync-look")
        await seen.drawn(DRAWN)
        assert "has no folders" in seen.words()
        assert answers.asked == []


async def test_a_phone_says_at_once_that_a_server_lets_no_page_in_and_what_to_do() -> None:
    why = "cloud.example.org is there, but lets no web page in (CORS). Share a bundle."
    here = await in_a_browser(Answers(TargetRefused(why)))
    async with a_window(here) as seen:
        await seen.go("/sync")
        await seen.tap("sync-add-place")
        await seen.type("sync-address", "webdavs://cloud.example.org/dav")
        await seen.tap("sync-look")
        await seen.drawn(DRAWN)
        assert why in seen.words()
        assert "sync-add" not in seen.tags()
        assert not seen.crashed


async def test_a_password_that_is_refused_is_said_and_asked_for_again() -> None:
    answers = Answers(401)
    here = await in_a_browser(answers)
    assert here.work
    await keep_place(here.work.store.disk, Place(address="webdavs://ana@cloud.example.org/dav"))
    async with a_window(here) as seen:
        await seen.go("/sync")
        await seen.tap("sync-meet-place-0")
        await settled(seen, here)
        assert "The password of webdavs://ana@cloud.example.org/dav is needed." in seen.words()
        assert answers.asked == []
        await seen.type("sync-secret-place-0", "wrong")
        await seen.tap("sync-meet-place-0")
        await settled(seen, here)
        assert "does not take the user name and the password" in seen.words()
        assert "sync-secret-place-0" in seen.tags()
        before = len(answers.asked)
        await seen.tap("sync-meet-place-0")
        await settled(seen, here)
        assert len(answers.asked) == before, "what was refused is not tried again"
        assert not seen.crashed


async def test_a_cell_that_is_tapped_names_what_is_missing(desk: Desk, tmp_path: Path) -> None:
    await note(desk, "a note of the fourteenth day")
    async with a_window(desk) as seen:
        await seen.go("/sync")
        await add(seen, desk, str(tmp_path / "stick"))
        await seen.journeys.sync.choose(seen.journeys.sync.state.devices[-1].id, 13)
        await seen.drawn(DRAWN)
        assert "sync-missing-0" in seen.tags()
        assert "PD14" in str(seen.tags()["sync-missing-0"].label)


async def test_a_study_is_joined_from_where_another_device_exchanges_it(tmp_path: Path) -> None:
    here = await Desk.open(Phone(number=6).machine)
    other = await Phone(number=5).begun("Rain")
    await note(other, "from the other device")
    other.meetings.begin(str(tmp_path / "stick"))
    await over(other)
    async with a_window(here) as seen:
        await seen.tap("welcome-join")
        await seen.go("/welcome/join")
        await seen.type("sync-address", str(tmp_path / "nowhere"))
        await seen.tap("join-go")
        await seen.drawn(DRAWN)
        assert "There is no study at" in seen.words()
        await seen.go("/welcome")
        await seen.go("/welcome/join")
        assert "There is no study at" not in seen.words()
        assert not seen.journeys.sync.adding.open, "no place is being added"
        await seen.type("sync-address", str(tmp_path / "stick"))
        await seen.tap("join-go")
        await seen.drawn(DRAWN)
        assert texts(here) == ["from the other device"]
        await seen.go("/sync")
        assert "sync-meet-place-0" in seen.tags()
        assert not seen.crashed


async def met(desk: Desk, place: Path) -> None:
    desk.meetings.begin(str(place))
    await over(desk)


async def joined(number: int, place: Path) -> Desk:
    """A laptop that has all of it, and has said so there."""
    other = await Desk.open(Phone(number=number).machine)
    await other.join(str(place))
    await met(other, place)
    return other


async def test_what_two_devices_have_read_back_is_proven_and_no_longer_only_here(
    desk: Desk, tmp_path: Path
) -> None:
    await note(desk, "on both")
    async with a_window(desk) as seen:
        await seen.go("/sync")
        await add(seen, desk, str(tmp_path / "stick"))
        assert "now-copies" in seen.tags()
        await joined(7, tmp_path / "stick")
        await seen.tap("sync-meet-place-0")
        await settled(seen, desk)
        head = seen.journeys.sync.state.head
        assert head
        assert (head.number, head.only_here) == ("1", "")
        assert "sync-cells-device-1" in seen.tags()
        assert "now-copies" not in seen.tags(), "it is not said to be only here"
        await note(desk, "only here again")
        await seen.drawn(DRAWN)
        assert "now-copies" in seen.tags()
        assert not seen.crashed


async def test_a_phone_lets_originals_go_that_two_laptops_have_once_it_was_asked(tmp_path: Path) -> None:
    phone = Phone(number=8)
    phone.machine = replace(phone.machine, keeps=False)
    here, place = await phone.begun("Rain"), tmp_path / "stick"
    assert here.capture
    await here.capture.file(Bytes(name="plan.bin", data=b"plan" * 1000), derive=False)
    await met(here, place)
    for number in (9, 10):
        await joined(number, place)
    await met(here, place)
    work = here.work
    assert work
    async with a_window(here) as seen:
        await seen.go("/sync")
        await seen.drawn(DRAWN)
        assert "Free space on this phone: 4.0 kB" in seen.words()
        await seen.tap("room-ask")
        assert len(await work.vault.all()) == 1
        await seen.tap("room-leave")
        assert len(await work.vault.all()) == 1
        await seen.tap("room-ask")
        await seen.tap("room-go")
        await seen.drawn(DRAWN)
        assert await work.vault.all() == []
        assert "1 original went: 4.0 kB are free." in seen.words()
        assert not seen.crashed


async def test_everything_is_said_in_chinese_too(desk: Desk, tmp_path: Path) -> None:
    await note(desk, "灯还没好")
    async with a_window(desk) as seen:
        seen.window.speak("zh")
        await seen.go("/sync")
        await add(seen, desk, str(tmp_path / "stick"))
        for said in ("设备与备份", "已在 2 台设备上核验", "立即同步", "上次同步"):
            assert said in seen.words()
