"""Two people on one set, each with a device: neither's clock, sessions or erasing harms what the other wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from fieldlog.model.chain import Behind
from fieldlog.model.ids import Ids
from fieldlog.services.capture.capture import Capture, going_on
from fieldlog.services.copies.bundle_in import take_lines
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.imports.report import Imported
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import journal as journals
from tests.fakes.clock import FakeClock, machine_of
from tests.fakes.undo import take_back
from tests.services.day.test_sessions import doc

STUDY = "01950000-0000-7000-8000-000000000001"


def other_machine(clock: FakeClock, first: int = 1_000_000) -> Machine:
    """A machine whose ids are not those of the test's own."""
    tick = iter(range(first, first + 10**6))
    return replace(
        machine_of(clock), new_salt=lambda: f"{next(tick):016x}" * 2,
        new_id=Ids(lambda: 1_742_000_000_000, lambda n: next(tick).to_bytes(n, "big")),
    )  # fmt: skip


@pytest.fixture
def other_clock() -> FakeClock:
    return FakeClock(boot="other")


@pytest.fixture
async def other(other_clock: FakeClock) -> AsyncIterator[Workspace]:
    opened = await open_study(other_machine(other_clock), STUDY, write=True)
    yield opened
    await opened.close()


async def told(source: Workspace, target: Workspace, *writers: str) -> Imported:
    """One device takes in what another has, or some of its journals."""
    done, copies = Imported(study=STUDY), dict[str, list[bytes]]()
    for writer in writers or await journals.writers(source.store.disk):
        found = await journals.read(source.store.disk, writer, source.store.project)
        if not found.lines or found.lines[0].lane == "team":
            copies[writer] = [line.raw for line in found.lines]
    await take_lines(target, copies, done)
    return done


async def reopened(work: Workspace, clock: FakeClock, boot: str) -> Workspace:
    """The same device started again: on the phone each load has a boot of its own."""
    await work.close()
    clock.boot = boot
    return await open_study(work.machine, STUDY, write=True)


@pytest.mark.parametrize("ahead", [{"minutes": 10}, {"hours": 5}, {"days": 365}])
async def test_anothers_clock_that_is_ahead_moves_none_of_my_notes(
    work: Workspace, clock: FakeClock, other: Workspace, other_clock: FakeClock, ahead: dict[str, float]
) -> None:
    await Capture(work).note("before")
    other_clock.advance(**ahead)
    theirs = await Capture(other).note("theirs")
    await told(other, work)
    mine = work
    for boot in ("second", "third"):
        mine = await reopened(mine, clock, boot)
        clock.advance(minutes=1)
        capture = Capture(mine)
        note = await capture.note(f"after the {boot} start")
        assert datetime.fromisoformat(note.created_at) == clock.wall
        assert (note.occurred["source"], note.occurred.get("suspect")) == ("device", None)
        assert mine.store.state.date(note.id) == "2025-03-16"
        assert mine.store.state.get(theirs.id) is not None
    await mine.close()


async def test_anothers_stop_ends_none_of_my_sessions_and_my_notes_belong_to_mine(
    work: Workspace, other: Workspace, clock: FakeClock, other_clock: FakeClock
) -> None:
    mine, theirs = Sessions(work, Capture(work)), Sessions(other, Capture(other))
    begun = (await mine.start("Script room")).made
    await told(work, other)
    other_clock.advance(minutes=1)
    shoot = (await theirs.start("Roof", kind="shoot")).made
    await told(other, work)
    clock.advance(minutes=2)
    assert (await Capture(work).note("in the script room")).session == begun.id
    assert (await Capture(other).note("on the roof")).session == shoot.id
    assert (await theirs.stop()).made == 1
    await told(other, work)
    assert [one.id for one in going_on(work.store.state)] == [begun.id]
    assert (await Capture(work).note("still in the script room")).session == begun.id
    assert (await Capture(other).note("on the way")).session is None
    await told(work, other)
    await theirs.start("Edit")
    assert "ends" not in doc(other, begun.id)


async def test_any_open_session_is_ended_by_hand_and_that_is_taken_back(work: Workspace, other: Workspace) -> None:
    begun = (await Sessions(work, Capture(work)).start("Left open")).made
    await told(work, other)
    theirs = Sessions(other, Capture(other))
    ended = await theirs.end(begun.id)
    assert not (await theirs.end(begun.id)).made
    assert doc(other, begun.id)["ends"]
    await take_back(ended)
    assert "ends" not in doc(other, begun.id)


async def test_a_session_that_names_no_device_is_everybodys(work: Workspace, other: Workspace) -> None:
    """As those that were begun before sessions bore one, and those of a month."""
    begun = (await Sessions(work, Capture(work)).start("From before")).made
    await work.save(
        [work.change("set", "session", begun.id, {"device": None}, {"device": [doc(work, begun.id)["_u"]]})]
    )
    await told(work, other)
    assert (await Capture(other).note("there")).session == begun.id
    assert (await Sessions(other, Capture(other)).stop()).made == 1


async def test_where_one_journal_is_behind_nothing_of_the_others_comes_in(
    work: Workspace, other: Workspace
) -> None:
    await Capture(work).note("one")
    await Capture(other).note("two")
    await told(work, other)
    clock = FakeClock()
    third = await open_study(other_machine(clock, 3_000_000), STUDY, write=True)
    copies = {}
    for writer, cut in ((work.store.own_writers["team"], 0), (other.store.own_writers["team"], 1)):
        found = await journals.read(other.store.disk, writer, STUDY)
        copies[writer] = [line.raw for line in found.lines][cut:]
    await Capture(other).note("three")
    found = await journals.read(other.store.disk, other.store.own_writers["team"], STUDY)
    copies[other.store.own_writers["team"]] = [found.lines[-1].raw]
    done = Imported(study=STUDY)
    with pytest.raises(Behind):
        await take_lines(third, copies, done)
    assert list(third.store.state.entries()) == []
    assert done.new["line"] == 0
    await third.close()


async def test_what_another_erased_goes_with_its_files_also_where_the_erased_line_came_first(
    work: Workspace, other: Workspace
) -> None:
    class Photo:
        name = "a.bin"

        async def chunks(self) -> AsyncIterator[bytes]:
            yield b"some bytes that name P14"

    entry, taken = await Capture(work).file(Photo(), text="she said so")
    assert entry is not None
    assert taken.kept is not None
    third = await open_study(other_machine(FakeClock(), 3_000_000), STUDY, write=True)
    for target in (other, third):
        await told(work, target)
        await target.vault.keep(Photo())
    await Erasing(other).erase([entry.id], reason="asked-to")
    await told(other, third, work.store.own_writers["team"])
    assert list(third.store.search.find(["she"])) == []
    assert third.store.state.get(entry.id) is None
    await told(other, third)
    assert "_erased" in doc(third, entry.id)
    assert not await third.vault.has(taken.kept.sha256)
    assert third.store.withdrawn == ()
    assert await third.store.verify() == []
    await third.close()
