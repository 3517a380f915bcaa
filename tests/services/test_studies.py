"""A new study: its days are there at once, and a slip is told before anything is made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.capture import Capture
from fieldlog.services.machine import laptop
from fieldlog.services.open import open_study
from fieldlog.services.studies import list_studies, new_study
from tests.services.test_capture import FakeClock


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


async def test_studies_are_listed_with_the_one_opened_last_first(tmp_path: Path) -> None:
    machine = replace(laptop(tmp_path), clock=FakeClock())
    for title in ("A", "B"):
        work = await new_study(machine, title=title, zone="UTC", first_day="2025-03-16", days=1)
        await Capture(work).note(title)
        await work.close()
    assert [(row.title, row.entries, row.current) for row in await list_studies(machine)] == [
        ("B", 1, True), ("A", 1, False),
    ]  # fmt: skip
