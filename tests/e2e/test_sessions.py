"""Sessions in two taps from the plan, three out of hand; a night that goes on past midnight and its boundary."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fieldlog.model.register import Person, Place
from fieldlog.model.session import PlannedSession
from fieldlog.services.machine.machine import laptop
from fieldlog.services.rows import entries
from fieldlog.services.study.studies import new_study, open_study
from moments import ahead_by
from tests.e2e.app import RunningApp, Window, running_app, window
from tests.services.day.test_callsheet import workbook

pytestmark = pytest.mark.clock

DRAWN_SECONDS = 1.0
"""A sheet is in the semantics before it is on the picture."""

SHANGHAI = "Asia/Shanghai"
WORDS = {
    "en": {"may": "notes only", "still": "Still PD14?", "place": "Car park", "counts": "1 day · 1 session"},
    "zh": {"may": "仅笔记", "still": "还算 PD14？", "place": "停车场", "counts": "1 天 · 1 个时段"},
}  # fmt: skip


async def a_study(data: Path, first: date, today: date) -> str:
    """A study whose plan has an office scene today, with somebody and somewhere; the id of that in the plan."""
    machine = laptop(data)
    work = await new_study(machine, title="竖屏的日子", zone=SHANGHAI, first_day=first.isoformat(), days=28)
    place = Place(id=machine.new_id(), code="L05", name="Car park", name_zh="停车场")
    person = Person(id=machine.new_id(), code="P01", pseudonym="Qiao", pseudonym_zh="乔制片")
    plan = PlannedSession(
        id=machine.new_id(), date=today.isoformat(), at="16:00", title="办公室 Office", type="shoot",
        place=place.id, people=(person.id,),
    )  # fmt: skip
    await work.save([work.op(one) for one in (place, person, plan)])
    await work.close()
    return plan.id


def today_in_shanghai() -> date:
    """The production date that the app will say it is."""
    return (datetime.now(UTC) + timedelta(hours=8 - 6)).date()


@pytest.mark.parametrize("spoken", ["en", "zh"])
async def test_two_taps_from_the_plan_and_three_out_of_hand(tmp_path: Path, spoken: str, shots: Path) -> None:
    words, today = WORDS[spoken], today_in_shanghai()
    plan = await a_study(tmp_path, today, today)
    environment = {"FIELDLOG_LANG": spoken, "TZ": SHANGHAI}
    async with running_app(tmp_path, environment=environment) as app, window(app.url) as win:
        await win.find(f"plan-now-{plan}").wait_for(state="attached")
        await win.shot(shots / f"sessions-empty-{spoken}.png")
        win.taps = 0
        await win.tap("now-session")
        await win.find(f"plan-sheet-{plan}").wait_for(state="attached")
        await asyncio.sleep(DRAWN_SECONDS)
        await win.shot(shots / f"sessions-sheet-{spoken}.png")
        await win.tap(f"plan-sheet-{plan}")
        await win.find("now-may").wait_for(state="attached")
        await win.see(words["place"])
        await win.see(words["may"])
        assert win.taps <= 2
        await win.shot(shots / f"sessions-begun-{spoken}.png")

        win.taps = 0
        await win.tap("now-session")
        await win.type("session-title", "走廊里 corridor")
        await win.tap("session-start-informal")
        await win.see(re.compile("走廊里 corridor"))
        assert win.taps + 1 <= 3, "with the tap into the field"

        win.taps = 0
        await win.tap("now-session")
        await win.tap("session-start-meeting")
        assert win.taps <= 3
        await win.gone("走廊里")

        await win.tap("now-may")
        await win.tap("here-add-P01")
        await win.find("here-P01").wait_for(state="attached")
        await win.shot(shots / f"sessions-may-{spoken}.png")
        await win.tap("sheet-close")
        assert not await win.has("notice"), app.words()
        assert win.errors == []


@pytest.mark.parametrize("spoken", ["en", "zh"])
async def test_a_call_sheet_from_a_file_is_shown_and_taken_in(tmp_path: Path, spoken: str, shots: Path) -> None:
    words, today = WORDS[spoken], today_in_shanghai()
    await a_study(tmp_path, today, today)
    sheet = tmp_path / "通告单.xlsx"
    line = [today.isoformat(), "25:10", "夜戏 rooftop", "P01、张三"]
    sheet.write_bytes(workbook(["日期", "开始", "安排", "演员"], line))
    environment = {"FIELDLOG_LANG": spoken, "TZ": SHANGHAI}
    async with running_app(tmp_path, environment=environment) as app, window(app.url) as win:
        await win.tap("now-day")
        await win.shot(shots / f"sessions-day-{spoken}.png")
        async with win.page.expect_file_chooser() as chosen:
            await win.tap("plan-import")
        await (await chosen.value).set_files(sheet)
        await win.see(words["counts"])
        await win.see("张三")
        await win.shot(shots / f"sessions-plan-{spoken}.png")
        await win.tap("plan-take")
        await win.tap("now-session")
        await win.see("夜戏 rooftop")
        assert win.errors == []


async def again_at(moment: datetime, app: RunningApp, environment: dict[str, str]) -> None:
    """Start the app anew, its clocks further ahead."""
    await app.stop()
    environment |= ahead(moment)
    await app.start()


def ahead(moment: datetime) -> Mapping[str, str]:
    """What lets the clocks of a process, wall and counter alike, be at a moment later than ours now."""
    seconds = (moment - datetime.now(UTC)).total_seconds()
    assert seconds > 0
    return ahead_by(seconds)


@pytest.mark.parametrize("spoken", ["en", "zh"])
async def test_a_night_past_midnight_needs_no_tap_and_the_wrap_one(
    tmp_path: Path, spoken: str, shots: Path, tool: Callable[[str], Path]
) -> None:
    tool("faketime")
    words, first = WORDS[spoken], today_in_shanghai() + timedelta(days=2)
    day = first + timedelta(days=13)
    midnight = datetime.fromisoformat(f"{day.isoformat()}T00:00+08:00")
    plan = await a_study(tmp_path, first, day)
    environment = {"FIELDLOG_LANG": spoken, "TZ": SHANGHAI, **ahead(midnight + timedelta(hours=16))}
    async with running_app(tmp_path, environment=environment) as app, window(app.url) as win:
        await win.tap("now-session")
        await win.tap(f"plan-sheet-{plan}")
        await note(win, "at four")

        await again_at(midnight + timedelta(hours=25, minutes=10), app, environment)
        await win.go(app.url)
        await win.see(re.compile(r"25:1\d"))
        await win.see(re.compile(r"01:1\d \+1"))
        win.taps = 0
        await note(win, "past one")
        await win.see("PD14")
        assert win.taps == 0
        await win.shot(shots / f"sessions-midnight-{spoken}.png")

        await again_at(midnight + timedelta(hours=30, minutes=2), app, environment)
        await win.go(app.url)
        await win.see(words["still"])
        assert not await win.has("sheet")
        await note(win, "past six")
        await win.shot(shots / f"sessions-still-{spoken}.png")
        win.taps = 0
        await win.tap("now-wrap")
        assert win.taps <= 1
        await win.gone(words["still"])
        await again_at(midnight + timedelta(hours=34), app, environment)
        await win.go(app.url)
        await note(win, "the next day")
        await win.see("PD15")
        assert win.errors == []
        await app.stop()
    machine = laptop(tmp_path)
    work = await open_study(machine, None, write=False)
    days = {row["text"]: row["day"] for one in ("PD14", "PD15") for row in entries.day(work.store, one)}
    suspect = [row["text"] for one in ("PD14", "PD15") for row in entries.day(work.store, one) if row["suspect"]]
    await work.close()
    assert days == {"at four": "PD14", "past one": "PD14", "past six": "PD14", "the next day": "PD15"}
    assert suspect == []


async def note(win: Window, text: str) -> None:
    """Write without a tap: the field has the keys."""
    await win.find("now-field").wait_for(state="attached")
    await asyncio.sleep(DRAWN_SECONDS)
    await win.keys(text)
    await win.see(text)
    await win.page.keyboard.press("Control+Enter")
    await win.see(re.compile(rf"\d\d:\d\d, .*{text}"))
