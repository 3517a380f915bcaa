"""On a full disk whatever is text is saved, by whichever verb; a photo is refused in a sentence and text still has
room."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from fieldlog.model.errors import DiskFull
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.slate import Slate
from fieldlog.services.capture.tally import Tally
from fieldlog.services.day.plan import Plan
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.desk import Desk
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.reserve import RESERVE
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.register.consent import answer
from fieldlog.services.register.people import quick_add
from fieldlog.services.register.places_scenes_codes import add_code, add_place, add_scene
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import store
from tests.fakes.phone import PLAIN, Phone

RESERVE_HERE = 300_000
Verb = Callable[[Workspace, Capture], Awaitable[None]]


async def note(work: Workspace, capture: Capture) -> None:
    await capture.note("灯还没好")


async def count(work: Workspace, capture: Capture) -> None:
    await Tally(work, capture).one_more("phone looked at")


async def figure(work: Workspace, capture: Capture) -> None:
    await capture.note("", Chips(kind="figure", figure={"name": "budget", "value": "300000", "unit": "CNY"}))


async def take(work: Workspace, capture: Capture) -> None:
    await Slate(work, capture).add("34-2", "NG")


async def session(work: Workspace, capture: Capture) -> None:
    await Sessions(work, capture).start("Night shoot", kind="shoot")


async def edit(work: Workspace, capture: Capture) -> None:
    await Editing(work).reword(next(work.store.state.entries())["id"], "another word")


async def removal(work: Workspace, capture: Capture) -> None:
    await Editing(work).remove(next(work.store.state.entries())["id"])


async def erasure(work: Workspace, capture: Capture) -> None:
    await Erasing(work).erase([next(work.store.state.entries())["id"]], reason="asked-to")


async def consent(work: Workspace, capture: Capture) -> None:
    await answer(work, next(work.store.state.docs("people"))["id"], {"audio": "no"})


async def person(work: Workspace, capture: Capture) -> None:
    await quick_add(work, pseudonym="Bo", answer="told")


async def place(work: Workspace, capture: Capture) -> None:
    await add_place(work, "Villa A")


async def scene(work: Workspace, capture: Capture) -> None:
    await add_scene(work, "34-9")


async def code(work: Workspace, capture: Capture) -> None:
    await add_code(work, "waiting")


async def wrap(work: Workspace, capture: Capture) -> None:
    await Plan(work).type_of("2025-03-16", "move")


async def liking(work: Workspace, capture: Capture) -> None:
    await work.device.prefer("language", "zh")


VERBS: list[Verb] = [
    note, count, figure, take, session, edit, removal, erasure, consent, person, place, scene, code, wrap, liking,
]  # fmt: skip


@pytest.fixture
async def full(phone: Phone, desk: Desk) -> Desk:
    """A study with a note and a person, and not a byte left but what is kept for text."""
    assert desk.work
    assert desk.capture
    await desk.capture.note("the lamp is moved")
    await quick_add(desk.work, pseudonym="An", answer="told")
    desk.room.reserve, desk.room.enough = RESERVE_HERE, 1
    assert await desk.room.keep()
    await phone.room_for(0)
    return desk


@pytest.mark.parametrize("verb", VERBS, ids=[one.__name__ for one in VERBS])
async def test_it_is_saved(phone: Phone, full: Desk, verb: Verb) -> None:
    assert full.work
    assert full.capture
    before = dict(full.work.store.versions)
    await verb(full.work, full.capture)
    assert verb is liking or full.work.store.versions != before
    assert full.room.given_up
    assert await phone.disk.size(RESERVE) is None
    tables = full.work.store.state.tables
    again = await phone.killed(full)
    assert again.work
    assert again.work.store.state.tables == tables
    assert again.work.device.preferences == full.work.device.preferences
    await again.close()


async def test_without_the_reserve_it_is_refused_and_nothing_has_changed(phone: Phone, full: Desk) -> None:
    assert full.work
    assert full.capture
    await full.room.give_up()
    await phone.room_for(0)
    for verb in VERBS:
        before = {name: dict(table) for name, table in full.work.store.state.tables.items()}
        with pytest.raises(DiskFull):
            await verb(full.work, full.capture)
        assert full.work.store.state.tables == before


async def test_a_photo_is_refused_where_it_would_leave_text_no_room(full: Desk) -> None:
    assert full.capture
    with pytest.raises(DiskFull, match="no space left"):
        await full.capture.file(Bytes(name="photo.jpg", data=bytes(100_000)), PLAIN)
    assert not full.room.given_up
    await full.capture.note("and text is still saved")


async def test_the_desk_opens_on_a_full_disk(phone: Phone, full: Desk) -> None:
    again = await phone.killed(full)
    assert again.capture
    await again.capture.note("and goes on")
    await again.close()


async def test_what_is_typed_while_room_is_looked_for_is_the_same_text(phone: Phone, full: Desk) -> None:
    """The room given up is not enough: the text stays open with its last words."""
    writing = full.writing
    assert writing
    writing.typed("half", PLAIN)
    await full.room.give_up()
    await phone.room_for(0)
    give_up = full.room.give_up

    async def slow() -> bool:
        writing.typed("half a sentence", PLAIN)
        return await give_up()

    full.room.give_up = slow  # type: ignore[method-assign]
    with pytest.raises(DiskFull):
        await writing.close()
    assert writing.text == "half a sentence"


async def test_a_save_is_not_refused_for_what_it_leaves_for_later(
    phone: Phone, full: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The views are due and find no room: the count is saved, once, and nobody is told otherwise."""
    assert full.work
    assert full.capture
    monkeypatch.setattr(store, "PERSIST_AFTER_LINES", 1)
    await phone.room_for(3_000)
    tally = Tally(full.work, full.capture)
    for n in (1, 2, 3):
        assert (await tally.one_more("phone looked at")).made.count == n
    again = await phone.killed(full)
    assert again.work
    assert [doc["count"] for doc in again.work.store.state.entries() if doc["kind"] == "count"] == [3]
    await again.close()
