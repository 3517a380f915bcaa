"""What another app shares is in the study once, words and files, whatever kills the phone meanwhile."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.moment import parse
from fieldlog.services.copies.bundle import pack
from fieldlog.services.copies.sealed import first_line
from fieldlog.services.copies.sealed.first_line import WrongPassphrase
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.desk import Desk
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.machine import SHARED
from fieldlog.services.machine.sources import DiskFile
from fieldlog.services.pocket.share_inbox import HALF_FOR, SEEN, TakenIn, drop, take_in
from tests.fakes.clock import FakeClock
from tests.fakes.erased import everything, hits
from tests.fakes.failing import DyingDisk, Killed
from tests.fakes.made import photo
from tests.fakes.phone import Below, Phone, texts

MONTH = b'{"format": "fieldlog-sample/1", "study": {"id": "st-02", "title": "Elsewhere", "default_tz": "UTC"}}'
File = tuple[str, str, bytes]
JPEG: File = ("IMG_1.jpg", "image/jpeg", photo(size=(64, 48)))


@dataclass
class Pocket(Phone):
    """A phone whose page puts what is shared beside the data, as the service worker does."""

    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def inbox(self) -> Below:
        return Below(self.disk, SHARED)

    async def share(self, files: Sequence[File] = (), *, whole: bool = True, **words: str) -> str:
        """Somebody shares this from another app; `whole` is False where the page is killed before the end."""
        folder, told = str(uuid.uuid4()), list[dict[str, Any]]()
        for place, (name, mime, data) in enumerate(files):
            await self.inbox.replace(f"{folder}/{place}", data)
            told.append({"kept": str(place), "name": name, "mime": mime, "bytes": len(data)})
        said = {"title": "", "text": "", "url": "", **words}
        at = self.clock.wall.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if whole:
            await self.inbox.replace(f"{folder}/meta.json", json.dumps({**said, "files": told, "at": at}).encode())
        return folder

    async def take(self, desk: Desk) -> TakenIn:
        assert desk.work
        assert desk.capture
        return await take_in(desk.work, desk.capture, self.inbox)


@pytest.fixture
def phone() -> Pocket:
    return Pocket()


@pytest.fixture
async def desk(phone: Pocket) -> Desk:
    return await phone.begun()


def entries(desk: Desk) -> list[dict[str, Any]]:
    assert desk.work
    return sorted(desk.work.store.state.entries(), key=lambda doc: (parse(doc["occurred_at"]), doc["id"]))


async def test_words_are_one_note_of_the_time_they_were_shared(phone: Pocket, desk: Desk) -> None:
    at = phone.clock.wall
    await phone.share(title="通告单", text="明天六点\r\n二号棚", url="https://example.org/call")
    phone.clock.advance(seconds=90)
    done = await phone.take(desk)
    (doc,) = entries(desk)
    assert doc["text"] == "通告单\n明天六点\n二号棚\nhttps://example.org/call"
    assert (doc["kind"], parse(doc["occurred_at"])) == ("jotting", at)
    assert doc["occurred"]["source"] == "device"
    assert (done.new, done.bundles, done.problems) == ({"jotting": 1}, [], [])
    assert await phone.inbox.list("") == []


async def test_what_the_text_says_already_is_not_said_twice(phone: Pocket, desk: Desk) -> None:
    await phone.share(title="Call", text="Call sheet: https://a.example", url="https://a.example")
    await phone.take(desk)
    assert texts(desk) == ["Call sheet: https://a.example"]


async def test_the_words_with_one_picture_are_its_caption(phone: Pocket, desk: Desk) -> None:
    await phone.share([JPEG], text="the light")
    done = await phone.take(desk)
    (doc,) = entries(desk)
    assert (doc["kind"], doc["text"], len(doc["attachments"])) == ("photo", "the light", 1)
    assert done.new == {"photo": 1}


async def test_several_files_come_in_their_order_after_the_words(phone: Pocket, desk: Desk) -> None:
    other = ("b.jpg", "image/jpeg", photo(size=(32, 32)))
    await phone.share([JPEG, other, ("list.txt", "text/plain", b"P08 Lei\n")], text="three")
    await phone.share(text="later")
    done = await phone.take(desk)
    assert [doc["kind"] for doc in entries(desk)][:4].count("photo") == 2
    mine = [doc for doc in entries(desk) if doc["text"] != "later"]
    assert [doc["kind"] for doc in mine] == ["jotting", "photo", "photo", "paper"]
    assert done.new == {"jotting": 2, "photo": 2, "paper": 1}


async def test_taken_in_twice_it_is_there_once(phone: Pocket, desk: Desk) -> None:
    await phone.share([JPEG], title="a", text="b")
    before = phone.disk.crash()
    await phone.take(desk)
    for path in [path for path in before._medium.files if path.startswith(SHARED)]:
        await phone.disk.replace(path, await before.read(path))
    again = await phone.take(desk)
    assert len(entries(desk)) == 1
    assert again.new == {}
    assert await phone.inbox.list("") == []


async def test_what_was_erased_does_not_come_back_with_a_share_that_lies_there_still(
    phone: Pocket, desk: Desk
) -> None:
    """Nothing tells any more when it was shared, and half a day has passed."""
    folder = await phone.share([JPEG], text="words")
    before = phone.disk.crash()
    await phone.take(desk)
    assert desk.work
    await Erasing(desk.work).erase([doc["id"] for doc in entries(desk)], reason="asked-to")
    phone.clock.advance(hours=12)
    for path in [path for path in before._medium.files if path.startswith(SHARED)]:
        await phone.disk.replace(path, await before.read(path))
    told = json.loads(await phone.inbox.read(f"{folder}/meta.json"))
    del told["at"]
    await phone.inbox.replace(f"{folder}/meta.json", json.dumps(told).encode())
    assert (await phone.take(desk)).new == {}
    assert entries(desk) == []
    assert hits(await everything(phone.disk), JPEG[2]) == {}


async def test_killed_anywhere_each_part_is_there_once() -> None:
    for dies_at in range(60):
        phone = Pocket()
        await (await phone.begun()).close()
        await phone.share([JPEG, ("call.txt", "text/plain", b"six")], text="words")
        await phone.share(text="more")
        whole = phone.disk.crash()
        dying = DyingDisk(whole, dies_at, tears=False)
        phone.disk = dying  # type: ignore[assignment]
        with suppress(Killed):
            await phone.take(await Desk.open(phone.machine))
        phone.disk = whole.crash()
        desk = await Desk.open(phone.machine)
        done = await phone.take(desk)
        assert sorted(doc["kind"] for doc in entries(desk)) == ["jotting", "jotting", "paper", "photo"]
        assert done.problems == []
        left = [path for path in phone.disk._medium.files if path.startswith(SHARED)]
        assert all(path.endswith(SEEN) for path in left), "at most an emptied folder, until it is a day old"
    assert dying.steps < dies_at, "it was never let through to the end"


async def test_on_a_full_disk_the_share_stays_and_is_taken_in_later(phone: Pocket, desk: Desk) -> None:
    await phone.share([("big.jpg", "image/jpeg", photo(size=(900, 700)))], text="words of it")
    await phone.room_for(200)
    done = await phone.take(desk)
    assert len(done.problems) == 1
    assert "no space left" in done.problems[0][1]
    assert entries(desk) == []
    phone.disk.capacity = None
    again = await phone.take(desk)
    assert (again.new, again.problems) == ({"photo": 1}, [])
    assert texts(desk) == ["words of it"]


async def test_a_file_whose_bytes_are_gone_is_told_and_its_words_are_kept(phone: Pocket, desk: Desk) -> None:
    folder = await phone.share([JPEG], text="words of it")
    await phone.inbox.remove(f"{folder}/0")
    done = await phone.take(desk)
    assert done.problems == [("IMG_1.jpg", "Its bytes did not arrive. Choose it again.")]
    assert texts(desk) == ["words of it"]


async def test_a_damaged_picture_is_kept_and_told(phone: Pocket, desk: Desk) -> None:
    await phone.share([("cut.jpg", "image/jpeg", JPEG[2][: len(JPEG[2]) // 2])])
    done = await phone.take(desk)
    assert len(entries(desk)) == 1
    assert [name for name, _ in done.problems] == ["cut.jpg"]


async def test_what_is_still_being_shared_is_left_alone_for_a_day(phone: Pocket, desk: Desk) -> None:
    folder = await phone.share([JPEG], whole=False)
    for wait in (HALF_FOR / 2, HALF_FOR / 2, HALF_FOR / 2):
        assert (await phone.take(desk)).new == {}
        assert [one.name for one in await phone.inbox.list("")] == [folder]
        phone.clock.advance(seconds=wait.total_seconds())
    await phone.take(desk)
    assert await phone.inbox.list("") == []


async def test_a_share_that_became_whole_after_it_was_seen_comes_in(phone: Pocket, desk: Desk) -> None:
    folder = await phone.share([JPEG], whole=False)
    await phone.take(desk)
    told = {"kept": "0", "name": "a.jpg", "mime": "image/jpeg", "bytes": 1}
    at = phone.clock.wall.isoformat()
    await phone.inbox.replace(f"{folder}/meta.json", json.dumps({"files": [told], "at": at}).encode())
    assert (await phone.take(desk)).new == {"photo": 1}
    assert await phone.inbox.list("") == []


async def test_a_sealed_bundle_waits_and_opens_with_its_passphrase(
    phone: Pocket, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_line, "ITERATIONS", 2)
    theirs = await Phone(number=1).begun("Theirs")
    assert theirs.capture
    assert theirs.work
    await theirs.capture.note("from the other phone")
    where, passphrase = MemoryDisk(), "four words nobody guesses"
    await pack(
        theirs.work, DiskFile(disk=where, path="b.sealed"), seal=seal_of(theirs.work.machine, passphrase)
    )  # fmt: skip
    sealed = ("b.sealed", "application/octet-stream", await where.read("b.sealed"))
    await phone.share([sealed, ("plain.sealed", "text/plain", b"a file of another app")])
    done = await phone.take(desk)
    assert [one.name for one in done.bundles] == ["b.sealed"]
    assert done.new.total() == 1
    with pytest.raises(WrongPassphrase):
        await desk.take_in(done.bundles[0], passphrase="another passphrase")
    await desk.take_in(done.bundles[0], passphrase=passphrase)
    assert texts(desk) == ["from the other phone"]


async def test_bundles_and_month_files_wait_and_the_rest_comes_in_once(phone: Pocket, desk: Desk) -> None:
    other = Phone(number=1)
    theirs = await other.begun("Theirs")
    assert theirs.capture
    assert theirs.work
    await theirs.capture.note("from the other phone")
    where = MemoryDisk()
    await pack(theirs.work, DiskFile(disk=where, path="theirs.zip"))
    bundle = ("theirs.zip", "application/zip", await where.read("theirs.zip"))
    await phone.share([JPEG, bundle, ("month.json", "application/json", MONTH)], text="have a look")
    done = await phone.take(desk)
    assert [one.name for one in done.bundles] == ["theirs.zip", "month.json"]
    assert done.new == {"photo": 1}

    assert desk.work
    mine = desk.work.store.project
    await desk.take_in(done.bundles[0])
    assert texts(desk) == ["from the other phone"]
    await drop(done.bundles[0])
    left = await phone.take(desk)
    assert [one.name for one in left.bundles] == ["month.json"]
    assert left.new == {}
    assert texts(desk) == ["from the other phone"], "nothing of the share came into the other study"
    await drop(left.bundles[0])
    assert await phone.inbox.list("") == []
    await desk.switch(mine)
    assert len(entries(desk)) == 1


async def test_any_other_zip_is_a_paper(phone: Pocket, desk: Desk) -> None:
    await phone.share([("a.zip", "application/zip", b"PK\x05\x06" + bytes(18)), ("b.json", "text/plain", b"{}")])
    done = await phone.take(desk)
    assert (done.new, done.bundles) == ({"paper": 2}, [])


async def test_the_time_of_sharing_is_never_later_than_now(phone: Pocket, desk: Desk) -> None:
    phone.clock.advance(seconds=3600)
    await phone.share(text="early")
    phone.clock.advance(seconds=-1800)
    await phone.take(desk)
    (doc,) = entries(desk)
    assert parse(doc["occurred_at"]) <= parse(doc["created_at"])
