"""What a laptop keeps of a device outside of its data tells, at the next opening, that these were put back."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotSaved
from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.machine import laptop, state_folder
from fieldlog.services.study.put_back.mark import BEHIND
from fieldlog.services.study.put_back.new_writers import PUT_BACK
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone

STUDY = "01950000-0000-7000-8000-000000000001"


class Laptop(Phone):
    """A computer with a place for marks, and data that can be put back, or copied."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.marks = MemoryDisk()

    async def open(self, study: str = STUDY) -> Workspace:
        self.machine = replace(self.machine, marks=self.marks)
        work = await open_study(self.machine, study, write=True)
        await Capture(work).begin()
        return work

    async def wrote(self, *words: str, study: str = STUDY) -> Workspace:
        work = await self.open(study)
        for said in words:
            await Capture(work).note(said)
        await work.close()
        return work

    async def mark(self, work: Workspace) -> dict[str, int]:
        said = json.loads(await self.marks.read(f"{work.device.id}.json"))["studies"][work.store.project]
        return {lane: said[writer]["n"] for lane, writer in work.device.writers[STUDY].items() if writer in said}


@pytest.fixture
def computer() -> Laptop:
    return Laptop(FakeClock(), number=7)


async def test_the_mark_says_how_far_it_came(computer: Laptop) -> None:
    work = await computer.wrote("one", "two")
    assert await computer.mark(work) == {"team": 3}
    work = await computer.wrote("three")
    assert (await computer.mark(work), work.noticed) == ({"team": 4}, [])


async def test_data_that_were_put_back_are_noticed_before_a_word_is_written(computer: Laptop) -> None:
    await computer.wrote("one")
    before = computer.disk.crash()
    was = await computer.wrote("two")
    computer.disk = before
    work = await computer.open()
    assert work.noticed == [PUT_BACK]
    assert work.device.former == [was.device.id]
    assert set(work.device.former_writers[STUDY]) == {*was.device.writers[STUDY].values()}
    await Capture(work).note("goes on")
    await work.close()
    work = await computer.open()
    assert (work.noticed, len(work.device.former)) == ([], 1)
    assert sorted(str(doc["text"]) for doc in work.store.state.entries()) == ["goes on", "one"]
    assert await work.store.verify() == []
    await work.close()


async def test_a_copy_beside_that_wrote_as_much_is_noticed_by_the_head(computer: Laptop) -> None:
    await computer.wrote("one")
    clone = Laptop(computer.clock, computer.disk.crash(), 8)
    await computer.wrote("mine")
    await clone.wrote("theirs")
    clone.marks = computer.marks
    work = await clone.open()
    assert work.noticed == [PUT_BACK]
    await work.close()


async def test_a_copy_beside_that_wrote_more_is_noticed_where_the_mark_is_behind_and_of_another(
    computer: Laptop,
) -> None:
    await computer.wrote("one")
    clone = Laptop(computer.clock, computer.disk.crash(), 8)
    await computer.wrote("mine")
    await clone.wrote("theirs", "theirs again", "and again")
    clone.marks = computer.marks
    work = await clone.open()
    assert work.noticed == [PUT_BACK]
    await work.close()


async def test_data_put_back_behind_an_earlier_putting_back_are_noticed_as_well(computer: Laptop) -> None:
    await computer.wrote("one")
    first = computer.disk.crash()
    await computer.wrote("two")
    computer.disk = first.crash()
    await computer.wrote("three")
    second = computer.disk.crash()
    await computer.wrote("four")
    for before in (second, first):
        computer.disk = before.crash()
        work = await computer.open()
        assert work.noticed == [PUT_BACK]
        await work.close()


async def test_each_study_is_noticed_by_itself_though_the_device_has_another_id_by_then(computer: Laptop) -> None:
    other = STUDY[:-1] + "2"
    for study in (STUDY, other):
        await computer.wrote("one", study=study)
    before = computer.disk.crash()
    for study in (STUDY, other):
        await computer.wrote("two", study=study)
    computer.disk = before
    for study in (STUDY, other):
        work = await computer.open(study)
        assert work.noticed == [PUT_BACK]
        await work.close()
    for study in (STUDY, other):
        work = await computer.open(study)
        assert work.noticed == []
        await work.close()


async def test_a_killed_app_is_no_reason_for_a_word(computer: Laptop) -> None:
    work = await computer.open()
    for n in range(3):
        await Capture(work).note(f"{n}")
    computer.disk = computer.disk.crash()
    again = await computer.open()
    assert (again.noticed, again.device.former) == ([], [])
    assert (await computer.mark(again))["team"] == 4
    await again.close()


async def test_a_mark_that_lags_behind_is_written_anew_with_a_sentence(computer: Laptop) -> None:
    await computer.wrote("one")
    before = computer.marks.crash()
    await computer.wrote("two")
    computer.marks = before
    work = await computer.open()
    assert (work.noticed, work.device.former) == ([BEHIND], [])
    assert (await computer.mark(work))["team"] == 3
    await work.close()
    assert (await computer.wrote("three")).noticed == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"studies":5}', b'{"studies":{"x":{"y":{"n":"1"}}}}'])
async def test_a_mark_that_is_gone_or_damaged_says_nothing_and_is_made_anew(computer: Laptop, data: bytes) -> None:
    work = await computer.wrote("one")
    await computer.marks.replace(f"{work.device.id}.json", data)
    work = await computer.wrote("two")
    assert work.noticed == []
    assert (await computer.mark(work))["team"] == 3
    computer.marks = MemoryDisk()
    work = await computer.wrote("three")
    assert (work.noticed, await computer.mark(work)) == ([], {"team": 4})


class Refusing(MemoryDisk):
    """A folder one may not write in."""

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        raise NotSaved("not here")


async def test_where_no_mark_can_be_kept_nothing_else_suffers(computer: Laptop) -> None:
    computer.marks = Refusing()
    assert (await computer.wrote("one")).noticed == []
    assert (await computer.wrote("two")).noticed == []


async def test_where_new_names_can_t_be_kept_the_mark_stays_and_the_study_opens(computer: Laptop) -> None:
    await computer.wrote("one")
    before = computer.disk.crash()
    await computer.wrote("two")
    computer.disk = before.crash()
    await computer.room_for(0)
    computer.machine = replace(computer.machine, marks=computer.marks)
    work = await open_study(computer.machine, STUDY, write=True)
    assert (work.noticed, work.device.former) == ([], [])
    computer.disk.capacity = None
    await work.close()
    work = await computer.open()
    assert work.noticed == [PUT_BACK]
    await work.close()


async def test_a_phone_keeps_none(computer: Laptop) -> None:
    assert Phone(FakeClock()).machine.marks is None


def test_marks_lie_where_the_system_keeps_state(monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path.home()
    for system, name, told, expected in (
        ("linux", "XDG_STATE_HOME", "/state", "/state"),
        ("linux", "XDG_STATE_HOME", "state", str(home / ".local" / "state")),
        ("linux", "XDG_STATE_HOME", "", str(home / ".local" / "state")),
        ("darwin", "XDG_STATE_HOME", "/state", str(home / "Library" / "Application Support")),
        ("win32", "LOCALAPPDATA", "/state", "/state"),
        ("win32", "LOCALAPPDATA", "", str(home / "AppData" / "Local")),
    ):
        monkeypatch.setattr(sys, "platform", system)
        monkeypatch.setenv(name, told)
        assert str(state_folder()) == expected


async def test_a_laptop_keeps_them_outside_of_its_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data, state = tmp_path / "data", tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    work = await open_study(laptop(data), STUDY, write=True)
    await Capture(work).begin()
    await work.close()
    assert [path.name for path in (state / "fieldlog").iterdir()] == [f"{work.device.id}.json"]
