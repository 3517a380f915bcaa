"""A new study: its days are there at once, and a slip is told before anything is made."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.moment import Moment
from fieldlog.services.archive.removal import remove_study
from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.zone import ZoneUnknown
from fieldlog.services.study.device import Device
from fieldlog.services.study.studies import begun, list_studies, new_study, open_study, study_to_fill
from tests.fakes.clock import FakeClock


async def test_a_new_study_has_its_days_numbered_and_unplanned(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    work = await new_study(machine, title=" 竖屏的日子 ", zone="Asia/Shanghai", first_day="2025-02-27", days=3)
    study = work.store.state.study()
    assert study is not None
    assert (study["title"], study["default_tz"]) == ("竖屏的日子", "Asia/Shanghai")
    days = sorted(work.store.state.docs("days"), key=lambda day: day["n"])
    planned = [("2025-02-27", "PD01"), ("2025-02-28", "PD02"), ("2025-03-01", "PD03")]
    assert [(day["date"], day["code"]) for day in days] == planned
    assert {day.get("type", "unplanned") for day in days} == {"unplanned"}
    await work.close()
    again = await open_study(machine, write=False)
    assert len(list(again.store.state.docs("days"))) == 3


async def test_the_first_note_starts_the_day_it_falls_on(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    work = await new_study(machine, title="Vertical days", zone="UTC", first_day="2025-03-16")
    entry = await Capture(work).note("lamps")
    assert work.store.state.date(entry.id) == "2025-03-16"
    await work.close()


@pytest.mark.parametrize(
    ("slip", "says"),
    [
        ({"title": "  "}, "needs a title"),
        ({"zone": "Shanghai"}, "no time zone"),
        ({"zone": "../etc"}, "no time zone"),
        ({"zone": ""}, "needs a time zone"),
        ({"first_day": "9999-12-31"}, "outside of the years"),
        ({"first_day": "3 March"}, "not a date"),
        ({"days": 0}, "1 to 400"),
    ],
)
async def test_a_slip_is_told_and_nothing_is_made(tmp_path: Path, slip: dict[str, object], says: str) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    said: dict[str, object] = {"title": "T", "zone": "UTC", "first_day": "2025-03-03", "days": 28, **slip}
    with pytest.raises(NotUnderstood, match=says):
        await new_study(machine, **said)  # type: ignore[arg-type]
    assert await list_studies(machine) == []


async def test_a_study_of_an_id_from_outside_lies_nowhere_but_in_the_root(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path / "data"), clock=FakeClock())
    for outside in ("../../../pwn", "a/b", "..", "/pwn", "a\\b", "C:pwn", "x" * 65, "con."):
        with pytest.raises(NotUnderstood, match="an id is at most 64 letters, digits and dashes"):
            await open_study(machine, outside, write=True)
    assert list(tmp_path.rglob("*")) == []


async def test_a_folder_that_lies_there_opens_whatever_its_name(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    (tmp_path / "studies" / "夜戏 (copy)").mkdir(parents=True)
    work = await open_study(machine, "夜戏 (copy)", write=True)
    entry = await Capture(work).note("lamps")
    await work.close()
    again = await open_study(machine, write=False)
    assert again.store.state.get(entry.id)
    assert [row.id for row in await list_studies(machine)] == ["夜戏 (copy)"]


async def test_a_machine_that_does_not_know_its_zone_makes_no_study_of_its_own(tmp_path: Path) -> None:
    class Nowhere(FakeClock):
        def __call__(self) -> Moment:
            return replace(super().__call__(), zone=None)

    machine = replace(laptop(tmp_path), clock=Nowhere())
    work = await open_study(machine, "01950000-0000-7000-8000-000000000001", write=True)
    with pytest.raises(ZoneUnknown, match="--zone Asia/Shanghai"):
        await Capture(work).begin()
    assert work.store.state.study() is None
    await Capture(work).begin(zone="Asia/Shanghai")
    assert work.zone == "Asia/Shanghai"
    await work.close()


async def test_studies_are_listed_with_the_one_opened_last_first(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    for title in ("A", "B"):
        work = await new_study(machine, title=title, zone="UTC", first_day="2025-03-16", days=1)
        await Capture(work).note(title)
        await work.close()
    assert [(row.title, row.entries, row.current) for row in await list_studies(machine)] == [
        ("B", 1, True), ("A", 1, False),
    ]  # fmt: skip


async def test_a_study_that_was_to_come_and_did_not_is_not_the_one_that_opens(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    first = await new_study(machine, title="Rain", zone="UTC", first_day="2025-03-16")
    mine = first.store.project
    await first.close()
    with pytest.raises(NotUnderstood):
        async with study_to_fill(machine, "01950000-0000-7000-8000-000000000001"):
            raise NotUnderstood("It can't be read.")
    assert await begun(machine) == [mine]
    assert [row.id for row in await list_studies(machine)] == [mine]
    again = await open_study(machine, write=False)
    assert again.store.project == mine
    await again.close()


async def test_a_study_that_came_in_is_one_like_any_other(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    study = "01950000-0000-7000-8000-000000000001"
    async with study_to_fill(machine, study) as work:
        await Capture(work).begin(title="Rain")
        await Capture(work).note("lamps")
    assert await begun(machine) == [study]
    assert not (tmp_path / "studies" / study / "filling.json").exists()


async def test_what_one_process_remembers_takes_nothing_from_what_another_kept(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    first = await new_study(machine, title="A", zone="UTC", first_day="2025-03-16", days=1)
    second = await new_study(machine, title="B", zone="UTC", first_day="2025-03-16", days=1)
    writers = {work.store.project: work.store.own_writers for work in (first, second)}
    await second.close()
    await first.device.prefer("language", "zh")
    kept = await Device.load(machine)
    assert (kept.writers, kept.preferences) == (writers, {"language": "zh"})
    await first.close()


async def test_who_remembers_a_removed_study_does_not_bring_its_writers_back(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    work = await new_study(machine, title="B", zone="UTC", first_day="2025-03-16", days=1)
    await work.close()
    remembers = await Device.load(machine)
    await remove_study(machine, work.store.project, "B")
    await remembers.prefer("language", "zh")
    assert (await Device.load(machine)).writers == {}


async def test_what_is_not_here_comes_under_other_writers_than_those_remembered(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    work = await new_study(machine, title="B", zone="UTC", first_day="2025-03-16", days=1)
    writers = work.store.own_writers
    await work.close()
    shutil.rmtree(tmp_path / "studies")
    back = await open_study(machine, work.store.project, write=True)
    assert not set(writers.values()) & set(back.store.own_writers.values())
    await back.close()
