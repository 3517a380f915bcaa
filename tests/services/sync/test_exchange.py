"""Devices exchange over a folder: each ends with what the other has, and nothing is done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest

from fieldlog.model.errors import Cancelled, NotFound, NotUnderstood, WrongPlace
from fieldlog.services.copies.only_here import Copies
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.erase.erase import Erased, Erasing
from fieldlog.services.study.erase_promise import INCOMING
from fieldlog.services.study.put_back.new_writers import PUT_BACK, WRITTEN_ON, WRITTEN_ON_ELSEWHERE
from fieldlog.services.study.studies import open_study
from fieldlog.services.sync import lines_in
from fieldlog.services.sync.exchange import Wiped, exchange, foresee, join
from fieldlog.services.sync.remembered import Original, Remembered
from fieldlog.sync import layout, plan
from fieldlog.sync.layout import LOG, segment_of
from fieldlog.sync.target import Item, Target, Unreachable
from tests.fakes.clock import FakeClock
from tests.fakes.erased import everything, hits
from tests.fakes.exchange import PLACE, STUDY, Asked, Device, Stick, are_equal, machine_number


@pytest.fixture
async def phone() -> AsyncIterator[Device]:
    device = await Device.new(1)
    yield device
    await device.work.close()


@pytest.fixture
async def laptop() -> AsyncIterator[Device]:
    device = await Device.new(2)
    yield device
    await device.work.close()


@pytest.fixture
def stick() -> Stick:
    return Stick()


async def meet(stick: Stick, *devices: Device) -> None:
    """Each twice: what the last one brings reaches the first."""
    for device in (*devices, *devices):
        await device.sync(stick.target)


async def test_what_is_written_on_both_is_on_both_private_notes_too(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("the lamp is not ready")
    await phone.note("I am tired", private=True)
    await laptop.note("they wait for the wind")
    await meet(stick, phone, laptop)
    assert phone.texts == laptop.texts == ["I am tired", "the lamp is not ready", "they wait for the wind"]
    assert await are_equal(phone, laptop)
    assert await laptop.work.store.verify() == []


async def test_lines_on_the_target_are_those_of_the_journals_byte_for_byte(phone: Device, stick: Stick) -> None:
    await phone.note("one")
    await phone.note("two")
    await phone.sync(stick.target)
    found: dict[str, bytes] = {}
    for name, data in (await stick.files()).items():
        segment = segment_of(Item(name=name, bytes=len(data)))
        if segment:
            assert layout.is_whole(segment, data)
            found[segment.writer] = found.get(segment.writer, b"") + data
    assert found == await phone.journals()
    assert layout.project_in((await stick.files())["format.json"]) == STUDY


async def test_where_nothing_is_new_one_request_says_so(phone: Device, laptop: Device, stick: Stick) -> None:
    await phone.note("one")
    await phone.photo(b"a photo")
    await meet(stick, phone, laptop)
    for device in (phone, laptop):
        stick.asked.clear()
        assert (await device.sync(stick.target)).idle
        assert stick.asked == [("list", "head")]


async def test_segments_are_looked_at_one_after_the_other(phone: Device, laptop: Device, stick: Stick) -> None:
    """Threads that compute take turns with the screens: each more of them is a wait more for these."""
    at_work, most = list[object](), 0

    async def offload(work: Any, /, *frozen: Any) -> Any:
        nonlocal most
        looks = work is lines_in.lines_of
        at_work.extend([work] * looks)
        most = max(most, len(at_work))
        await asyncio.sleep(0)
        del at_work[: int(looks)]
        return work(*frozen)

    for n in range(4):
        await phone.note(f"note {n}")
        await phone.sync(stick.target)
    laptop.work.machine = replace(laptop.work.machine, offload=offload)
    await laptop.sync(stick.target)
    assert most == 1
    assert laptop.texts == phone.texts


async def test_after_an_hour_everything_is_looked_at_once_more(phone: Device, stick: Stick) -> None:
    await phone.note("one")
    await phone.sync(stick.target)
    phone.clock.advance(hours=1)
    assert not (await phone.sync(stick.target)).idle
    assert (await phone.sync(stick.target)).idle


async def test_where_nothing_tells_whether_a_head_is_another_it_counts_as_changed(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    class NoMarks(Asked):
        async def list(self, folder: str) -> list[Item]:
            return [Item(name=item.name, bytes=item.bytes) for item in await super().list(folder)]

    plain = NoMarks(stick.disk, stick.asked)
    for n in range(3):
        await phone.note(f"note {n}")
        await phone.sync(plain)
        await laptop.sync(plain)
        assert laptop.texts == phone.texts


async def test_of_what_is_known_nothing_is_sent_or_read_again(phone: Device, laptop: Device, stick: Stick) -> None:
    await phone.note("one")
    await phone.photo(b"a photo")
    await meet(stick, phone, laptop)
    await phone.note("two")
    stick.asked.clear()
    await phone.sync(stick.target)
    put = [name.partition("/")[0] for what, name in stick.asked if what == "put"]
    assert put == ["log", "head", "proof", "head"]
    assert [name for what, name in stick.asked if what == "read" and name.startswith(LOG)] == []
    stick.asked.clear()
    await laptop.sync(stick.target)
    assert len([name for what, name in stick.asked if what == "read" and name.startswith(LOG)]) == 1
    assert [name.partition("/")[0] for what, name in stick.asked if what == "put"] == ["proof", "head"]


async def test_a_first_sync_of_photos_asks_nothing_of_each_but_to_keep_it(phone: Device, stick: Stick) -> None:
    for n in range(5):
        await phone.photo(b"photo %d" % n)
    await phone.sync(stick.target)
    media = [what for what, name in stick.asked if name.startswith("media/")]
    assert media == ["put"] * 5


async def test_a_lost_memory_costs_requests_and_nothing_else(phone: Device, laptop: Device, stick: Stick) -> None:
    await phone.note("one")
    await phone.photo(b"a photo")
    await meet(stick, phone, laptop)
    for found in await phone.disk.list("sync"):
        if not found.is_dir:
            await phone.disk.replace(f"sync/{found.name}", b"{torn")
    before = await stick.files()
    stick.asked.clear()
    await phone.sync(stick.target)
    assert [name for what, name in stick.asked if what == "put" and not name.startswith("head/")] == []
    assert {name: data for name, data in (await stick.files()).items() if not name.startswith("head/")} == {
        name: data for name, data in before.items() if not name.startswith("head/")
    }


async def test_a_joiner_gets_everything(phone: Device, laptop: Device, stick: Stick) -> None:
    await phone.note("one")
    await laptop.photo(b"a photo", "what I saw")
    await meet(stick, phone, laptop)
    third = await Device.joined(3, stick.target)
    assert third.work.store.state.about.title == "The Long Take"
    assert await are_equal(phone, laptop, third)
    await third.work.close()


async def test_what_is_joined_must_be_there(stick: Stick) -> None:
    machine = machine_number(3, FakeClock())
    with pytest.raises(NotFound, match=PLACE):
        await join(machine, stick.target, PLACE)


async def test_a_device_hands_on_what_another_wrote(phone: Device, laptop: Device, stick: Stick) -> None:
    """To a second target, which the phone never reaches."""
    await phone.note("one")
    await phone.photo(b"a photo")
    await meet(stick, phone, laptop)
    other = Stick()
    await exchange(laptop.work, other.target, "/somewhere/else")
    third = await Device.joined(3, other.target)
    assert await are_equal(phone, third)
    await third.work.close()


# -- originals


async def test_originals_come_after_the_lines_and_one_that_is_not_there_yet_is_said(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    entry = await phone.photo(b"a photo", "what I saw")
    await phone.sync(stick.target)
    name = next(name for name in await stick.files() if name.startswith("media/"))
    data = (await stick.files())[name]
    await stick.disk.remove(name)
    done = await laptop.sync(stick.target)
    assert (done.waiting, done.media_in) == (1, 0)
    assert laptop.work.store.state.get(entry.id) is not None
    await stick.disk.replace(name, data)
    laptop.clock.advance(hours=2)
    done = await laptop.sync(stick.target)
    assert (done.waiting, done.media_in) == (0, 1)
    assert await are_equal(phone, laptop)


@pytest.mark.parametrize("answer", ["heard", "lost"])
async def test_a_device_that_waits_for_a_photo_hears_when_it_came(
    phone: Device, laptop: Device, stick: Stick, answer: str
) -> None:
    await phone.photo(b"a photo")

    class NoMedia(Asked):
        keeps = False

        async def put(self, name: str, data: bytes) -> None:
            if not name.startswith("media/") or self.keeps:
                await super().put(name, data)
            if name.startswith("media/"):
                raise Unreachable("The line broke.")

    broken = NoMedia(stick.disk, stick.asked)
    with pytest.raises(Unreachable):
        await phone.sync(broken)
    assert (await laptop.sync(stick.target)).waiting == 1
    assert (await laptop.sync(stick.target)).idle
    if answer == "lost":
        broken.keeps = True
        with pytest.raises(Unreachable):
            await phone.sync(broken)
    await phone.sync(stick.target)
    assert (await laptop.sync(stick.target)).media_in == 1


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(layout, "PART_BYTES", 1000)
    return 1000


async def test_a_large_original_goes_and_comes_in_parts(
    phone: Device, laptop: Device, stick: Stick, small_parts: int
) -> None:
    data = Random(3).randbytes(3 * small_parts + 1)
    await phone.photo(data)
    await phone.photo(b"a small one")
    await phone.sync(stick.target)
    sizes = [len(one) for name, one in (await stick.files()).items() if name.startswith("media/")]
    assert sorted(size for size in sizes if size in (1, small_parts)) == [1, 1000, 1000, 1000]
    put = [name for what, name in stick.asked if what == "put" and name.startswith("media/")]
    assert not put[0].endswith(".0"), "the small one goes first"
    assert put[-1].endswith(".parts"), "the index goes last"
    await laptop.sync(stick.target)
    assert await are_equal(phone, laptop)
    assert await laptop.disk.list(INCOMING) == []
    assert await laptop.faults_of(stick.target) == []


@dataclass
class Breaking:
    """The line breaks at the n-th request for originals."""

    inner: Target
    left: int
    asked: list[tuple[str, str]] = field(default_factory=list)

    def _count(self, what: str, name: str) -> None:
        if name.startswith("media/"):
            if self.left == 0:
                raise Unreachable("The line broke.")
            self.left -= 1
            self.asked.append((what, name))

    async def list(self, folder: str) -> list[Item]:
        return await self.inner.list(folder)

    async def size(self, name: str) -> int | None:
        self._count("size", name)
        return await self.inner.size(name)

    async def read(self, name: str, start: int = 0) -> AsyncIterator[bytes]:
        self._count("read", name)
        async for piece in self.inner.read(name, start):
            yield piece

    async def put(self, name: str, data: bytes) -> None:
        self._count("put", name)
        await self.inner.put(name, data)

    async def remove(self, name: str) -> None:
        self._count("remove", name)
        await self.inner.remove(name)

    async def close(self) -> None:
        await self.inner.close()


@pytest.mark.parametrize("breaks_at", range(1, 6))
async def test_a_part_that_is_there_is_not_sent_again(
    phone: Device, stick: Stick, small_parts: int, breaks_at: int
) -> None:
    await phone.photo(Random(3).randbytes(4 * small_parts + 1))
    broken = Breaking(stick.target, breaks_at)
    with pytest.raises(Unreachable):
        await phone.sync(broken)
    await phone.again()
    rest = Breaking(stick.target, 1000)
    await phone.sync(rest)
    put = [name for some in (broken, rest) for what, name in some.asked if what == "put"]
    assert len(put) == len(set(put)) == 6


async def test_of_a_part_that_is_damaged_only_that_is_sent_again(
    phone: Device, laptop: Device, stick: Stick, small_parts: int
) -> None:
    await phone.photo(Random(3).randbytes(4 * small_parts + 1))
    await phone.sync(stick.target)
    part = next(name for name in await stick.files() if name.endswith(".1"))
    await flip(stick, part)
    assert (await laptop.sync(stick.target)).problems != []
    stick.asked.clear()
    await phone.sync(stick.target)
    put = [name for what, name in stick.asked if what == "put" and name.startswith("media/")]
    assert put == [part, part[:-1] + "parts"]
    assert (await laptop.sync(stick.target)).problems == []
    assert await are_equal(phone, laptop)


@pytest.mark.parametrize("breaks_at", range(1, 6))
async def test_a_part_that_is_here_is_not_fetched_again_but_the_last(
    phone: Device, laptop: Device, stick: Stick, small_parts: int, breaks_at: int
) -> None:
    await phone.photo(Random(3).randbytes(4 * small_parts + 1))
    await phone.sync(stick.target)
    broken, rest = Breaking(stick.target, breaks_at), Breaking(stick.target, 1000)
    with pytest.raises(Unreachable):
        await laptop.sync(broken)
    await laptop.again()
    assert (await laptop.sync(rest)).media_in == 1
    read = [name for some in (broken, rest) for what, name in some.asked if what == "read" and name[-1].isdigit()]
    assert len(read) == 5
    assert await are_equal(phone, laptop)


async def test_an_original_that_is_not_what_it_was_stays_here_and_is_named(phone: Device, stick: Stick) -> None:
    await phone.photo(b"a photo")
    kept = (await phone.work.vault.all())[0]
    await phone.disk.replace(kept.path, b"a phot0")
    done = await phone.sync(stick.target)
    assert (done.media_out, len(done.problems)) == (0, 1)
    assert not [name for name in await stick.files() if name.startswith("media/")]


# -- erasing


SAID, WAS_SEEN = "she said it in the van", b"her face in the mirror, many bytes"


@pytest.mark.parametrize("who", [0, 1])
async def test_what_is_erased_on_one_goes_from_the_other_and_from_the_target(
    phone: Device, laptop: Device, stick: Stick, who: int
) -> None:
    stays = await phone.note("the rain has stopped")
    note = await phone.note(SAID)
    photo = await phone.photo(WAS_SEEN, SAID)
    await meet(stick, phone, laptop)
    assert hits(await stick.files(), SAID, WAS_SEEN) != {}
    eraser = (phone, laptop)[who]
    await eraser.erase(note)
    await eraser.erase(photo.id)
    await meet(stick, phone, laptop)
    for device in (phone, laptop):
        assert hits(await everything(device.disk), SAID, WAS_SEEN) == {}
        assert device.texts == ["the rain has stopped"]
        assert device.work.store.state.get(stays) is not None
        assert await device.work.store.verify() == []
    assert hits(await stick.files(), SAID, WAS_SEEN) == {}
    assert await are_equal(phone, laptop)
    third = await Device.joined(3, stick.target)
    assert await are_equal(phone, third)
    await third.work.close()


async def test_erased_here_and_changed_there_the_words_go_on_both(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    note = await phone.note(SAID)
    await meet(stick, phone, laptop)
    await phone.erase(note)
    await Editing(laptop.work).reword(note, f"{SAID}, I think")
    await meet(stick, laptop, phone)
    await meet(stick, laptop)
    assert hits(await stick.files(), SAID) == {}
    assert hits(await everything(phone.disk), SAID) == hits(await everything(laptop.disk), SAID) == {}
    assert await are_equal(phone, laptop)


async def test_both_erase_the_same(phone: Device, laptop: Device, stick: Stick) -> None:
    note = await phone.note(SAID)
    await meet(stick, phone, laptop)
    await phone.erase(note)
    await laptop.erase(note)
    await meet(stick, phone, laptop)
    await meet(stick, phone, laptop)
    assert hits(await stick.files(), SAID) == {}
    assert await are_equal(phone, laptop)


async def test_an_erasing_of_which_only_the_word_came_is_carried_out_there_by_who_hears_of_it(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    note = await phone.note(SAID)
    await meet(stick, phone, laptop)
    third = await Device.joined(3, stick.target)
    await third.erase(note)
    own = third.work.store.own_writers["team"]

    class Breaks(Asked):
        async def put(self, name: str, data: bytes) -> None:
            if not name.startswith(f"{LOG}/{own}/"):
                raise Unreachable("The line broke.")
            await super().put(name, data)

    with pytest.raises(Unreachable):
        await third.sync(Breaks(stick.disk, stick.asked))
    assert any(name.startswith(f"{LOG}/{own}/") for name in await stick.files())
    assert hits(await stick.files(), SAID) != {}
    laptop.clock.advance(hours=2)
    await laptop.sync(stick.target)
    assert not (await laptop.sync(stick.target)).problems
    assert hits(await stick.files(), SAID) == {}
    await third.work.close()


async def test_what_is_erased_while_it_is_sent_is_not_there_in_the_end(phone: Device, stick: Stick) -> None:
    note = await phone.note(SAID)

    class Erases(Asked):
        task: asyncio.Future[Erased] | None = None

        async def put(self, name: str, data: bytes) -> None:
            await super().put(name, data)
            if name.startswith(LOG) and Erases.task is None:
                Erases.task = asyncio.ensure_future(Erasing(phone.work).erase([note], reason="asked-to"))
                await asyncio.sleep(0.1)

    await phone.sync(Erases(stick.disk, stick.asked))
    assert Erases.task
    await Erases.task
    assert hits(await stick.files(), SAID) == {}


async def test_where_a_record_is_only_lost_its_original_stays_on_the_target(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    """That nothing names it any more is no erasing: a damaged line took the name along."""
    await phone.photo(b"a photo")
    await meet(stick, phone, laptop)
    await phone.work.close()
    for found in await phone.disk.list("views"):
        await phone.disk.remove(f"views/{found.name}")
    for writer in await phone.disk.list("journals"):
        for file in await phone.disk.list(f"journals/{writer.name}"):
            path = f"journals/{writer.name}/{file.name}"
            data = await phone.disk.read(path)
            await phone.disk.replace(path, data.replace(b'"attachment"', b'"attachmenT"'))
    phone.work = await open_study(phone.work.machine, STUDY, write=True)
    await phone.sync(stick.target, whole=True)
    assert [name for name in await stick.files() if name.startswith("media/")]
    assert await phone.work.store.verify() == [], "what was lost here came back from there"
    assert await are_equal(phone, laptop)


async def test_what_is_remembered_and_named_by_no_record_here_is_never_taken_for_erased(
    phone: Device, stick: Stick
) -> None:
    await phone.photo(b"a photo")
    await phone.sync(stick.target)
    memory = await Remembered.of(phone.disk, PLACE)
    sha256 = "3f" * 32
    name = layout.media_name(sha256, "jpg")
    memory.media[sha256] = Original(extension="jpg", bytes=1, records=["nobody knows it"], there=True)
    await memory.keep()
    await stick.disk.replace(name, b"x")
    await phone.sync(stick.target, whole=True)
    assert name in await stick.files()


# -- what is not as it should be


async def test_a_target_that_was_emptied_stops_and_asks_and_is_filled_again_when_told(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("one")
    await phone.photo(b"a photo")
    await meet(stick, phone, laptop)
    empty = Stick()
    with pytest.raises(Wiped, match="filled again"):
        await phone.sync(empty.target)
    assert await empty.files() == {}
    assert phone.texts == ["", "one"]
    await phone.sync(empty.target, refill=True)
    third = await Device.joined(3, empty.target)
    assert await are_equal(phone, third)
    await third.work.close()


async def test_a_target_of_another_study_is_refused_and_stays_as_it_is(phone: Device, stick: Stick) -> None:
    await stick.disk.replace("format.json", layout.format_of("another"))
    with pytest.raises(WrongPlace, match="another study"):
        await phone.sync(stick.target)
    assert list(await stick.files()) == ["format.json"]


async def test_a_damaged_format_json_is_made_whole_by_who_knows_the_place(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("one")
    await phone.sync(stick.target)
    await stick.disk.replace("format.json", b'{"form')
    with pytest.raises(NotUnderstood, match="of which study"):
        await laptop.sync(stick.target)
    await phone.note("two")
    await phone.sync(stick.target)
    await laptop.sync(stick.target)
    assert laptop.texts == ["one", "two"]


async def test_half_a_format_json_with_nothing_beside_it_is_made_anew(phone: Device, stick: Stick) -> None:
    await stick.disk.replace("format.json", b'{"form')
    await phone.sync(stick.target)
    assert layout.project_in((await stick.files())["format.json"]) == STUDY


async def test_foreign_files_and_copies_in_conflict_are_named_and_left_alone(phone: Device, stick: Stick) -> None:
    await phone.note("one")
    await phone.sync(stick.target)
    name = next(name for name in await stick.files() if name.startswith(LOG))
    copy = name.replace(".jsonl", "-MacBook.jsonl")
    for path in (copy, "log/notes.txt", "letter.doc"):
        await stick.disk.replace(path, b"x")
    await phone.note("two")
    done = await phone.sync(stick.target)
    assert sorted(done.set_aside) == sorted([copy, "log/notes.txt"])
    assert {copy, "log/notes.txt", "letter.doc"} <= (await stick.files()).keys()


async def test_half_a_segment_is_no_segment_and_is_put_again(phone: Device, laptop: Device, stick: Stick) -> None:
    await phone.note("one")
    await phone.sync(stick.target)
    name = next(name for name, data in (await stick.files()).items() if name.startswith(LOG))
    whole = (await stick.files())[name]
    await stick.disk.replace(name, whole[: len(whole) // 2])
    assert (await laptop.sync(stick.target)).lines_in == 0
    phone.clock.advance(hours=2)
    await phone.sync(stick.target)
    assert (await stick.files())[name] == whole
    await laptop.sync(stick.target)
    assert await are_equal(phone, laptop)


class Cuts(Asked):
    """Shows a listing of yesterday, and the line breaks on every segment and original: half of it takes the place
    of what is there."""

    def __init__(self, stick: Stick, before: list[Item]) -> None:
        super().__init__(stick.disk, stick.asked)
        self._before = before

    async def list(self, folder: str) -> list[Item]:
        return self._before if folder == LOG else await super().list(folder)

    async def put(self, name: str, data: bytes) -> None:
        if not name.startswith((LOG, "media/")):
            await super().put(name, data)
            return
        await super().put(name, data[: len(data) // 2])
        raise Unreachable("The line broke.")


async def test_what_a_listing_of_yesterday_leaves_out_is_not_put_over_the_whole_one(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.sync(stick.target)
    before = await stick.target.list(LOG)
    await phone.note("one")
    await phone.sync(stick.target)
    phone.clock.advance(hours=2)
    await phone.sync(Cuts(stick, before))
    await laptop.sync(stick.target)
    assert laptop.texts == ["one"]


@pytest.mark.parametrize("what", [LOG, "media"])
async def test_what_was_damaged_and_is_whole_by_now_is_not_put_over_the_whole_one(
    phone: Device, laptop: Device, stick: Stick, what: str
) -> None:
    await phone.photo(b"a photo")
    await phone.sync(stick.target)
    name = next(name for name in await stick.files() if name.startswith(what))
    whole = (await stick.files())[name]
    await flip(stick, name)
    await laptop.sync(stick.target)
    await stick.disk.replace(name, whole)
    await phone.sync(Cuts(stick, await stick.target.list(LOG)))
    assert (await stick.files())[name] == whole


async def flip(stick: Stick, name: str) -> None:
    data = bytearray((await stick.files())[name])
    data[len(data) // 2] ^= 1
    await stick.disk.replace(name, bytes(data))


@pytest.mark.parametrize("what", [LOG, "media"])
async def test_who_finds_something_damaged_says_so_and_who_has_it_puts_it_again(
    phone: Device, laptop: Device, stick: Stick, what: str
) -> None:
    await phone.photo(b"a photo")
    await phone.sync(stick.target)
    name = next(name for name in await stick.files() if name.startswith(what))
    whole = (await stick.files())[name]
    await flip(stick, name)
    done = await laptop.sync(stick.target)
    assert any(name in problem for problem in done.problems)
    assert not (await phone.sync(stick.target)).idle
    assert (await stick.files())[name] == whole
    done = await laptop.sync(stick.target)
    assert done.problems == []
    assert await are_equal(phone, laptop)
    assert (await meet_until_idle(stick, phone, laptop)) <= 3


async def meet_until_idle(stick: Stick, *devices: Device) -> int:
    for times in range(10):
        if all([(await device.sync(stick.target)).idle for device in devices]):
            return times
    raise AssertionError("they never rest")


async def test_everything_there_is_read_back_and_what_is_damaged_named_and_mended(
    phone: Device, stick: Stick
) -> None:
    await phone.note("one")
    await phone.photo(b"a photo")
    await phone.sync(stick.target)
    assert await phone.faults_of(stick.target) == []
    before = await stick.files()
    names = [next(name for name in before if name.startswith(what)) for what in (LOG, "media")]
    for name in names:
        await flip(stick, name)
    faults = await phone.faults_of(stick.target)
    assert all(any(name in fault for fault in faults) for name in names)
    await phone.sync(stick.target)
    assert await phone.faults_of(stick.target) == []
    after = await stick.files()
    assert all(after[name] == before[name] for name in names)


async def test_what_is_missing_there_is_named_by_reading_back(phone: Device, stick: Stick) -> None:
    await phone.photo(b"a photo", "what I saw")
    await phone.sync(stick.target)
    for name in await stick.files():
        if name.startswith((LOG, "media", "format.json")):
            await stick.disk.remove(name)
    said = " ".join(await phone.faults_of(stick.target))
    assert "format.json" in said
    assert "are not there" in said
    assert "what I saw" in said


async def test_lines_behind_a_gap_wait_and_the_rest_comes(phone: Device, laptop: Device, stick: Stick) -> None:
    await phone.note("one")
    await phone.sync(stick.target)
    await phone.note("two", private=True)
    await phone.note("three")
    await phone.sync(stick.target)
    team = phone.work.store.own_writers["team"]
    first = sorted(name for name in await stick.files() if name.startswith(f"{LOG}/{team}/1-"))[0]
    data = (await stick.files())[first]
    await stick.disk.remove(first)
    done = await laptop.sync(stick.target)
    assert laptop.texts == ["two"]
    assert any("wait for those before them" in problem for problem in done.problems)
    await stick.disk.replace(first, data)
    laptop.clock.advance(hours=2)
    await laptop.sync(stick.target)
    assert await are_equal(phone, laptop)


async def test_lines_behind_damaged_ones_wait_and_stop_no_other(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("one")
    await phone.sync(stick.target)
    await phone.note("two")
    await phone.note("three", private=True)
    await phone.sync(stick.target)
    team = phone.work.store.own_writers["team"]
    await flip(stick, sorted(name for name in await stick.files() if name.startswith(f"{LOG}/{team}/1-"))[0])
    done = await laptop.sync(stick.target)
    assert laptop.texts == ["three"]
    assert len(done.problems) == 2
    await phone.sync(stick.target)
    assert (await laptop.sync(stick.target)).problems == []
    assert await are_equal(phone, laptop)


async def test_what_two_devices_wrote_on_with_under_one_writer_is_on_all(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("one")
    await laptop.note("theirs")
    await meet(stick, phone, laptop)
    clone = await phone.cloned(9)
    writer = phone.work.store.own_writers["team"]
    await phone.note("this way")
    await phone.sync(stick.target)
    await clone.note("that way")
    await laptop.note("more of theirs")
    await laptop.sync(stick.target)
    done = await clone.sync(stick.target)
    assert (done.forked, done.told, done.problems) == ([writer], [WRITTEN_ON], [])
    assert clone.work.store.own_writers["team"] != writer
    done = await phone.sync(stick.target)
    assert (done.forked, done.told, done.problems) == ([writer], [WRITTEN_ON], [])
    done = await laptop.sync(stick.target)
    assert (done.forked, done.told, done.problems) == ([writer], [WRITTEN_ON_ELSEWHERE], [])
    assert (await meet_until_idle(stick, phone, clone, laptop)) <= 2
    assert phone.texts == ["more of theirs", "one", "that way", "theirs", "this way"]
    assert await are_equal(phone, clone, laptop)
    for device in (phone, clone, laptop):
        assert await device.work.store.verify() == []
        assert await device.faults_of(stick.target) == []
    await clone.work.close()


async def test_put_back_and_met_before_it_wrote_a_device_gets_its_lines_back_and_writes_under_a_new_name(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    """Its copy, which lives on, may still write under the old one."""
    await phone.note("one")
    await meet(stick, phone, laptop)
    clone, (writer, device) = await phone.cloned(9), (phone.work.store.own_writers["team"], phone.work.device.id)
    await clone.note("two")
    await clone.note("and three", private=True)
    await clone.sync(stick.target)
    done = await phone.sync(stick.target)
    assert (done.lines_in, done.told, done.problems) == (2, [PUT_BACK], [])
    assert phone.texts == ["and three", "one", "two"]
    assert await are_equal(phone, clone)
    assert writer not in phone.work.store.own_writers.values()
    assert (phone.work.device.id != device, phone.work.device.former) == (True, [device])
    await phone.note("this way")
    await clone.note("that way")
    await meet(stick, phone, clone, laptop)
    assert phone.texts == ["and three", "one", "that way", "this way", "two"]
    assert await are_equal(phone, clone, laptop)
    assert not any("~" in name for name in await phone.journals())
    assert (await meet_until_idle(stick, phone, clone, laptop)) <= 2
    await clone.work.close()


async def test_what_is_written_while_ones_own_lines_come_back_has_none_of_their_numbers(
    phone: Device, stick: Stick
) -> None:
    await phone.note("one")
    await phone.sync(stick.target)
    backup = await phone.data()
    await phone.note("two")
    await phone.sync(stick.target)
    await phone.put_back(backup)

    class Types(Asked):
        async def read(self, name: str, start: int = 0) -> AsyncIterator[bytes]:
            if name.startswith(LOG):
                await phone.note("meanwhile")
            async for piece in super().read(name, start):
                yield piece

    await phone.sync(Types(stick.disk, stick.asked))
    assert phone.texts == ["meanwhile", "one", "two"]
    assert not any("~" in name for name in await phone.journals())
    assert await phone.work.store.verify() == []


@pytest.mark.parametrize("spoils", ["gone", "cut", "damaged"])
async def test_lines_of_ones_own_that_cannot_come_back_tell_as_well_that_others_have_them(
    phone: Device, laptop: Device, stick: Stick, spoils: str
) -> None:
    await phone.note("one")
    await meet(stick, phone, laptop)
    backup, writer = await phone.data(), phone.work.store.own_writers["team"]
    before = await stick.files()
    await phone.note("two")
    await phone.sync(stick.target)
    there = await stick.files()
    name = next(one for one in there if one.startswith(f"{LOG}/{writer}/") and one not in before)
    await phone.note("three")
    await phone.sync(stick.target)
    held = there[name]
    if spoils == "gone":
        await stick.disk.remove(name)
    else:
        await stick.disk.replace(name, held[:-1] if spoils == "cut" else held.replace(b"two", b"twa"))
    await phone.put_back(backup)
    done = await phone.sync(stick.target)
    assert done.told == [PUT_BACK]
    assert writer not in phone.work.store.own_writers.values()
    await phone.note("afterwards")
    await phone.sync(stick.target)
    await stick.disk.replace(name, held)
    for device in (laptop, phone, laptop):
        device.clock.advance(hours=2)
        await device.sync(stick.target)
    assert phone.texts == ["afterwards", "one", "three", "two"]
    assert await are_equal(phone, laptop)
    assert not any("~" in name for name in await phone.journals())


async def test_who_comes_last_finds_branches_and_takes_them_in(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    clone = await phone.cloned(9)
    for n in range(3):
        await phone.note(f"this way {n}")
        await clone.note(f"that way {n}")
        await phone.sync(stick.target)
    await clone.sync(stick.target)
    await meet(stick, phone, clone)
    done = await laptop.sync(stick.target)
    assert done.problems == []
    assert await are_equal(phone, clone, laptop)
    assert any("~" in name for name in await laptop.journals())
    await clone.work.close()


async def test_what_is_erased_leaves_the_old_segment_of_a_journal_that_was_parted_since(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.sync(stick.target)
    clone = await phone.cloned(9)
    gone = await phone.note("this way, for nobody to read"), await clone.note("that way, for nobody to read")
    await phone.note("this way")
    await clone.note("that way")
    await meet(stick, phone, laptop)
    await clone.sync(stick.target)
    for entry in gone:
        await clone.erase(entry)
    await meet(stick, clone, phone, laptop)
    for device in (phone, clone, laptop):
        assert hits(await everything(device.disk), "for nobody to read") == {}
    assert hits(await stick.files(), "for nobody to read") == {}
    assert phone.texts == ["that way", "this way"]
    assert await are_equal(phone, clone, laptop)
    await clone.work.close()


async def test_a_line_that_follows_nothing_any_more_hinders_none(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("one")
    await phone.sync(stick.target)
    backup, writer = await phone.data(), phone.work.store.own_writers["team"]
    await phone.note("lost")
    before = await stick.files()
    await phone.sync(stick.target)
    await phone.note("it stands there alone")
    await phone.sync(stick.target)
    *_, gone, _ = sorted(name for name in await stick.files() if name.startswith(f"{LOG}/{writer}/"))
    assert gone not in before
    await stick.disk.remove(gone)
    await phone.put_back(backup)
    for n in range(3):
        await phone.note(f"after {n}")
        done = await phone.sync(stick.target)
    assert any("can't be read" in problem for problem in done.problems)
    await laptop.sync(stick.target)
    assert laptop.texts == ["after 0", "after 1", "after 2", "one"]
    assert (await meet_until_idle(stick, phone, laptop)) <= 2
    assert await are_equal(phone, laptop)
    assert await laptop.work.store.verify() == []


async def test_of_a_damaged_segment_the_whole_lines_are_taken_and_the_rest_stays_there(
    phone: Device, stick: Stick
) -> None:
    await phone.sync(stick.target)
    backup, writer = await phone.data(), phone.work.store.own_writers["team"]
    for words in ("before it", "damaged", "behind it"):
        await phone.note(words)
    before = await stick.files()
    await phone.sync(stick.target)
    name = next(one for one in await stick.files() if one.startswith(f"{LOG}/{writer}/") and one not in before)
    await stick.disk.replace(name, (await stick.files())[name].replace(b"damaged", b"damages"))
    await phone.put_back(backup)
    for n in range(3):
        await phone.note(f"after {n}")
    await phone.sync(stick.target)
    assert phone.texts == ["after 0", "after 1", "after 2", "before it"]
    assert name in await stick.files()
    assert await phone.work.store.verify() == []


@pytest.mark.parametrize("spoils", [True, False])
async def test_what_is_erased_leaves_segments_that_nobody_can_merge(
    phone: Device, stick: Stick, spoils: bool
) -> None:
    note = await phone.note("one")
    await phone.sync(stick.target)
    backup, before = await phone.data(), await stick.files()
    phone.clock.advance(minutes=1)
    await phone.note("damaged")
    if not spoils:
        await phone.sync(stick.target)
    between = await stick.files()
    await Editing(phone.work).reword(note, "one, for nobody to read")
    await phone.sync(stick.target)
    for name, data in (await stick.files()).items():
        if name.startswith(LOG) and name not in before:
            if spoils:
                await stick.disk.replace(name, data.replace(b"damaged", b"damages"))
            elif name in between:
                await stick.disk.remove(name)
    assert hits(await stick.files(), "for nobody to read") != {}
    await phone.put_back(backup)
    await phone.erase(note)
    await phone.sync(stick.target)
    assert hits(await stick.files(), "for nobody to read") == {}
    assert (await meet_until_idle(stick, phone)) <= 1


async def test_an_erased_original_goes_from_there_although_who_put_it_forgot(phone: Device, stick: Stick) -> None:
    photo = await phone.photo(b"SEEN NO MORE")
    clone = await phone.cloned(9)
    before = await clone.data()
    await phone.erase(photo.id)
    await clone.sync(stick.target)
    await clone.put_back(before)
    await phone.sync(stick.target)
    assert hits(await stick.files(), b"SEEN NO MORE") != {}
    await clone.sync(stick.target)
    assert hits(await stick.files(), b"SEEN NO MORE") == {}
    await clone.work.close()


async def test_of_what_two_devices_wrote_only_ones_own_is_only_here(phone: Device, stick: Stick) -> None:
    clone = await phone.cloned(9)
    await phone.note("this way")
    await phone.note("this way, too", private=True)
    await phone.sync(stick.target)
    mine = await clone.note("that way")
    copies = await Copies.open(clone.work)
    assert copies.count == 1
    await clone.sync(stick.target)
    assert (copies.count, len(clone.texts)) == (1, 3)
    await clone.erase(mine)
    assert copies.count == 0
    await clone.work.close()


async def test_what_comes_in_while_ones_own_journal_is_rewritten_is_not_only_here(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    note = await laptop.note("one")
    await meet(stick, laptop, phone)
    await phone.erase(note)
    await phone.note("theirs")
    await phone.sync(stick.target)
    copies = await Copies.open(laptop.work)
    await laptop.sync(stick.target)
    await phone.note("theirs, too")
    await meet(stick, phone, laptop)
    assert laptop.texts == ["theirs", "theirs, too"]
    assert copies.count == 0


async def test_a_line_of_the_same_number_from_another_device_is_not_taken_for_ours(
    phone: Device, stick: Stick
) -> None:
    clone = await phone.cloned(9)
    await phone.note("this way")
    await clone.note("that way")
    await phone.sync(stick.target)
    assert await phone.faults_of(stick.target) == []
    writer = clone.work.store.own_writers["team"]
    assert [fault for fault in await clone.faults_of(stick.target) if writer in fault and "are not there" in fault]
    await clone.sync(stick.target)
    assert await clone.faults_of(stick.target) == []
    await clone.work.close()


async def test_many_small_segments_become_one_and_all_stay_equal(
    phone: Device, laptop: Device, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "MOST_SMALL", 4)
    for n in range(8):
        await phone.note(f"note {n}")
        await phone.sync(stick.target)
    await laptop.sync(stick.target)
    assert (await meet_until_idle(stick, phone, laptop)) <= 3
    assert len([name for name in await stick.files() if name.startswith(LOG)]) <= 5
    assert await are_equal(phone, laptop)


async def test_more_lines_than_one_act_come_in_whole(
    phone: Device, laptop: Device, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines_in, "ACT_LINES", 3)
    notes = [await phone.note(f"note {n}") for n in range(10)]
    await phone.erase(notes[4])
    await phone.sync(stick.target)
    await laptop.sync(stick.target)
    await meet(stick, phone, laptop)
    assert await are_equal(phone, laptop)


# -- stopped, and foreseen


async def test_stopped_anywhere_the_next_run_goes_on(phone: Device, laptop: Device, stick: Stick) -> None:
    for n in range(3):
        await phone.note(f"note {n}")
        await phone.photo(b"photo %d" % n)
    stops = 0
    for n in range(200):
        asked = iter([*[False] * n, *[True] * 1000])
        try:
            await exchange(phone.work, stick.target, PLACE, cancelled=lambda: next(asked))  # noqa: B023
            break
        except Cancelled:
            stops += 1
            await phone.again()
    assert stops > 3
    await laptop.sync(stick.target)
    assert await are_equal(phone, laptop)


async def test_what_would_be_done_is_said_and_nothing_is_done(phone: Device, laptop: Device, stick: Stick) -> None:
    await phone.note("one")
    await phone.photo(b"a photo")
    found = await foresee(phone.work, stick.target, PLACE)
    assert {step.kind for step in found.steps} == {"put"}
    assert (found.media_out, found.media_in) == (1, 0)
    assert await stick.files() == {}
    await phone.sync(stick.target)
    found = await foresee(laptop.work, stick.target, PLACE)
    assert {step.kind for step in found.steps} == {"read"}
    assert laptop.texts == []
    await laptop.sync(stick.target)
    found = await foresee(laptop.work, stick.target, PLACE)
    assert (found.steps, found.media_out, found.media_in) == ((), 0, 0)


async def test_bytes_are_told_up_to_their_sum(phone: Device, stick: Stick) -> None:
    await phone.photo(b"a photo")
    told: list[tuple[int, int]] = []
    await exchange(phone.work, stick.target, PLACE, tell=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
