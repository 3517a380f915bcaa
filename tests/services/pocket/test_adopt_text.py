"""What was written before the app was up is in it: each note once, in its own time, whatever kills the phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count as counting
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import FieldLogError, StoreBusy
from fieldlog.model.moment import parse
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.open_text.writing import Writing
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.desk import Desk
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.machine import RETURNS
from fieldlog.services.pocket import adopt_text
from fieldlog.services.pocket.earlier import TEXTS
from fieldlog.services.pocket.first_page import Handover
from fieldlog.services.pocket.last_state import leave
from fieldlog.services.study.studies import new_study, open_study
from tests.fakes.clock import FakeClock
from tests.fakes.failing import DyingDisk, Killed
from tests.fakes.first_page import Page, line
from tests.fakes.phone import Below, Phone, texts

RATE = 8000


class Pocket(Phone):
    """A phone with the page in front of the app, both on one disk that the power can be cut from."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.machine = replace(self.machine, returns=RETURNS)

    @property
    def quick(self) -> Below:
        return Below(self.disk, adopt_text.ROOT)

    async def adopt(
        self, desk: Desk, running: str | None = None, *, closed: bool = False
    ) -> adopt_text.Adopted:  # fmt: skip
        assert desk.work
        assert desk.capture
        assert desk.writing
        return await adopt_text.adopt(
            desk.work, desk.capture, desk.writing, self.quick, running=running, closed=closed
        )  # fmt: skip

    async def leave(self, desk: Desk) -> dict[str, Any]:
        assert desk.work
        assert desk.capture
        assert desk.writing
        return await leave(self.quick, desk.work, desk.capture, desk.writing)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def phone(clock: FakeClock) -> Pocket:
    return Pocket(clock=clock)


@pytest.fixture
def page(phone: Pocket, clock: FakeClock) -> Page:
    return Page(clock, _Now(phone))


class _Now(Below):
    """The page's folder on whatever disk the phone has just now."""

    def __init__(self, phone: Pocket) -> None:
        object.__setattr__(self, "phone", phone)
        object.__setattr__(self, "folder", adopt_text.ROOT)

    @property
    def disk(self) -> Any:
        return self.phone.disk  # type: ignore[attr-defined]


def doc_of(desk: Desk, record: str) -> dict[str, Any]:
    assert desk.work
    doc = desk.work.store.state.get(record)
    assert doc is not None
    return doc


async def test_a_note_sent_before_the_app_was_up_is_an_entry_of_its_own_moment(
    phone: Pocket, page: Page, clock: FakeClock
) -> None:
    await page.load()
    began = clock.wall
    note = await page.type("灯")
    clock.advance(seconds=20)
    await page.type("灯还没好")
    await page.send()
    sent = clock.wall
    clock.advance(seconds=9)
    desk = await phone.begun()
    found = await phone.adopt(desk)
    assert [entry.id for entry in found.entries] == [note]
    doc = doc_of(desk, note)
    assert (doc["text"], parse(doc["occurred_at"]), parse(doc["created_at"])) == ("灯还没好", began, sent)
    assert doc["occurred"]["boot"] == "page"
    assert not found.opened
    assert desk.text == ""


async def test_minutes_back_are_counted_from_the_first_character(
    phone: Pocket, page: Page, clock: FakeClock
) -> None:
    began = clock.wall
    note = await page.type("a quarrel")
    clock.advance(seconds=30)
    await page.type("a quarrel at the urn", back=300)
    await page.send()
    desk = await phone.begun()
    await phone.adopt(desk)
    doc = doc_of(desk, note)
    assert parse(doc["occurred_at"]) == began - timedelta(minutes=5)
    assert doc["precision"] == "minute"


async def test_what_is_still_being_written_stands_in_the_composer_with_its_moment(
    phone: Pocket, page: Page, clock: FakeClock
) -> None:
    began = clock.wall
    note = await page.type("Fang’s board: 15 sched")
    clock.advance(seconds=5)
    desk = await phone.begun()
    assert (await phone.adopt(desk)).opened
    assert desk.text == "Fang’s board: 15 sched"
    desk.typed("Fang’s board: 15 scheduled", Chips())
    entry = await desk.send()
    assert entry is not None
    assert (entry.id, entry.when) == (note, began)


async def test_adopting_again_changes_nothing(phone: Pocket, page: Page) -> None:
    await page.type("first")
    await page.send()
    await page.type("second")
    desk = await phone.begun()
    before = await phone.disk.read(f"{adopt_text.ROOT}/inbox.log")
    await phone.adopt(desk)
    assert await phone.disk.read(f"{adopt_text.ROOT}/inbox.log") == b""
    assert desk.work
    version = desk.version
    await phone.disk.replace(f"{adopt_text.ROOT}/inbox.log", before)
    found = await phone.adopt(desk)
    assert (found.entries, desk.version) == ((), version)
    assert (texts(desk), desk.text) == (["first"], "second")


async def test_a_torn_last_line_costs_no_other(phone: Pocket, page: Page) -> None:
    await page.type("kept")
    torn = line({"id": page.new_id(), "at": "2025-03-16T08:00:00+00:00", "text": "never shown as kept"})
    data = await phone.quick.read("inbox.log")
    await phone.quick.replace("inbox.log", data + torn[:-9])
    desk = await phone.begun()
    await phone.adopt(desk)
    assert (desk.text, texts(desk)) == ("kept", [])


@pytest.mark.parametrize("first", ["", "typed while"])
async def test_of_an_earlier_page_what_was_typed_while_it_was_handing_over_is_taken_in_too(
    phone: Pocket, page: Page, first: str
) -> None:
    if first:
        await page.type(first)
    earlier = dict(page.draft or {})
    await page.type("typed while Python took over")
    assert page.draft
    await phone.quick.replace("after.log", line(page.draft))
    await (phone.quick.replace("inbox.log", line(earlier)) if first else phone.quick.remove("inbox.log"))
    desk = await phone.begun()
    await phone.adopt(desk)
    assert "typed while Python took over" not in (desk.text, *texts(desk)), (
        "a page of this version takes it itself"
    )
    await phone.adopt(desk, closed=True)
    assert (texts(desk), desk.text) == (["typed while Python took over"], "")
    assert [await phone.quick.size(name) or 0 for name in TEXTS] == [0, 0]


async def test_a_text_taken_away_in_the_page_is_no_entry(phone: Pocket, page: Page) -> None:
    await page.type("no")
    await page.type(" ")
    desk = await phone.begun()
    assert await phone.adopt(desk) == adopt_text.Adopted()
    assert (desk.text, texts(desk)) == ("", [])


async def test_a_return_goes_on_in_the_open_text_and_nothing_is_typed_twice(
    phone: Pocket, page: Page, clock: FakeClock
) -> None:
    desk = await phone.begun()
    desk.typed("Tea urn", Chips(kind="quote"))
    assert desk.writing
    await desk.writing.keep()
    await phone.leave(desk)
    desk.typed("Tea urn, gaffer", Chips(kind="quote"))
    await desk.writing.keep()
    clock.advance(seconds=30)
    desk = await phone.killed(desk)
    assert desk.text == "Tea urn, gaffer"
    await page.load()
    assert page.text == "Tea urn"
    await page.type("Tea urn tape")
    await phone.adopt(desk)
    assert desk.text == "Tea urn, gaffer tape"
    await page.type("Tea urn tape, 14.5")
    await phone.adopt(desk)
    assert desk.text == "Tea urn, gaffer tape, 14.5"
    entry = await desk.send()
    assert entry is not None
    assert entry.kind == "quote"
    assert texts(desk) == ["Tea urn, gaffer tape, 14.5"]


async def test_a_text_left_for_longer_is_a_note_of_its_own(phone: Pocket, page: Page, clock: FakeClock) -> None:
    desk = await phone.begun()
    desk.typed("left", Chips())
    assert desk.writing
    await desk.writing.keep()
    await phone.leave(desk)
    clock.advance(minutes=3)
    desk = await phone.killed(desk)
    await page.load()
    assert page.text == ""
    await page.type("new")
    await phone.adopt(desk)
    assert (texts(desk), desk.text) == (["left"], "new")


async def test_a_draft_of_its_own_closes_what_stood_open_in_the_app(
    phone: Pocket, page: Page, clock: FakeClock
) -> None:
    desk = await phone.begun()
    desk.typed("open in the app", Chips())
    await page.type("typed in the page")
    await phone.adopt(desk)
    assert (texts(desk), desk.text) == (["open in the app"], "typed in the page")


async def test_what_was_closed_before_it_could_be_adopted_is_gone_on_with_as_a_revision(
    phone: Pocket, page: Page, clock: FakeClock
) -> None:
    desk = await phone.begun()
    desk.typed("Python was late", Chips())
    assert desk.writing
    await desk.writing.keep()
    await phone.leave(desk)
    clock.advance(seconds=110)
    await page.load()
    note = await page.type("Python was late today")
    clock.advance(seconds=100)
    desk = await phone.killed(desk)
    await desk.send()
    assert texts(desk) == ["Python was late"]
    for _ in range(2):
        await phone.adopt(desk)
        assert texts(desk) == ["Python was late today"]
        await page.type("Python was late today")
    assert desk.work
    assert len(await Editing(desk.work).history(note)) == 2


async def test_what_was_erased_for_good_does_not_come_back_from_the_inbox(phone: Pocket, page: Page) -> None:
    note = await page.type("he asked me to forget it")
    await page.send()
    data = await phone.quick.read("inbox.log")
    desk = await phone.begun()
    await phone.adopt(desk)
    assert desk.work
    await Erasing(desk.work).erase([note], reason="asked-to")
    await phone.quick.replace("inbox.log", data)
    assert await phone.adopt(desk) == adopt_text.Adopted()
    assert texts(desk) == []


async def test_it_belongs_to_the_session_the_page_showed(phone: Pocket, page: Page, clock: FakeClock) -> None:
    desk = await phone.begun()
    assert desk.work
    assert desk.capture
    session = (await Sessions(desk.work, desk.capture).start("Stand-up", kind="meeting")).made
    left = await phone.leave(desk)
    assert left["session"] == {"id": session.id, "title": "Stand-up"}
    clock.advance(minutes=5)
    await page.load()
    note = await page.type("15 scheduled")
    await page.send()
    await Sessions(desk.work, desk.capture).stop()
    desk = await phone.killed(desk)
    await phone.adopt(desk)
    assert doc_of(desk, note)["session"] == session.id


async def test_a_session_that_is_gone_costs_no_note(phone: Pocket, page: Page) -> None:
    page.last = {"session": {"id": "01950000-0000-7000-8000-0000000000aa"}}
    note = await page.type("kept all the same")
    await page.send()
    desk = await phone.begun()
    await phone.adopt(desk)
    assert doc_of(desk, note).get("session") is None


async def test_a_clock_that_jumped_back_is_not_believed(phone: Pocket, page: Page, clock: FakeClock) -> None:
    desk = await phone.begun()
    assert desk.capture
    newest = await desk.capture.note("before")
    await phone.leave(desk)
    await page.load()
    clock.wall -= timedelta(days=20)
    note = await page.type("after")
    await page.send()
    await phone.adopt(desk)
    doc = doc_of(desk, note)
    assert doc["occurred"]["suspect"]
    assert parse(doc["occurred_at"]) > newest.when


async def test_while_the_page_holds_the_inbox_nothing_is_taken(phone: Pocket, page: Page) -> None:
    await page.type("mine still")
    desk = await phone.begun()
    held = await phone.quick.open("inbox.log")
    with pytest.raises(StoreBusy):
        await phone.adopt(desk)
    held.close()
    await phone.adopt(desk)
    assert desk.text == "mine still"


async def test_past_midnight_the_page_is_told_the_production_day(phone: Pocket, clock: FakeClock) -> None:
    desk = await phone.begun()
    clock.advance(hours=10)
    assert desk.work
    assert desk.capture
    await Sessions(desk.work, desk.capture).start("Night shoot", kind="shoot")
    clock.advance(hours=7, minutes=52)
    left = await phone.leave(desk)
    assert (left["day"]["code"], left["day"]["date"]) == ("PD01", "2025-03-16")
    assert parse(left["day"]["until"]) > clock.wall
    assert [one["kind"] for one in left["audio"]] == ["session"]


# -- sound


def beeps(seconds: float) -> bytes:
    return b"".join((n % 20000).to_bytes(2, "little") for n in range(int(seconds * RATE)))


async def test_a_sound_of_the_page_is_a_memo_of_its_own_moment(
    phone: Pocket, page: Page, clock: FakeClock
) -> None:
    began = clock.wall
    sound = await page.record(beeps(3.25), rate=RATE, override={"reason": "asked again \ud83d", "people": ["x"]})
    clock.advance(seconds=9)
    desk = await phone.begun()
    found = await phone.adopt(desk)
    assert [(one.entry.id, round(one.seconds, 3), one.clean) for one in found.memos] == [(sound, 3.25, True)]
    doc = doc_of(desk, sound)
    assert (doc["kind"], parse(doc["occurred_at"])) == ("voice", began)
    assert doc["override"]["reason"] == "asked again �"
    (part,) = [doc_of(desk, one) for one in doc["attachments"]]
    assert (part["rate"], part["frames"]) == (RATE, int(3.25 * RATE))
    assert desk.work
    kept = await desk.work.vault.open(part["sha256"])
    assert kept.read(44, kept.size()) == beeps(3.25)
    kept.close()
    assert [one.name for one in await phone.quick.list("")] == []
    assert await desk.work.store.disk.list("adopting") == []


async def test_of_a_page_that_was_killed_the_sound_is_kept_and_it_is_said(phone: Pocket, page: Page) -> None:
    sound = await page.record(beeps(2) + b"\x01", rate=RATE, stopped=False)
    await phone.quick.remove(f"{sound}.json")
    desk = await phone.begun()
    (filed,) = (await phone.adopt(desk)).memos
    assert not filed.clean
    assert filed.entry.id == sound


async def test_a_sound_that_goes_on_is_left_to_the_page(phone: Pocket, page: Page) -> None:
    sound = await page.record(beeps(1), rate=RATE, stopped=False)
    desk = await phone.begun()
    assert (await phone.adopt(desk, running=sound)).memos == ()
    assert await phone.quick.size(f"{sound}.pcm") == 2 * RATE
    assert len((await phone.adopt(desk)).memos) == 1


async def test_a_text_written_while_a_sound_ran_is_tied_to_its_second(phone: Pocket, page: Page) -> None:
    await page.type("he laughed", back=60)
    assert page.draft
    page.draft["during"] = {"memo": "a-memo", "at": 75.04}
    note = await page.type("he laughed", back=60)
    await page.send()
    desk = await phone.begun()
    await phone.adopt(desk)
    assert doc_of(desk, note)["during"] == {"memo": "a-memo", "at": 15.04}


async def test_a_disk_without_room_for_the_sound_takes_the_text_and_keeps_the_rest(
    phone: Pocket, page: Page
) -> None:
    sound = await page.record(beeps(20), rate=RATE)
    await page.type("short")
    await page.send()
    desk = await phone.begun()
    await phone.room_for(100_000)
    with pytest.raises(FieldLogError):
        await phone.adopt(desk)
    assert texts(desk) == ["short"]
    assert await phone.quick.size(f"{sound}.pcm") == 40 * RATE
    phone.disk.capacity = None
    (filed,) = (await phone.adopt(desk)).memos
    assert round(filed.seconds) == 20


# -- killed anywhere

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("key"), st.just(0)),
        st.tuples(st.just("send"), st.just(0)),
        st.tuples(st.just("load"), st.just(0)),
        st.tuples(st.just("wait"), st.sampled_from([1, 30, 100, 140, 600])),
        st.tuples(st.just("app"), st.integers(0, 60)),
        st.tuples(st.just("left"), st.integers(0, 60)),
    ),
    max_size=25,
)


class Play:
    """A day of a phone that is killed at every turn. Each key is a word of its own, found once in the end."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.phone = Pocket(clock=self.clock)
        self.page = Page(self.clock, _Now(self.phone))
        self.keys = counting()
        self.typed: list[str] = []

    def key(self, before: str) -> str:
        word = f"k{next(self.keys)};"
        self.typed.append(word)
        return before + word

    async def step(self, what: str, how: int) -> None:
        self.clock.advance(seconds=1)
        if what == "key":
            await self.page.type(self.key(self.page.text))
        elif what == "send":
            await self.page.send()
        elif what == "load":
            await self.page.load()
        elif what == "wait":
            self.clock.advance(seconds=how)
        else:
            await self.app(how, leaves=what == "left")

    async def write(self, writing: Writing) -> None:
        """A key into the app's composer; one that was not kept is none."""
        writing.typed(self.key(writing.text))
        try:
            await writing.keep()
        except Killed:
            self.typed.pop()
            raise

    async def app(self, dies_at: int | None, *, leaves: bool = False) -> list[str]:
        """The page is loaded, the app starts behind it, takes over, is written in and is killed."""
        await self.page.load()
        whole = self.phone.disk
        assert isinstance(whole, MemoryDisk)
        self.phone.disk = DyingDisk(whole, dies_at, tears=False)  # type: ignore[assignment]
        found = list[str]()
        with suppress(Killed):
            work = await open_study(self.phone.machine, write=True)
            capture = Capture(work)
            writing = await Writing.open(work, capture)
            await adopt_text.adopt(work, capture, writing, self.phone.quick)
            if leaves:
                await self.write(writing)
                await leave(self.phone.quick, work, capture, writing)
            found = [*(doc["text"] for doc in work.store.state.entries()), writing.text]
        self.phone.disk = whole.crash()
        await self.page.load()
        return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
async def test_killed_anywhere_every_key_is_there_once(steps: list[tuple[str, int]]) -> None:
    play = Play()
    await (await new_study(play.phone.machine, title="T", zone="UTC", first_day="2025-03-16", days=3)).close()
    for what, how in steps:
        await play.step(what, how)
    for _ in range(2):
        found = await play.app(None)
        assert sorted(re.findall(r"k\d+;", "".join(found))) == sorted(play.typed)
        play.clock.advance(minutes=10)


async def test_killed_at_each_step_of_a_sound_it_is_one_memo(count: Callable[[int, int], int]) -> None:
    for dies_at in range(0, 80, count(3, 1)):
        clock = FakeClock()
        phone = Pocket(clock=clock)
        desk = await phone.begun()
        desk = await phone.killed(desk)
        sound = await Page(clock, _Now(phone)).record(beeps(20), rate=RATE)
        whole = phone.disk.crash()
        phone.disk = DyingDisk(whole, dies_at, tears=False)  # type: ignore[assignment]
        with suppress(Killed):
            await phone.adopt(await Desk.open(phone.machine))
        phone.disk = whole.crash()
        desk = await Desk.open(phone.machine)
        await phone.adopt(desk)
        (part,) = [doc_of(desk, one) for one in doc_of(desk, sound)["attachments"]]
        assert part["frames"] == 20 * RATE
        assert len(texts(desk)) == 1
        assert await phone.quick.list("") == []


# -- what the page and the app say to each other


class JsNull:
    """What a browser's Python has for null."""


async def test_the_page_hands_over_in_turn_and_what_is_typed_meanwhile_comes_after(
    phone: Pocket, page: Page
) -> None:
    desk = await phone.begun()
    said, shown = list[dict[str, Any]](), list[Any]()

    async def show(text: str, chips: Chips, cursor: tuple[int, int] | None) -> None:
        shown.append((text, cursor))

    hands = Handover(desk, phone.quick, post=said.append, show=show)
    hands.begin()
    assert said.pop() == {"want": "handles"}
    note = await page.type("Fang")
    state = {"open": note, "recording": JsNull(), "focus": True, "selection": [4, 4]}
    await hands.hear({"handles": {"drafts": [page.draft], **state}, "page": "one"})
    assert said.pop() == {"done": True, "page": "one"}
    assert shown.pop() == ("Fang", (4, 4))
    sent = {**(page.draft or {}), "text": "Fang’s board", "open": False}
    more = {**(page.draft or {}), "id": page.new_id(), "text": "8 done", "newest": JsNull()}
    await hands.hear({"last": {"n": 1, "drafts": [], **state}, "page": "another"})
    assert said == []
    told = {"n": 2, "drafts": [sent, more], "open": more["id"], "focus": True, "selection": [6, 6]}
    await hands.hear({"last": told, "page": "one"})
    assert said.pop() == {"taken": 2, "page": "one"}
    assert shown.pop() == ("8 done", (6, 6))
    assert (texts(desk), desk.text) == (["Fang’s board"], "8 done")
    await hands.hear({"gone": True, "page": "one"})
    assert hands.gone.is_set()
    desk = await phone.killed(desk)
    assert desk.text == "8 done"


async def test_without_a_study_the_page_keeps_its_notes_until_there_is_one(phone: Pocket, page: Page) -> None:
    desk = await Desk.open(phone.machine)
    said = list[dict[str, Any]]()

    async def show(*_: Any) -> None: ...

    hands = Handover(desk, phone.quick, post=said.append, show=show)
    hands.begin()
    assert said == [{"done": True}]
    await page.type("before there was a study")
    await page.send()
    await desk.begin_study(title="T", researcher="R1", zone="UTC", first_day="2025-03-16", days=3)
    assert len((await hands.adopt()).entries) == 1
    assert texts(desk) == ["before there was a study"]


async def test_what_the_page_was_left_goes_with_the_study_that_is_removed(phone: Pocket, page: Page) -> None:
    desk = await phone.begun("Rain")
    hands = Handover(desk, phone.quick, post=lambda _: None, show=nothing_shown)
    desk.typed("a private sentence", Chips())
    assert desk.writing
    await desk.writing.keep()
    await hands.leave()
    assert b"a private sentence" in await phone.quick.read("last.json")
    await desk.remove_study("Rain")
    await hands.leave()
    assert await phone.quick.size("last.json") is None
    await page.load()
    assert page.text == ""


async def nothing_shown(*_: object) -> None:
    """No field is drawn."""
